/** A jump within the song. Followers find their own places. */

import { words } from './words.js';

/** @typedef {import('./stage.js').Deck} Deck */

const SEEK_PATIENCE_MS = 800;

export class Seeking {
  #stopWaiting = () => {};

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./hand-over.js').HandOver} handOver
   */
  constructor(stage, handOver) {
    this.stage = stage;
    this.handOver = handOver;
  }

  /** @param {number} reference_s */
  to(reference_s) {
    const { stage } = this;
    this.handOver.finish();
    const deck = stage.whoPlays(reference_s);
    if (deck === null) return stage.say(words.missingHere);
    const side = stage.sideOf(deck);
    stage.mixer?.duck();
    if (side !== null) this.handOver.now(side);
    deck.goTo(reference_s);
    stage.tell('sought', reference_s);
    if (stage.playing && deck.player.paused) void deck.player.play(); // it had reached its end
    return this.#unduckWhenThere(deck);
  }

  /** @param {Deck} deck */
  #unduckWhenThere(deck) {
    const { stage } = this;
    this.#stopWaiting();
    const arrive = () => {
      this.#stopWaiting();
      if (stage.playing) stage.mixer?.unduck();
    };
    const off = stage.scope.after(SEEK_PATIENCE_MS, arrive);
    deck.player.onSought(arrive);
    this.#stopWaiting = () => {
      off();
      deck.player.onSought(() => {});
    };
  }
}
