/** A recording that cannot be played is replaced; when it was the one that sounds, another leads. */

import { SIDES } from './stage.js';
import { words } from './words.en.js';

/** @typedef {import('./stage.js').Deck} Deck */

export class Troubles {
  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./casting.js').Casting} casting
   * @param {import('./hand-over.js').HandOver} handOver
   */
  constructor(stage, casting, handOver) {
    this.stage = stage;
    this.casting = casting;
    this.handOver = handOver;
  }

  /** @param {Deck} deck */
  async replace(deck) {
    const { stage } = this;
    const { piece } = deck;
    if (piece === null) return;
    piece.failed = true;
    stage.say(words.failedReplaced(piece.name));
    if (deck === stage.master) this.#leaveMaster();
    await this.casting.cast(deck);
    stage.tell('slots');
  }

  /** Go on with whoever is there. */
  #leaveMaster() {
    const { slots } = this.stage;
    const side = SIDES.find((each) => slots[each].state === 'following');
    if (side === undefined) return;
    this.handOver.finish();
    this.handOver.insteadOfBroken(side);
  }
}
