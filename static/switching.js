/** When a switch may sound. Pure: positions in, moments out. */

/** @typedef {import('./time-map.js').TimeMap} TimeMap */
/** @typedef {{wait_s: number, reference_s: number, on: 'beat' | 'half-beat' | 'now'}} Moment */

/** Less notice than this and the fade could not be scheduled safely. */
export const LEAD_S = 0.08;
/** A beat further away than this feels like a key that did nothing. */
export const PATIENCE_S = 0.6;

/**
 * The next beat of the sounding cover; the next half-beat when that beat is too far away.
 * @param {TimeMap} map of the sounding cover
 * @param {number} position_s its position
 * @param {number[]} beats_s of the reference
 * @param {number} lead_s notice that who comes needs
 * @returns {Moment}
 */
export function nextMoment(map, position_s, beats_s, lead_s = LEAD_S) {
  const now = { wait_s: lead_s, reference_s: map.referenceAt(position_s) ?? 0, on: 'now' };
  const beat = firstAfter(map, position_s, beats_s, lead_s);
  if (beat !== null && (beat.wait_s <= PATIENCE_S || lead_s > LEAD_S)) return { ...beat, on: 'beat' };
  const half = firstAfter(map, position_s, middles(beats_s), lead_s);
  if (half !== null && (beat === null || half.wait_s < beat.wait_s)) {
    return half.wait_s <= 2 * PATIENCE_S ? { ...half, on: 'half-beat' } : /** @type {Moment} */ (now);
  }
  if (beat !== null && beat.wait_s <= 2 * PATIENCE_S) return { ...beat, on: 'beat' };
  return /** @type {Moment} */ (now);
}

/**
 * The last beat before the sounding cover leaves the song, `null` when it is too late for one.
 * @param {TimeMap} map
 * @param {number} position_s
 * @param {number[]} beats_s
 * @param {number} left_s
 */
export function lastMoment(map, position_s, beats_s, left_s) {
  const waits = upcoming(map, position_s, beats_s)
    .filter((each) => each.wait_s >= LEAD_S && each.wait_s <= left_s - 0.05);
  return waits.length ? waits[waits.length - 1] : null;
}

/**
 * @param {TimeMap} map
 * @param {number} position_s
 * @param {number[]} times_s
 * @param {number} lead_s
 */
function firstAfter(map, position_s, times_s, lead_s) {
  return upcoming(map, position_s, times_s).find((each) => each.wait_s >= lead_s) ?? null;
}

/**
 * Times of the reference as waits, within the segment that is sounding.
 * @param {TimeMap} map
 * @param {number} position_s
 * @param {number[]} times_s
 */
function upcoming(map, position_s, times_s) {
  const index = map.segmentAt(position_s);
  if (index === null) return [];
  const { reference_s } = map.segments[index];
  const end_s = reference_s[reference_s.length - 1];
  const here_s = map.referenceAt(position_s) ?? 0;
  return times_s
    .filter((time_s) => time_s > here_s && time_s <= end_s)
    .map((time_s) => ({
      reference_s: time_s,
      wait_s: (coverTime(map, index, time_s) ?? position_s) - position_s,
    }));
}

/**
 * @param {TimeMap} map
 * @param {number} index
 * @param {number} reference_s
 */
function coverTime(map, index, reference_s) {
  const [first_s, last_s] = ends(map.segments[index].cover_s);
  return map.coversAt(reference_s).find((cover_s) => cover_s >= first_s && cover_s <= last_s);
}

/** @param {number[]} times_s */
function ends(times_s) {
  return [times_s[0], times_s[times_s.length - 1]];
}

/** @param {number[]} beats_s */
function middles(beats_s) {
  return beats_s.slice(1).map((beat_s, index) => (beat_s + beats_s[index]) / 2);
}
