/**
 * The warp plot: cover time over reference time, coloured by how sure the map is. The emblem of
 * the whole product; `webapp/warp_plot.py` draws the same on the server.
 */

import { makeSvg } from './dom.js';

/** @typedef {import('./time-map.js').TimeMap} TimeMap */

const SIZE = 100;
const MARGIN = 6;
const MOST_KNOTS = 60;

/** @param {number} confidence */
export function kindOf(confidence) {
  if (confidence >= 0.75) return 'sure';
  return confidence >= 0.4 ? 'fair' : 'weak';
}

/**
 * @param {TimeMap} map
 * @param {number} duration_s of the reference
 */
export function drawWarpPlot(map, duration_s) {
  const first_s = map.segments[0]?.cover_s[0] ?? 0;
  const last_s = map.segments.at(-1)?.cover_s.at(-1) ?? 1;
  const strokes = map.segments.map((segment) => {
    const every = Math.max(1, Math.floor(segment.cover_s.length / MOST_KNOTS));
    const points = segment.cover_s.flatMap((cover_s, knot) => {
      if (knot % every !== 0 && knot !== segment.cover_s.length - 1) return [];
      const x = place(segment.reference_s[knot] / duration_s);
      const y = SIZE - place((cover_s - first_s) / (last_s - first_s || 1));
      return [`${x.toFixed(1)} ${y.toFixed(1)}`];
    });
    const mean = segment.confidence.reduce((sum, each) => sum + each, 0)
      / segment.confidence.length;
    return makeSvg('path', { d: `M${points.join('L')}`, class: kindOf(mean) });
  });
  return makeSvg(
    'svg',
    { class: 'warp', viewBox: `0 0 ${SIZE} ${SIZE}`, 'aria-hidden': 'true' },
    ...strokes,
  );
}

/** @param {number} share 0..1 */
function place(share) {
  return MARGIN + (SIZE - 2 * MARGIN) * share;
}

/**
 * Where on the reference's timeline a cover has the song, split where its confidence changes kind.
 * @param {TimeMap} map
 */
export function spansByConfidence(map) {
  return map.segments.flatMap(({ reference_s, confidence }) => {
    /** @type {{start_s: number, end_s: number, kind: string}[]} */
    const spans = [];
    for (let knot = 0; knot + 1 < reference_s.length; knot += 1) {
      const kind = kindOf(Math.min(confidence[knot], confidence[knot + 1]));
      const before = spans.at(-1);
      if (before?.kind === kind) before.end_s = reference_s[knot + 1];
      else spans.push({ start_s: reference_s[knot], end_s: reference_s[knot + 1], kind });
    }
    return spans;
  });
}
