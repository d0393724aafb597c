/** A fan's wish: who is on a side becomes the centre, as soon as it is in step. */

import { words } from './words.js';

/**
 * @typedef {import('./stage.js').Deck} Deck
 * @typedef {import('./stage.js').Side} Side
 */

const WISH_S = 3;
/** So much more for who has to be fetched first. */
const FETCH_S = 6;
/** With so much of that left, nearly in step is good enough. */
const PATIENT_S = 2;

export class Wishes {
  /** @type {{deck: Deck, until_s: number} | null} */
  #wish = null;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./hand-over.js').HandOver} handOver
   */
  constructor(stage, handOver) {
    this.stage = stage;
    this.handOver = handOver;
  }

  get isOpen() {
    return this.#wish !== null;
  }

  /**
   * @param {Side} side
   * @param {boolean} isNew whether it has only just been put there
   */
  make(side, isNew = false) {
    const { stage } = this;
    const deck = stage.slots[side];
    if (deck.piece === null) return stage.say(words.nobody);
    if (deck.isMissing) return stage.say(`${deck.piece.name}: ${words.missingHere}`);
    const isFetching = deck.want() || isNew;
    if (isFetching) stage.say(words.loading);
    this.#wish = { deck, until_s: stage.now_s() + WISH_S + (isFetching ? FETCH_S : 0) };
    return this.grant();
  }

  /** Fulfil the wish if the wanted player is in step and no switch is under way. */
  grant() {
    if (this.#wish === null || this.handOver.isUnderWay) return;
    const { deck, until_s } = this.#wish;
    const left_s = until_s - this.stage.now_s();
    const side = this.stage.sideOf(deck);
    const isLate = left_s < 0;
    const isReady = this.#isReady(deck, left_s);
    if (side === null || isLate || isReady) this.#wish = null;
    if (side !== null && isReady && deck.state === 'resting') this.handOver.atOnce(side);
    else if (side !== null && isLate) this.stage.say(words.loading);
    else if (side !== null && isReady) this.handOver.onBeat(side);
  }

  /**
   * @param {Deck} deck
   * @param {number} left_s
   */
  #isReady(deck, left_s) {
    if (!this.stage.playing) return deck.map !== null;
    if (deck.state === 'waiting') return true;
    if (deck.canTakeOver) return left_s < PATIENT_S;
    if (this.stage.instant) return deck.isNear;
    return deck.isInStep || (deck.isNear && left_s < PATIENT_S);
  }
}
