/**
 * Through what our own recordings sound: media elements, or decoded buffers where elements cannot
 * be nudged. Measured once per device, but where the engine is known to answer such a measurement
 * better than it plays; `?audio=buffers` and `?audio=elements` say it outright.
 */

import { recall, remember } from './device.js';
import { Html5Player } from './player-adapter.js';

const KEY = 'audio-path';

/** What plays our own recordings in this browser. @returns {Promise<typeof Html5Player>} */
export async function choosePlayer() {
  const asked = new URLSearchParams(location.search).get('audio');
  let path = asked ?? (isWebKit() ? 'buffers' : recall(KEY, ''));
  if (path === '') {
    path = await (await import('./audio-probe.js')).measure();
    if (path !== '') remember(KEY, path);
  }
  return path === 'buffers' ? (await import('./buffer-player.js')).BufferPlayer : Html5Player;
}

/**
 * WebKit reports that elements follow a nudge, and Safari's sound is 100 ms and more off then;
 * WebKitGTK 2.50 reports no data for the next moment of a film at another rate than 1 (to be seen
 * with `?audio=elements`). Every browser on that engine, and none else, names this vendor.
 */
function isWebKit() {
  return navigator.vendor === 'Apple Computer, Inc.';
}
