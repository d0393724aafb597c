/** Puts the decks where the page's layout has its slots, and keeps plates and lanes up to date. */

import { DeckView } from './deck-view.js';
import { toggle } from './dom.js';
import { Plate } from './plates.js';
import { pulseAt } from './timeline-model.js';
import { words } from './words.js';

/** @typedef {import('./ensemble.js').Ensemble} Ensemble */

const REFRESH_MS = 150;
/** Twenty pictures a second: each more composes the whole page once more. */
const DRAW_MS = 45;
/** The timeline moves one or two pixels in that time. */
const MOVE_EVERY = 4;
const SLOTS = /** @type {const} */ (['left', 'centre', 'right']);

export class StageView {
  #draws = 0;

  /**
   * @param {HTMLElement} stage
   * @param {Ensemble} ensemble
   * @param {import('./timeline-view.js').TimelineView} timelineView
   * @param {import('./scope.js').Scope} scope
   */
  constructor(stage, ensemble, timelineView, scope) {
    this.stage = stage;
    this.ensemble = ensemble;
    this.timelineView = timelineView;
    this.calm = false;

    /** So much later than it is sent the sound reaches the ears. */
    this.latency_s = 0;
    this.views = ensemble.decks.map((deck) => new DeckView(deck, ensemble.timeline));
    this.plates = [.../** @type {NodeListOf<HTMLElement>} */ (stage.querySelectorAll('.plate'))]
      .map((element) => new Plate(element, ensemble.timeline));
    stage.append(...this.views.flatMap((view) => [view.screen, view.button]));
    const observer = new ResizeObserver(() => this.place());
    for (const each of [stage, ...stage.querySelectorAll('.wing')]) observer.observe(each);
    scope.add(() => observer.disconnect());
    scope.on(ensemble, 'slots', () => this.place());
    scope.every(REFRESH_MS, () => this.refresh());
    scope.every(DRAW_MS, () => this.draw());
  }

  /** Every deck to its slot. */
  place() {
    const base = this.#box('centre');
    for (const view of this.views) {
      const slot = SLOTS.find((each) => this.ensemble.slots[each] === view.deck);
      if (slot !== undefined) view.place(slot, this.#box(slot), base);
      else view.place(view.deck.reserved ? 'leaving' : 'wings', null, base);
    }
    this.refresh();
  }

  /** @param {string} slot */
  #box(slot) {
    const origin = this.stage.getBoundingClientRect();
    const marker = /** @type {HTMLElement} */ (this.stage.querySelector(`.slot[data-slot=${slot}]`));
    const box = marker.getBoundingClientRect();
    return new DOMRect(box.x - origin.x, box.y - origin.y, box.width, box.height);
  }

  refresh() {
    const now_s = performance.now() / 1000;
    const alone = this.ensemble.total <= 2;
    const nobody = this.ensemble.total === 1 ? words.noCovers : words.onlyOne;
    const begun = this.ensemble.mixer !== null;
    for (const view of this.views) view.refresh(now_s, begun);
    for (const plate of this.plates) {
      const deck = this.ensemble.slots[/** @type {'left'} */ (plate.slot)];
      plate.refresh(deck, alone ? nobody : '', begun);
      this.timelineView.fillLane(plate.slot, deck.piece);
    }
  }

  /**
   * Where in the song a deck is, as it reaches the ears.
   * @param {import('./deck.js').Deck} deck
   */
  #heard_s({ map, player, reference_s }) {
    if (this.latency_s === 0 || !this.ensemble.playing) return reference_s;
    return map?.referenceAt(player.position_s - this.latency_s) ?? reference_s;
  }

  draw() {
    const { ensemble } = this;
    const heard_s = this.#heard_s(ensemble.master);
    this.#draws += 1;
    if (this.#draws % MOVE_EVERY === 0) this.timelineView.draw(heard_s);
    const { drop } = ensemble.timeline;
    const drops = drop !== null && heard_s !== null && heard_s >= drop.start_s && heard_s < drop.end_s;
    toggle(document.body, { drop: drops && ensemble.playing && !this.calm });
    for (const view of this.views) {
      const { deck } = view;
      const reference_s = this.#heard_s(deck);
      const beats = ensemble.playing && !this.calm && reference_s !== null
        && (deck.state === 'following' || deck.state === 'sounding');
      const confidence = deck.map?.confidenceAt(deck.player.position_s) ?? 0;
      view.draw(reference_s, beats ? pulseAt(ensemble.timeline, reference_s, confidence) : 0);
    }
  }
}
