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
/** Somebody who has looked for the beat so long will not find it. */
const PATIENCE_S = 12;

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

  last_seek_s = -Infinity;
  seek_latency_s = FIRST_GUESS_S;

  /** Standing by for the next pass: nobody moves it. */
  reserved = false;

  /** It followed for long without coming into step: it says so, and makes room. */
  isUnsteady = false;

  #soughtWhileMoving = false;

  /** @type {number | null} since when it has followed without being near */
  #lostSince_s = null;

  /** @param {import('./player-adapter.js').PlayerAdapter} player */
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

  /** @param {import('./repertoire.js').Piece} piece */
  load(piece) {
    this.expect(piece);
    this.back_s = null;
    this.isUnsteady = false;
    this.#lostSince_s = null;
    this.reserved = false;
    this.last_seek_s = -Infinity;
    this.player.load(/** @type {string} */ (piece.address), piece.still);
  }

  clear() {
    this.piece = null;
    this.state = 'empty';
    this.reserved = false;
    this.player.unload();
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

  /** Not quite in step, but hardly anybody would notice. */
  get isNear() {
    return this.state === 'following' && this.error_s !== null && Math.abs(this.error_s) < NEAR_S;
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
    if (this.isNear) {
      this.#lostSince_s = null;
      this.isUnsteady = false;
    }
    this.#lostSince_s ??= this.isNear ? null : now_s;
    if (this.#lostSince_s !== null && now_s - this.#lostSince_s > PATIENCE_S) this.isUnsteady = true;
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
