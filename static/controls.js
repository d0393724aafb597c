/** Buttons and keys of the stage. The words on the buttons come from the words file. */

import { byId, keepText, make } from './dom.js';
import { words } from './words.en.js';

/**
 * @typedef {import('./ensemble.js').Ensemble} Ensemble
 * @typedef {import('./scope.js').Scope} Scope
 */

const VOLUME_STEP = 0.1;
const STORED_VOLUME = 'infinite-covers.volume';
const STORED_CALM = 'infinite-covers.calm';
const SWIPE_PX = 50;

/** Give every element marked with `data-word` or `data-label` its words. */
export function sayWords() {
  const known = /** @type {Record<string, unknown>} */ (words);
  for (const element of document.querySelectorAll('[data-word], [data-label]')) {
    const { word, label } = /** @type {HTMLElement} */ (element).dataset;
    if (word !== undefined) element.textContent = String(known[word]);
    if (label !== undefined) {
      element.setAttribute('aria-label', String(known[label]));
      element.setAttribute('title', String(known[label]));
    }
  }
  byId('keys-list').replaceChildren(...words.keys.flatMap(([keys, meaning]) => [
    make('dt', {}, ...keys.split(' ').map((key) => make('kbd', { text: key }))),
    make('dd', { text: meaning }),
  ]));
}

export class Controls {
  #muted = false;

  /**
   * @param {Ensemble} ensemble
   * @param {import('./stage-view.js').StageView} view
   * @param {Scope} scope
   */
  constructor(ensemble, view, scope) {
    this.ensemble = ensemble;
    this.view = view;
    this.volume = /** @type {HTMLInputElement} */ (byId('volume'));
    this.dialog = /** @type {HTMLDialogElement} */ (byId('keys'));
    this.#buttons(scope);
    this.#keys(scope);
    this.#swipes(scope);
    this.volume.value = localStorage.getItem(STORED_VOLUME) ?? '1';
    this.#setCalm(localStorage.getItem(STORED_CALM) === 'yes'
      || matchMedia('(prefers-reduced-motion: reduce)').matches);
    scope.on(ensemble, 'playing', () => this.#showPlaying());
  }

