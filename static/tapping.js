/**
 * How late the sound reaches these ears, from taps along with clicks. Wireless headphones add 100
 * to 300 ms; what is drawn then waits as long. Pure.
 */

const MOST_OFF_S = 0.5;
/** People tap a little before the click they hear. */
export const ANTICIPATION_S = 0.03;
export const ENOUGH_TAPS = 5;
const MOST_LATENCY_S = 0.5;

/**
 * @param {number[]} clicks_s when clicks were sent to the speakers
 * @param {number[]} taps_s on the same clock
 * @returns {number | null} seconds, `null` when the taps are too few or too uneven
 */
export function latencyOf(clicks_s, taps_s) {
  const off_s = taps_s
    .map((tap_s) => tap_s - nearestBefore(clicks_s, tap_s))
    .filter((each) => Math.abs(each) <= MOST_OFF_S)
    .sort((one, other) => one - other);
  if (off_s.length < ENOUGH_TAPS) return null;
  const middle_s = off_s[Math.floor(off_s.length / 2)];
  const spread_s = off_s[Math.floor(off_s.length * 0.75)] - off_s[Math.floor(off_s.length * 0.25)];
  if (spread_s > 0.12) return null;
  return Math.max(0, Math.min(MOST_LATENCY_S, middle_s + ANTICIPATION_S));
}

/**
 * The click a tap belongs to: the last one that is not more than a little later.
 * @param {number[]} clicks_s
 * @param {number} tap_s
 */
function nearestBefore(clicks_s, tap_s) {
  const before = clicks_s.filter((click_s) => click_s <= tap_s + 0.1);
  return before[before.length - 1] ?? Infinity;
}
