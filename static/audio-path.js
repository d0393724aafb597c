/**
 * Through what our own recordings sound: media elements, or decoded buffers where elements cannot
 * be nudged. Measured once per device, not guessed by the browser's name; `?audio=buffers` and
 * `?audio=elements` say it outright.
 */

import { recall, remember } from './device.js';
import { Html5Player } from './player-adapter.js';

const KEY = 'audio-path';

/** What plays our own recordings in this browser. @returns {Promise<typeof Html5Player>} */
export async function choosePlayer() {
  const asked = new URLSearchParams(location.search).get('audio');
  let path = asked ?? recall(KEY, '');
  if (path === '') {
    path = await (await import('./audio-probe.js')).measure();
    if (path !== '') remember(KEY, path);
  }
  return path === 'buffers' ? (await import('./buffer-player.js')).BufferPlayer : Html5Player;
}
