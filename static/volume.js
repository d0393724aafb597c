/** How loud it is: a slider, a mute button and the device's memory of both. */

import { recall, remember } from './device.js';
import { byId } from './dom.js';
import { words } from './words.js';

export class Volume {
  muted = false;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./scope.js').Scope} scope
   * @param {(text: string) => void} say
   */
  constructor(stage, scope, say) {
    this.stage = stage;
    this.say = say;
    this.slider = /** @type {HTMLInputElement} */ (byId('volume'));
    this.slider.value = String(recall('volume', 1));
    scope.on(this.slider, 'input', () => this.change(0));
    scope.on(byId('mute'), 'click', () => this.toggle());
  }

  /** The sound exists only after the first gesture; bring it to what was set before. */
  apply() {
    this.stage.mixer?.setVolume(this.muted ? 0 : Number(this.slider.value));
    byId('mute').setAttribute('aria-pressed', String(this.muted));
    remember('volume', Number(this.slider.value));
  }

  toggle() {
    this.muted = !this.muted;
    this.apply();
    if (this.muted) this.say(words.muted);
  }

  /** @param {number} step */
  change(step) {
    const volume = Math.max(0, Math.min(1, Number(this.slider.value) + step));
    this.slider.value = String(volume);
    this.muted = false;
    this.apply();
  }
}
