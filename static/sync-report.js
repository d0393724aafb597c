/** "Sounds off": tells the curator which cover, where, and against which other one it was heard. */

import { post } from './api.js';
import { words } from './words.js';

/**
 * What is wrong where: the cover that sounds, or, while the Reference sounds, the one before it.
 * @param {import('./ensemble.js').Ensemble} ensemble
 */
export function reportOf({ master, heard, pieces, reference_s }) {
  const earlier = heard.map(({ id }) => id).reverse().find((id) => id !== master.piece?.id);
  const before = pieces.find(({ id }) => id === earlier) ?? null;
  const isReference = master.piece?.isReference ?? true;
  const [cover, other] = isReference ? [before, master.piece] : [master.piece, before];
  if (cover === null || cover.isReference || reference_s === null) return null;
  const cover_s = cover === master.piece
    ? cover.recordedAt(master.player.position_s)
    : cover.natural.map?.firstCoverAt(reference_s) ?? null;
  if (cover_s === null) return null;
  return {
    cover_id: cover.id,
    other_id: other?.id ?? null,
    reference_ms: Math.round(reference_s * 1000),
    cover_ms: Math.round(cover_s * 1000),
  };
}

/**
 * @param {import('./ensemble.js').Ensemble} ensemble
 * @param {typeof post} send
 */
export async function reportSync(ensemble, send = post) {
  const report = reportOf(ensemble);
  if (report === null) return ensemble.say(words.reportNothing);
  try {
    const { ok, status } = await send('sync-reports', report);
    return ensemble.say(ok ? words.reported : words.reportFailed(status));
  } catch {
    return ensemble.say(words.offline);
  }
}
