/**
 * What happened on this visit: which covers, how many switches and loops, and the path through
 * the song, pass by pass. Pure; times are handed in.
 */

/** @typedef {{id: number, pass: number, from_s: number, to_s: number}} Stretch reference times */

/** Shorter than this nothing was heard. */
const SHORTEST_MS = 500;

export class Visit {
  switches = 0;
  loops = 0;

  /** @type {Set<number>} */
  covers = new Set();

  /** @type {Stretch[]} */
  path = [];

  /** @type {{id: number, since_s: number} | null} what sounds, and since when on the wall */
  #now = null;

  /**
   * From now on a recording sounds.
   * @param {number} id
   * @param {number} reference_s
   * @param {number} now_s
   * @returns {{id: number, heard_ms: number} | null} what was heard until now
   */
  hear(id, reference_s, now_s) {
    const heard = this.rest(now_s);
    this.covers.add(id);
    this.#now = { id, since_s: now_s };
    this.path.push({ id, pass: this.loops, from_s: reference_s, to_s: reference_s });
    return heard;
  }

  /**
   * Nothing sounds any more.
   * @param {number} now_s
   */
  rest(now_s) {
    if (this.#now === null) return null;
    const { id, since_s } = this.#now;
    this.#now = null;
    const heard_ms = Math.round((now_s - since_s) * 1000);
    return heard_ms < SHORTEST_MS ? null : { id, heard_ms };
  }

  /**
   * The song goes on.
   * @param {number} reference_s
   */
  move(reference_s) {
    const last = this.path.at(-1);
    if (last !== undefined && this.#now !== null && reference_s > last.to_s) last.to_s = reference_s;
  }
}
