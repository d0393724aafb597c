/** Fixed beats: pairs of reference time and cover time. Pure; the page's text box holds them. */

/** @typedef {{reference_s: number, cover_s: number}} Anchor */

/** Anchors closer than this in the cover say nothing that one of them does not. */
export const LEAST_GAP_S = 0.2;

/**
 * @param {string} text one a line: reference time, cover time
 * @returns {Anchor[]}
 */
export function readAnchors(text) {
  return text.split('\n').flatMap((line) => {
    const [reference_s, cover_s] = line.trim().split(/[\s,]+/).map(readTime);
    const usable = reference_s !== undefined && cover_s !== undefined
      && Number.isFinite(reference_s) && Number.isFinite(cover_s);
    return usable ? [{ reference_s, cover_s }] : [];
  });
}

/** @param {string} text seconds, or minutes:seconds */
function readTime(text) {
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part || NaN), 0);
}

/** @param {Anchor[]} anchors */
export function writeAnchors(anchors) {
  return anchors.map((each) => `${each.reference_s.toFixed(3)} ${each.cover_s.toFixed(3)}`).join('\n');
}

/**
 * With one more, in the order of the cover; it replaces those that it contradicts by nearness.
 * @param {Anchor[]} anchors
 * @param {Anchor} added
 */
export function withAnchor(anchors, added) {
  return [...anchors.filter((each) => Math.abs(each.cover_s - added.cover_s) >= LEAST_GAP_S
    && each.reference_s !== added.reference_s), added]
    .sort((one, other) => one.cover_s - other.cover_s);
}

/**
 * Taps on consecutive beats of the reference, beginning with one of them.
 * @param {number[]} beats_s of the reference
 * @param {number} first index of the first beat that is tapped
 * @param {number[]} taps_s in cover time
 * @returns {Anchor[]}
 */
export function anchorsOfTaps(beats_s, first, taps_s) {
  return taps_s.flatMap((cover_s, tap) => {
    const reference_s = beats_s[first + tap];
    return reference_s === undefined ? [] : [{ reference_s, cover_s }];
  });
}

/**
 * Index of the beat that is nearest to a time.
 * @param {number[]} beats_s
 * @param {number} time_s
 */
export function nearestBeat(beats_s, time_s) {
  let nearest = 0;
  for (let beat = 1; beat < beats_s.length; beat += 1) {
    if (Math.abs(beats_s[beat] - time_s) < Math.abs(beats_s[nearest] - time_s)) nearest = beat;
  }
  return nearest;
}
