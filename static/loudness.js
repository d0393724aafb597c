/**
 * Covers as loud as each other: two that play the same part of the song at the same time are
 * compared, so that a quiet verse says nothing about how loud a cover is.
 *
 * What is compared is the power after the weighting of ITU-R BS.1770; levels are decibels above
 * the song's Reference. Pure: powers in, gains out.
 */

/** Less than this is not trusted yet. */
const ENOUGH_S = 0.8;
const FORGET_AFTER_S = 20;
const LOUDEST_GAIN_DB = 6;
const SOFTEST_GAIN_DB = -18;
/** Nothing quieter than this says how loud a recording is: -60 dB of full scale. */
const SILENCE = 1e-6;

/** How loud one recording is, compared with others of its song. */
export class Level {
  #weight_s = 0;
  #own = 0;
  /** Of the others, as if they were as loud as the Reference: they change. */
  #other = 0;

  /** @type {number | null} decibels above the Reference */
  #known_db = null;

  /** @param {number | null} [known_db] of the Reference: 0 */
  constructor(known_db = null) {
    this.fixed = known_db !== null;
    this.#known_db = known_db;
  }

  /** Decibels above the Reference, `null` while too little has been heard. */
  get db() {
    return this.#known_db;
  }

  /**
   * Both were heard in the same part of the song for a moment.
   * @param {number} own mean square
   * @param {number} other mean square of the recording it is compared with
   * @param {Level} level of that recording
   * @param {number} duration_s
   */
  compare(own, other, level, duration_s) {
    if (this.fixed || own < SILENCE || other < SILENCE) return;
    const keep = this.#weight_s > FORGET_AFTER_S ? 1 - duration_s / FORGET_AFTER_S : 1;
    this.#own = this.#own * keep + own * duration_s;
    const asReference = other / 10 ** ((level.db ?? 0) / 10);
    this.#other = this.#other * keep + asReference * duration_s;
    this.#weight_s += duration_s;
    if (this.#weight_s < ENOUGH_S) return;
    this.#known_db = 10 * Math.log10(this.#own / this.#other);
  }

  /** Factor that makes it as loud as the Reference, within reason. */
  get gain() {
    const gain_db = Math.max(SOFTEST_GAIN_DB, Math.min(LOUDEST_GAIN_DB, -(this.#known_db ?? 0)));
    return 10 ** (gain_db / 20);
  }
}

/** @param {Float32Array} samples */
export function meanSquare(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return sum / (samples.length || 1);
}
