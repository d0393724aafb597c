/** Settings of this device: language, cutting at once, calm, and how late the sound arrives. */

import { recall, remember } from './device.js';
import { byId, keepText, make } from './dom.js';
import { ENOUGH_TAPS, latencyOf } from './tapping.js';
import { LANGUAGES, language, words } from './words.js';

const CLICKS = 10;
const CLICK_EVERY_S = 0.75;

export class SettingsView {
  /** @type {number[]} */
  #clicks_s = [];

  /** @type {number[]} */
  #taps_s = [];

  /**
   * @param {import('./ensemble.js').Ensemble} ensemble
   * @param {import('./stage-view.js').StageView} view
   * @param {import('./scope.js').Scope} scope
   */
  constructor(ensemble, view, scope) {
    this.ensemble = ensemble;
    this.view = view;
    this.view.latency_s = recall('latency_s', 0);
    const chooser = /** @type {HTMLSelectElement} */ (byId('language'));
    chooser.replaceChildren(...Object.entries(LANGUAGES).map(([code, name]) =>
      make('option', { value: code, lang: code, selected: code === language, text: name })));
    scope.on(chooser, 'change', () => {
      remember('language', chooser.value);
      location.search = `language=${chooser.value}`;
    });
    scope.on(byId('tap'), 'click', () => this.#tap());
    scope.on(byId('latency-reset'), 'click', () => this.#set(0));
    this.#say();
  }

  /** The first tap starts the clicks; the others are measured. */
  #tap() {
    const context = this.ensemble.mixer?.context;
    if (context === undefined) return keepText(byId('latency'), words.latencyPlayFirst);
    const now_s = context.currentTime;
    if (this.#clicks_s.length === 0 || now_s > this.#clicks_s[this.#clicks_s.length - 1] + 1) {
      return this.#start(context);
    }
    this.#taps_s.push(now_s);
    const left = ENOUGH_TAPS + 2 - this.#taps_s.length;
    if (left > 0) return keepText(byId('latency'), words.latencyTap(left));
    const latency_s = latencyOf(this.#clicks_s, this.#taps_s);
    this.#clicks_s = [];
    if (latency_s === null) return keepText(byId('latency'), words.latencyUneven);
    return this.#set(latency_s);
  }

  /** @param {AudioContext} context */
  #start(context) {
    if (this.ensemble.playing) this.ensemble.pause();
    const first_s = context.currentTime + 0.5;
    this.#clicks_s = Array.from({ length: CLICKS }, (_, index) => first_s + index * CLICK_EVERY_S);
    this.#taps_s = [];
    for (const at_s of this.#clicks_s) click(context, at_s);
    keepText(byId('latency'), words.latencyTap(ENOUGH_TAPS + 2));
  }

  /** @param {number} latency_s */
  #set(latency_s) {
    this.view.latency_s = latency_s;
    remember('latency_s', latency_s);
    this.#say();
  }

  #say() {
    keepText(byId('latency'), words.latencyNow(Math.round(this.view.latency_s * 1000)));
    byId('latency-reset').toggleAttribute('hidden', this.view.latency_s === 0);
  }
}

/**
 * @param {AudioContext} context
 * @param {number} at_s
 */
function click(context, at_s) {
  const tone = context.createOscillator();
  const fader = context.createGain();
  tone.frequency.value = 1500;
  fader.gain.setValueAtTime(0.4, at_s);
  fader.gain.exponentialRampToValueAtTime(0.001, at_s + 0.04);
  tone.connect(fader).connect(context.destination);
  tone.start(at_s);
  tone.stop(at_s + 0.05);
}
