/** Buttons and keys of the stage. The words on the buttons come from the words file. */

import { saver } from './data-saver.js';
import { recall, remember } from './device.js';
import { byId, keepText, make } from './dom.js';
import { Drawer } from './drawer.js';
import { writePlace } from './links.js';
import { connectMediaSession } from './media-session.js';
import { reportSync } from './sync-report.js';
import { Takeover } from './takeover.js';
import { Volume } from './volume.js';
import { language, pageUrl, words } from './words.js';

/**
 * @typedef {import('./ensemble.js').Ensemble} Ensemble
 * @typedef {import('./scope.js').Scope} Scope
 */

const VOLUME_STEP = 0.1;
const SWIPE_PX = 50;

/** Give every element marked with `data-word` or `data-label` its words. */
export function sayWords() {
  document.documentElement.lang = language;
  const known = /** @type {Record<string, unknown>} */ (words);
  for (const element of document.querySelectorAll('[data-word], [data-label]')) {
    const { word, label } = /** @type {HTMLElement} */ (element).dataset;
    if (word !== undefined) element.textContent = String(known[word]);
    if (label !== undefined) {
      element.setAttribute('aria-label', String(known[label]));
      element.setAttribute('title', String(known[label]));
      if (element instanceof HTMLInputElement) element.placeholder = String(known[label]);
    }
  }
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (
    document.querySelectorAll('a[href^="/"]'))) link.href = pageUrl(link.pathname);
  byId('keys-list').replaceChildren(...words.keys.flatMap(([keys, meaning]) => [
    make('dt', {}, ...keys.split(' ').map((key) => make('kbd', { text: key }))),
    make('dd', { text: meaning }),
  ]));
}

export class Controls {
  /**
   * @param {Ensemble} ensemble
   * @param {import('./stage-view.js').StageView} view
   * @param {Scope} scope
   */
  constructor(ensemble, view, scope) {
    this.ensemble = ensemble;
    this.view = view;
    this.drawer = new Drawer(scope);
    this.volume = new Volume(ensemble, scope, announce);
    this.takeover = new Takeover(ensemble, scope);
    this.#buttons(scope);
    this.#keys(scope);
    this.#swipes(scope);
    const acts = { toggle: () => this.togglePlay(), jump: this.#jump.bind(this) };
    connectMediaSession(ensemble, acts, scope);
    this.#setCalm(recall('calm', matchMedia('(prefers-reduced-motion: reduce)').matches));
    this.#setInstant(recall('instant', false));
    this.#setSteady(recall('steady', false));
    press('saver', saver.on);
    byId('steady-row').toggleAttribute('hidden', ensemble.supply === null && !ensemble.pieces.some((each) => each.natural.steady));
    scope.on(ensemble, 'playing', () => this.#showPlaying());
    scope.on(ensemble, 'autoplay', () => press('autoplay', ensemble.autoplay));
  }

  /** @param {Scope} scope */
  #buttons(scope) {
    scope.on(byId('play'), 'click', () => this.togglePlay());
    scope.on(byId('autoplay'), 'click', () => this.takeover.choose());
    scope.on(byId('surprise'), 'click', () => this.ensemble.surprise());
    scope.on(byId('share'), 'click', () => void this.#share());
    scope.on(byId('instant'), 'click', () => this.#setInstant(!this.ensemble.instant));
    scope.on(byId('calm'), 'click', () => this.#setCalm(!this.view.calm));
    scope.on(byId('steady'), 'click', () => {
      this.#setSteady(!this.ensemble.steady);
      announce(this.ensemble.steady ? words.steadyOn : words.steadyOff);
    });
    scope.on(byId('saver'), 'click', () => this.#toggleSaver());
    scope.on(byId('report'), 'click', () => void reportSync(this.ensemble));
    scope.on(document, 'pointerdown', () => this.takeover.wait());
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
      ArrowUp: () => this.volume.change(VOLUME_STEP),
      ArrowDown: () => this.volume.change(-VOLUME_STEP),
      ',': () => this.ensemble.seekBars(-1),
      '.': () => this.ensemble.seekBars(1),
      'Shift ArrowLeft': () => this.ensemble.seekBars(-1),
      'Shift ArrowRight': () => this.ensemble.seekBars(1),
      ' ': () => this.togglePlay(),
      m: () => this.volume.toggle(),
      a: () => this.takeover.choose(),
      s: () => this.ensemble.surprise(),
      i: () => this.#setInstant(!this.ensemble.instant),
      c: () => this.#setCalm(!this.view.calm),
      f: () => byId('favourite').click(),
      l: () => byId('captions').click(),
      o: () => void reportSync(this.ensemble),
      t: () => this.drawer.toggle('tags'),
      '?': () => this.drawer.toggle('keys'),
    };
    scope.on(document, 'keydown', (/** @type {KeyboardEvent} */ event) => {
      const arrows = event.key.startsWith('Arrow');
      const act = acts[event.shiftKey && arrows ? `Shift ${event.key}` : event.key];
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      this.takeover.onKey(event);
      if (act === undefined || (event.key === ' ' && isPressable(event.target))) return;
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
    this.takeover.takeBack();
    this.ensemble.tell('fan');
    this.ensemble.request(side);
  }

  togglePlay() {
    if (this.ensemble.mixer === null) byId('opening').click();
    else if (this.ensemble.playing) this.ensemble.pause();
    else void this.ensemble.play();
  }

  #showPlaying() {
    const { playing } = this.ensemble;
    byId('play').setAttribute('aria-label', playing ? words.pause : words.play);
    document.body.classList.toggle('playing', playing);
  }

  async #share() {
    const { slots, reference_s, tags } = this.ensemble;
    history.replaceState(history.state, '', location.pathname + writePlace({
      cover: slots.centre.piece?.id ?? null,
      left: slots.left.piece?.id ?? null,
      right: slots.right.piece?.id ?? null,
      at_s: reference_s ?? 0,
      tags,
    }));
    try {
      await navigator.clipboard.writeText(location.href);
      announce(words.shared);
    } catch {
      announce(location.href);
    }
  }

  /** @param {boolean} instant */
  #setInstant(instant) {
    this.ensemble.instant = instant;
    press('instant', instant);
    remember('instant', instant);
  }

  /** @param {boolean} steady */
  #setSteady(steady) {
    this.ensemble.setSteady(steady);
    press('steady', steady);
    remember('steady', steady);
  }

  #toggleSaver() {
    saver.on = !saver.on;
    press('saver', saver.on);
    remember('saver', saver.on);
    this.ensemble.refresh();
  }

  /** @param {boolean} calm */
  #setCalm(calm) {
    this.view.calm = calm;
    document.body.classList.toggle('calm', calm);
    press('calm', calm);
    remember('calm', calm);
  }
}

/**
 * @param {string} id of a button that is on or off
 * @param {boolean} on
 */
function press(id, on) {
  byId(id).setAttribute('aria-pressed', String(on));
}

/** @param {EventTarget | null} target */
function isPressable(target) {
  return target instanceof Element && target.closest('button, a, input, summary') !== null;
}

/** @param {EventTarget | null} target letters belong to a field that has the focus, arrows to a list */
function isTyping(target) {
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
    || (target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox');
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
