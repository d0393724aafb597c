/**
 * Which parts of a recording are decoded, and where a player is whose rate changes. Pure.
 *
 * Three windows per player: what plays and what comes next. Short ones, because a browser decodes
 * each in one piece, at the cost of what sounds meanwhile. Four players, stereo at 48 kHz, hold 23 MB.
 */

export const WINDOW_S = 5;
const WINDOWS = 3;
/** A part that begins so shortly before its window's end would need the next one at once. */
const LEAST_S = 2;

/** @typedef {{from_s: number, to_s: number}} Stretch */

/**
 * The windows that a player at a position needs, in order.
 * @param {number} position_s
 * @param {number} duration_s
 * @returns {Stretch[]}
 */
export function windowsAt(position_s, duration_s) {
  const first = Math.max(0, Math.floor(position_s / WINDOW_S));
  return Array.from({ length: WINDOWS }, (_, index) => (first + index) * WINDOW_S)
    .map((from_s) => ({ from_s, to_s: Math.min(from_s + WINDOW_S, duration_s) }))
    .filter(({ from_s, to_s }) => to_s > from_s);
}

/**
 * Whether a position can be played with these windows for a moment.
 * @param {Stretch[]} windows
 * @param {number} position_s
 * @param {number} duration_s
 */
export function isCovered(windows, position_s, duration_s) {
  const until_s = Math.min(position_s + LEAST_S, duration_s);
  return windowsAt(position_s, duration_s).every((wanted) => wanted.from_s >= until_s
    || windows.some(({ from_s }) => from_s === wanted.from_s));
}

/**
 * Positions by the audio clock, through every change of the rate: pieces of constant rate, each
 * from a moment of that clock on. Before the first one it stands still.
 */
export class RateClock {
  /** @type {{at_s: number, position_s: number, rate: number}[]} */
  #pieces = [];

  /**
   * Begin anew from a moment on.
   * @param {number} at_s
   * @param {number} position_s
   * @param {number} rate
   */
  start(at_s, position_s, rate) {
    this.#pieces = [{ at_s, position_s, rate }];
  }

  /**
   * Go on with another rate from a moment on; what was planned after it is dropped.
   * @param {number} at_s
   * @param {number} rate
   */
  turn(at_s, rate) {
    const position_s = this.positionAt(at_s);
    const earlier = this.#pieces.filter((piece) => piece.at_s < at_s);
    this.#pieces = [...earlier.slice(-2), { at_s, position_s, rate }];
  }

  /** @param {number} at_s */
  positionAt(at_s) {
    const piece = this.#pieces.findLast((each) => each.at_s <= at_s);
    return piece === undefined
      ? this.#pieces[0].position_s
      : piece.position_s + piece.rate * (at_s - piece.at_s);
  }

  /** When it gets to a position, if the last rate stays. @param {number} position_s */
  momentOf(position_s) {
    const last = this.#pieces[this.#pieces.length - 1];
    return last.at_s + (position_s - last.position_s) / last.rate;
  }
}