  /** The sound exists only after the first gesture; bring it to what was set before. */
  applyVolume() {
    this.ensemble.mixer?.setVolume(this.#muted ? 0 : Number(this.volume.value));
    byId('mute').setAttribute('aria-pressed', String(this.#muted));
    localStorage.setItem(STORED_VOLUME, this.volume.value);
  }

  /** @param {Scope} scope */
  #buttons(scope) {
    const { ensemble } = this;
    scope.on(byId('play'), 'click', () => this.togglePlay());
    scope.on(byId('mute'), 'click', () => this.#toggleMute());
    scope.on(this.volume, 'input', () => this.#louder(0));
    scope.on(byId('autoplay'), 'click', () => this.#setAutoplay(!ensemble.autoplay));
    scope.on(byId('surprise'), 'click', () => this.#surprise());
    scope.on(byId('share'), 'click', () => void this.#share());
    scope.on(byId('calm'), 'click', () => this.#setCalm(!this.view.calm));
    scope.on(byId('help'), 'click', () => this.dialog.showModal());
    // A clicked button would keep the focus, and the space bar would press it again.
    scope.on(document, 'click', (event) => {
      const button = event.detail > 0 && event.target.closest?.('button');
      if (button) button.blur();
    });
    for (const view of this.view.views) {
      scope.on(view.button, 'click', () => {
        if (view.slot === 'centre') this.togglePlay();
        else if (view.slot === 'left' || view.slot === 'right') this.#jump(view.slot);
      });
    }
  }

  /** @param {Scope} scope */
  #keys(scope) {
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => this.#jump('left'),
      ArrowRight: () => this.#jump('right'),
      ArrowUp: () => this.#louder(VOLUME_STEP),
      ArrowDown: () => this.#louder(-VOLUME_STEP),
      ',': () => this.ensemble.seekBars(-1),
      '.': () => this.ensemble.seekBars(1),
      'Shift ArrowLeft': () => this.ensemble.seekBars(-1),
      'Shift ArrowRight': () => this.ensemble.seekBars(1),
      ' ': () => this.togglePlay(),
      m: () => this.#toggleMute(),
      a: () => this.#setAutoplay(!this.ensemble.autoplay),
      s: () => this.#surprise(),
      c: () => this.#setCalm(!this.view.calm),
      '?': () => this.dialog.showModal(),
    };
    scope.on(document, 'keydown', (/** @type {KeyboardEvent} */ event) => {
      const arrows = event.key.startsWith('Arrow');
      const act = acts[event.shiftKey && arrows ? `Shift ${event.key}` : event.key];
      if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.dialog.open || (event.key === ' ' && isPressable(event.target))) return;
      event.preventDefault();
      act();
    });
  }

  /** @param {Scope} scope */
  #swipes(scope) {
    let start_x = 0;
    scope.on(this.view.stage, 'touchstart', (/** @type {TouchEvent} */ event) => {
      start_x = event.changedTouches[0].clientX;
    }, { passive: true });
    scope.on(this.view.stage, 'touchend', (/** @type {TouchEvent} */ event) => {
      const way = event.changedTouches[0].clientX - start_x;
      if (Math.abs(way) > SWIPE_PX) this.#jump(way < 0 ? 'right' : 'left');
    }, { passive: true });
  }

  /** @param {'left' | 'right'} side */
  #jump(side) {
    this.#setAutoplay(false);
    this.ensemble.request(side);
  }

  togglePlay() {
    if (this.ensemble.mixer === null) byId('opening').click();
    else if (this.ensemble.playing) this.ensemble.pause();
    else void this.ensemble.play();
  }

  #showPlaying() {
    const { playing } = this.ensemble;
    const label = playing ? words.pause : words.play;
    byId('play').setAttribute('aria-label', label);
    document.body.classList.toggle('playing', playing);
  }

  #toggleMute() {
    this.#muted = !this.#muted;
    this.applyVolume();
    if (this.#muted) announce(words.muted);
  }

  /** @param {number} step */
  #louder(step) {
    const volume = Math.max(0, Math.min(1, Number(this.volume.value) + step));
    this.volume.value = String(volume);
    this.#muted = false;
    this.applyVolume();
  }

  /** @param {boolean} on */
  #setAutoplay(on) {
    this.ensemble.autoplay = on;
    byId('autoplay').setAttribute('aria-pressed', String(on));
  }

  #surprise() {
    this.ensemble.surprise = true;
    this.ensemble.refresh();
    this.ensemble.surprise = false;
  }

  async #share() {
    const at_s = this.ensemble.reference_s ?? 0;
    const place = `#cover=${this.ensemble.master.piece?.id ?? ''}&at=${at_s.toFixed(1)}`;
    history.replaceState(null, '', place);
    try {
      await navigator.clipboard.writeText(location.href);
      announce(words.shared);
    } catch {
      announce(location.href);
    }
  }

  /** @param {boolean} calm */
  #setCalm(calm) {
    this.view.calm = calm;
    document.body.classList.toggle('calm', calm);
    byId('calm').setAttribute('aria-pressed', String(calm));
    localStorage.setItem(STORED_CALM, calm ? 'yes' : 'no');
  }
}

/** @param {EventTarget | null} target */
function isPressable(target) {
  return target instanceof Element && target.closest('button, a, input, summary') !== null;
}

/**
 * Say something quietly: at the foot of the stage, and to screen readers.
 * @param {string} text
 */
export function announce(text) {
  const live = byId('live');
  keepText(live, '');
  keepText(live, text);
  live.getAnimations?.().forEach((animation) => animation.cancel());
  live.animate?.(
    [{ opacity: 0 }, { opacity: 1, offset: 0.06 }, { opacity: 1, offset: 0.8 }, { opacity: 0 }],
    { duration: 4000 },
  );
}
