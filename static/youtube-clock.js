/**
 * Where a player in a frame is, between the places it tells some four times a second. Pure.
 *
 * The player stamps each place with the moment at which it was there, so what the message itself
 * took does not matter. A player that says it plays and does not advance shows something else,
 * most often an advert: then nothing is guessed.
 */

/** Never guess further ahead than this. */
const MOST_AHEAD_S = 1;
/** Less of its rate than this is standing still. */
const MOVES = 0.3;
/** A place further off than this is a jump, not a doubt. */
const JUMP_S = 0.08;
const TRUST = 0.4;

export class YouTubeClock {
  #position_s = 0;
  #at_s = 0;
  #rate = 1;

  /** @type {number | null} since when it has stood still, `null` while it advances */
  #still_s = null;

  runs = false;

  /**
   * It is there, and nothing before that counts.
   * @param {number} position_s
   * @param {number} now_s
   */
  set(position_s, now_s) {
    this.#position_s = position_s;
    this.#at_s = now_s;
    this.#still_s = null;
  }

  /**
   * It says whether it plays.
   * @param {boolean} runs
   * @param {number} now_s
   */
  run(runs, now_s) {
    if (runs === this.runs) return;
    this.set(this.positionAt(now_s), now_s);
    this.runs = runs;
  }

  /**
   * @param {number} rate
   * @param {number} now_s
   */
  setRate(rate, now_s) {
    if (rate === this.#rate) return;
    const still_s = this.#still_s;
    this.set(this.positionAt(now_s), now_s);
    this.#still_s = still_s;
    this.#rate = rate;
  }

  /**
   * It was at a place at a moment.
   * @param {number} position_s
   * @param {number} at_s
   */
  note(position_s, at_s) {
    const since_s = at_s - this.#at_s;
    if (since_s <= 0) return;
    const advanced_s = position_s - this.#position_s;
    const moves = Math.abs(advanced_s) > MOVES * this.#rate * since_s;
    if (this.runs && !moves) this.#still_s ??= this.#at_s;
    else this.#still_s = null;
    const doubt_s = position_s - this.#position_s - (this.runs && moves ? since_s * this.#rate : 0);
    const kept_s = Math.abs(doubt_s) < JUMP_S ? (1 - TRUST) * doubt_s : 0;
    this.#position_s = position_s - kept_s;
    this.#at_s = at_s;
  }

  /** @param {number} now_s */
  positionAt(now_s) {
    if (!this.runs || this.#still_s !== null) return this.#position_s;
    const since_s = Math.max(0, Math.min(now_s - this.#at_s, MOST_AHEAD_S));
    return this.#position_s + since_s * this.#rate;
  }

  /** How long it has claimed to play without advancing. @param {number} now_s */
  stillFor(now_s) {
    return this.#still_s === null ? 0 : now_s - this.#still_s;
  }
}
