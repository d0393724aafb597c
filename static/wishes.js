/** A fan's wish: what is on a side becomes the centre, as soon as it is in step. */

import { words } from './words.en.js';

/** @typedef {import('./stage.js').Side} Side */

const WISH_S = 3;
/** With so much of that left, nearly in step is good enough. */
const PATIENT_S = 2;

export class Wishes {
  /** @type {{side: Side, until_s: number} | null} */
  #wish = null;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./hand-over.js').HandOver} handOver
   */
  constructor(stage, handOver) {
    this.stage = stage;
    this.handOver = handOver;
  }

  /** @param {Side} side */
  make(side) {
    const { stage } = this;
    const deck = stage.slots[side];
    if (deck.piece === null) return stage.say(words.nobody);
    if (deck.isMissing) return stage.say(`${deck.piece.name}: ${words.missingHere}`);
    this.#wish = { side, until_s: stage.now_s() + WISH_S };
    return this.grant();
  }

  /** Fulfil the wish if the wanted player is in step and no switch is under way. */
  grant() {
    if (this.#wish === null || this.handOver.isUnderWay) return;
    const { side, until_s } = this.#wish;
    const left_s = until_s - this.stage.now_s();
    if (left_s < 0) {
      this.#wish = null;
      this.stage.say(words.loading);
    } else if (this.#isReady(side, left_s)) {
      this.#wish = null;
      this.handOver.onBeat(side);
    }
  }

  /**
   * @param {Side} side
   * @param {number} left_s
   */
  #isReady(side, left_s) {
    const { playing, slots } = this.stage;
    return !playing || slots[side].isInStep || (slots[side].isNear && left_s < PATIENT_S);
  }
}
