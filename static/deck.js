/** One player with the recording that lies on it, and what is known of how it keeps up. */

import { IN_STEP_S } from './transport.js';

/**
 * @typedef {'empty' | 'loading' | 'resting' | 'waiting' | 'following' | 'absent' | 'sounding'} DeckState
 */

const SMOOTHING = 0.3;
const FIRST_GUESS_S = 0.08;
const LONGEST_SEEK_S = 1.5;
const MOMENT_S = 2;
const NEAR_S = 0.05;
/** How long back it counts whether it kept up, and how much of that it has to be near. */
const MEMORY_S = 12;
const LEAST_NEARNESS = 0.5;
/** Notes further apart than this are about another time. */
const PAUSE_S = 1;

export class Deck {
  /** @type {import('./repertoire.js').Piece | null} */
  piece = null;

  /** @type {import('./channel.js').Channel | null} */
  channel = null;

  /** @type {DeckState} */
  state = 'empty';

  /** How far it is off, smoothed; `null` while that is not known. */
  error_s = /** @type {number | null} */ (null);

  /** Seconds until an absent cover comes in again, `null` when it does not. */
  back_s = /** @type {number | null} */ (null);

  /** How fast it has been told to go. */
  rate = 1;

  last_seek_s = -Infinity;
  seek_latency_s = FIRST_GUESS_S;

  /** Standing by for the next pass: nobody moves it. */
  reserved = false;

  #soughtWhileMoving = false;

  /** Share of the last seconds in which it was near, of those in which it was to follow. */
  #nearness = 1;

  #noted_s = -Infinity;

  /** @param {import('./player-adapter.js').PlayerAdapter & {want?: () => boolean}} player */
  constructor(player) {
    this.player = player;
  }

  /** What to do when it cannot be played. @type {(reason?: import('./youtube-messages.js').Reason) => void} */
  fail = () => {};

  /**
   * Taken for a recording that is still being fetched.
   * @param {import('./repertoire.js').Piece} piece
   */
  expect(piece) {
    this.piece = piece;
    this.state = 'loading';
    this.error_s = null;
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
    this.player.setRate(rate);
  }

  /** @param {import('./repertoire.js').Piece} piece */
  load(piece) {
    this.expect(piece);
    this.back_s = null;
    this.#nearness = 1;
    this.reserved = false;
    this.last_seek_s = -Infinity;
    this.channel?.setLevel(piece.level.gain);
    this.player.load(/** @type {string} */ (piece.address), piece.still);
  }

  clear() {
    this.piece = null;
    this.state = 'empty';
    this.reserved = false;
    this.player.unload();
  }

  /** It is needed soon. @returns {boolean} whether it has to be fetched for that */
  want() {
    const isNew = this.player.want?.() ?? false;
    if (isNew) this.state = 'loading';
    return isNew;
  }

  get map() {
    return this.piece?.map ?? null;
  }

  /** Where in the song it is, `null` outside of it. */
  get reference_s() {
    return this.map?.referenceAt(this.player.position_s) ?? null;
  }

  /** It lacks this part of the song, and not only for a moment. */
  get isMissing() {
    return this.state === 'absent' && (this.back_s === null || this.back_s > MOMENT_S);
  }

  get isInStep() {
    return this.state === 'following' && this.error_s !== null
      && Math.abs(this.error_s) < IN_STEP_S;
  }

  /** It could lead from the next beat on. */
  get canLead() {
    return this.isInStep || this.state === 'waiting';
  }

  /** Who sounds stands still, and this one waits for it at its place. */
  get canTakeOver() {
    return this.state === 'resting' && !this.reserved && this.player.ready;
  }

  /** Not quite in step, but hardly anybody would notice. */
  get isNear() {
    return this.state === 'following' && this.error_s !== null && Math.abs(this.error_s) < NEAR_S;
  }

  /** For long it has been off more often than near: it says so, and makes room. */
  get isUnsteady() {
    return this.#nearness < LEAST_NEARNESS;
  }

  /**
   * Go to the nearest place that plays a moment of the song; stay if there is none.
   * @param {number} reference_s
   */
  goTo(reference_s) {
    const to_s = this.map?.nearestCoverAt(reference_s, this.player.position_s) ?? null;
    if (to_s !== null) this.player.seek(to_s);
  }

  /**
   * @param {number} to_s
   * @param {number} now_s
   * @param {boolean} moving whether the place it looks for moves on meanwhile
   */
  seek(to_s, now_s, moving) {
    this.last_seek_s = now_s;
    this.error_s = null;
    this.#soughtWhileMoving = moving;
    this.player.seek(to_s);
  }

  /**
   * Whether it keeps up; asked at every tick while it is to follow.
   * @param {number} now_s
   */
  noteSteadiness(now_s) {
    const passed_s = now_s - this.#noted_s;
    this.#noted_s = now_s;
    if (passed_s > PAUSE_S) return;
    this.#nearness += (Number(this.isNear) - this.#nearness) * (1 - Math.exp(-passed_s / MEMORY_S));
  }

  /**
   * Take note of a measured error; the first one after a seek teaches how long seeks take.
   * @param {number} error_s positive when late
   */
  noteError(error_s) {
    if (this.#soughtWhileMoving) {
      this.#soughtWhileMoving = false;
      const learned_s = this.seek_latency_s + error_s / 2;
      this.seek_latency_s = Math.max(0, Math.min(LONGEST_SEEK_S, learned_s));
    }
    this.error_s = this.error_s === null
      ? error_s
      : this.error_s + SMOOTHING * (error_s - this.error_s);
  }
}
