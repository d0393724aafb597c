/** A jump within the song. Followers find their own places. */

import { SIDES } from './stage.js';
import { words } from './words.en.js';

/** @typedef {import('./stage.js').Deck} Deck */

const SEEK_PATIENCE_MS = 800;

export class Seeking {
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
    const side = SIDES.find((each) => stage.slots[each] === deck);
    stage.mixer?.duck();
    if (side !== undefined) this.handOver.now(side);
    const map = /** @type {import('./time-map.js').TimeMap} */ (deck.map);
    deck.player.seek(map.nearestCoverAt(reference_s, deck.player.position_s) ?? 0);
    return this.#unduckWhenThere(deck);
  }

  /** @param {Deck} deck */
  #unduckWhenThere(deck) {
    const { stage } = this;
    const late = stage.scope.after(SEEK_PATIENCE_MS, () => stage.mixer?.unduck());
    deck.player.onSought(() => {
      deck.player.onSought(() => {});
      late();
      if (stage.playing) stage.mixer?.unduck();
    });
  }
}
