/**
 * Keeping players together: pure decisions, no clock and no element.
 *
 * The audible cover is the master and plays at rate 1, exactly. Every other player follows it
 * through both time maps: the rate that the slopes ask for, corrected in proportion to the error.
 * Seeking costs tens of milliseconds and starts the error anew, so it is the last resort.
 */

/** @typedef {import('./time-map.js').TimeMap} TimeMap */

export const CORRECTION_PER_S = 2;
export const TRIM = 0.05;
/** A silent player may hurry more the further it is off: nobody hears it. */
export const MOST_TRIM = 0.25;
export const SEEK_ABOVE_S = 1;
export const SEEK_PAUSE_S = 1.5;
const WITH_RATES = { seek_above_s: SEEK_ABOVE_S, seek_pause_s: SEEK_PAUSE_S };
/** So long before its part comes, an absent player is moved there and waits. */
export const PARK_AHEAD_S = 4;
export const SLOWEST = 0.1;
export const FASTEST = 8;
/** Errors below this are what listeners take for together. */
export const IN_STEP_S = 0.015;

/**
 * What followers need to know of the master.
 * @typedef {{
 *   reference_s: number | null, velocity: number, advancing: boolean,
 * }} Lead `velocity` is seconds of reference per second of the clock on the wall
 *
 * What is known of a follower.
 * @typedef {{
 *   map: TimeMap, position_s: number, ready: boolean, last_seek_s: number, seek_latency_s: number,
 *   pace?: Pace | null,
 * }} Follower
 *
 * How somebody is kept near whose rate cannot be changed: by seeks, but not too many.
 * @typedef {{seek_above_s: number, seek_pause_s: number}} Pace
 *
 * @typedef {{kind: 'rest'}} Rest stay where you are until the master moves
 * @typedef {{kind: 'hold'}} Hold still loading: leave it alone
 * @typedef {{kind: 'absent', back_s: number | null, park_s: number | null}} Absent the cover lacks
 *   this part; it is back after `back_s`, and may wait at cover time `park_s`
 * @typedef {{kind: 'seek', to_s: number}} Seek
 * @typedef {{kind: 'follow', rate: number, error_s: number}} Follow
 * @typedef {Rest | Hold | Absent | Seek | Follow} Order
 */

/**
 * What a follower has to do now.
 * @param {Lead} lead
 * @param {Follower} follower
 * @param {number} now_s
 * @returns {Order}
 */
export function decide(lead, follower, now_s) {
  if (lead.reference_s === null) return { kind: 'rest' };
  const target_s = follower.map.nearestCoverAt(lead.reference_s, follower.position_s);
  if (target_s === null) return absence(lead, follower);
  if (!follower.ready) return { kind: 'hold' };
  const rate = followingRate(lead, follower.map, target_s);
  const error_s = target_s - follower.position_s;
  const { seek_above_s, seek_pause_s } = follower.pace ?? WITH_RATES;
  const isFar = Math.abs(error_s) > seek_above_s;
  const isSeekDue = now_s - follower.last_seek_s >= seek_pause_s;
  if (isFar && (isSeekDue || !follower.pace)) {
    if (!isSeekDue) return { kind: 'hold' };
    const ahead_s = lead.advancing ? rate * follower.seek_latency_s : 0;
    return { kind: 'seek', to_s: target_s + ahead_s };
  }
  if (!lead.advancing) return { kind: 'rest' };
  return { kind: 'follow', rate: clampRate(rate * (1 + correction(error_s))), error_s };
}

/**
 * The rate at which a cover keeps up with the master: the ratio of both maps' slopes.
 * @param {Lead} lead
 * @param {TimeMap} map
 * @param {number} cover_s
 */
export function followingRate(lead, map, cover_s) {
  return clampRate(lead.velocity / (map.rateAt(cover_s) ?? 1));
}

/** @param {number} error_s */
export function correction(error_s) {
  const limit = Math.min(MOST_TRIM, Math.max(TRIM, Math.abs(error_s)));
  return Math.max(-limit, Math.min(limit, CORRECTION_PER_S * error_s));
}

/** @param {number} rate */
function clampRate(rate) {
  return Math.max(SLOWEST, Math.min(FASTEST, rate));
}

/**
 * @param {Lead} lead
 * @param {Follower} follower
 * @returns {Absent}
 */
function absence(lead, follower) {
  const reference_s = /** @type {number} */ (lead.reference_s);
  const start_s = nextStart(follower.map, reference_s);
  if (start_s === null) return { kind: 'absent', back_s: null, park_s: null };
  const back_s = (start_s - reference_s) / (lead.velocity || 1);
  const near = back_s < PARK_AHEAD_S;
  return {
    kind: 'absent',
    back_s,
    park_s: near ? follower.map.nearestCoverAt(start_s, follower.position_s) : null,
  };
}

/**
 * Where on the reference's timeline a cover comes in again.
 * @param {TimeMap} map
 * @param {number} reference_s
 * @returns {number | null}
 */
export function nextStart(map, reference_s) {
  const starts = map.segments
    .map((each) => each.reference_s[0])
    .filter((start_s) => start_s > reference_s);
  return starts.length ? Math.min(...starts) : null;
}

const TOUCHING_S = 0.3;

/**
 * How long a cover goes on being the song, from a cover time: seconds, and the reference time
 * at which it ends. `null` where it is not the song now; a moment before it comes in counts.
 * @param {TimeMap} map
 * @param {number} cover_s
 */
export function songLeft(map, cover_s) {
  const first = map.segmentAt(cover_s) ?? map.segments.findIndex(({ cover_s: [start_s] }) =>
    start_s > cover_s && start_s - cover_s <= TOUCHING_S);
  if (first === -1) return null;
  let index = first;
  while (index + 1 < map.segments.length && gapAfter(map, index) <= TOUCHING_S) index += 1;
  const { cover_s: times, reference_s } = map.segments[index];
  return {
    left_s: times[times.length - 1] - cover_s,
    reference_s: reference_s[reference_s.length - 1],
  };
}

/**
 * @param {TimeMap} map
 * @param {number} index
 */
function gapAfter(map, index) {
  const times = map.segments[index].cover_s;
  return map.segments[index + 1].cover_s[0] - times[times.length - 1];
}
