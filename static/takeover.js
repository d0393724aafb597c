/**
 * Autoplay by itself after a while without a hand on anything, and back at the first touch.
 *
 * Who has switched it off means it: then it does not come by itself again on this visit.
 */

import { words } from './words.js';

export const IDLE_MS = 60_000;
/** These keys do nothing alone, or are the way to what is pressed next. */
const NO_ACT = new Set(['Tab', 'Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Escape']);

export class Takeover {
  #refused = false;
  #stopWaiting = () => {};

  /**
   * @param {import('./ensemble.js').Ensemble} ensemble
   * @param {import('./scope.js').Scope} scope
   */
  constructor(ensemble, scope) {
    this.ensemble = ensemble;
    this.scope = scope;
    for (const name of ['playing', 'mix-over']) scope.on(ensemble, name, () => this.wait());
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (NO_ACT.has(event.key) || event.key === 'a') return;
    this.takeBack();
  }

  /** The fan takes part again. */
  takeBack() {
    if (this.ensemble.autoplay) {
      this.ensemble.setAutoplay(false);
      this.ensemble.say(words.autoplayBack);
    }
    this.wait();
  }

  /** By the button. */
  choose() {
    const on = !this.ensemble.autoplay;
    this.#refused = !on;
    this.ensemble.setAutoplay(on);
    this.ensemble.say(on ? words.autoplayOn : words.autoplayOff);
    this.wait();
  }

  /** Begin to count the time without a touch. */
  wait() {
    this.#stopWaiting();
    if (!this.ensemble.playing || this.#refused) return;
    this.#stopWaiting = this.scope.after(IDLE_MS, () => {
      const { autoplay, playing, isHeld } = this.ensemble;
      if (autoplay || !playing || isHeld) return;
      this.ensemble.setAutoplay(true);
      this.ensemble.say(words.autoplayTakesOver);
    });
  }
}
