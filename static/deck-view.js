/** The picture of one deck: a button with the video or the drawn ring, a rim, and a note on it. */

import { keepAttribute, keepText, make, toggle } from './dom.js';
import { Picture } from './picture.js';
import { Ring, RING_HEIGHT, RING_WIDTH } from './ring.js';
import { words } from './words.js';

/** @typedef {import('./deck.js').Deck} Deck */

const SHOW_LOADING_AFTER_S = 0.4;
/** Of the stage's drawings; one at the side moves so little that every third will do. */
const DRAW_EVERY = { centre: 1, side: 3 };

/** Each step composes what is between the rims once more; at the side fewer are seen. */
const RIM_LEVELS = { centre: 8, side: 4 };

export class DeckView {
  /** @type {Ring | null} */
  #ring = null;

  #frame = 0;

  #level = 0;

  /** @type {import('./repertoire.js').Piece | null} */
  #shown = null;

  #picture = new Picture();

  #loadingSince_s = 0;

  /**
   * @param {Deck} deck
   * @param {import('./timeline-model.js').Timeline} timeline
   */
  constructor(deck, timeline) {
    this.deck = deck;
    this.timeline = timeline;
    this.canvas = make('canvas', { width: RING_WIDTH, height: RING_HEIGHT });
    this.rim = make('span', { class: 'rim' });
    this.note = make('span', { class: 'note' });
    this.button = make('button', { class: 'deck', type: 'button', 'data-slot': 'wings' },
      deck.player.view, this.#picture.element, this.canvas, this.rim, this.note);
    this.screen = deck.player.screen ?? make('div');
    this.slot = 'wings';
  }

  /**
   * Move to a slot's box, measured on the stage.
   * @param {string} slot
   * @param {DOMRect | null} box
   * @param {DOMRect} base box of the centre, in whose size every deck is laid out
   */
  place(slot, box, base) {
    const appears = this.slot === 'wings' && slot !== 'wings';
    toggle(this.button, { still: appears });
    this.slot = slot;
    keepAttribute(this.button, 'data-slot', slot);
    this.button.tabIndex = slot === 'left' || slot === 'right' || slot === 'centre' ? 0 : -1;
    if (box === null) return;
    const { style } = this.button;
    style.width = `${base.width}px`;
    style.height = `${(box.height * base.width) / box.width}px`;
    Object.assign(this.screen.style, {
      left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px`,
    });
    style.transform = `translate(${box.x}px, ${box.y}px) scale(${box.width / base.width})`;
  }

  /**
   * Words and looks for the state of the deck.
   * @param {number} now_s
   * @param {boolean} begun before that nobody waits for anything
   */
  refresh(now_s, begun) {
    const { deck } = this;
    const { piece, state } = deck;
    if (piece !== null && piece !== this.#shown && piece.map !== null) {
      this.#shown = piece;
      const { map } = piece.natural;
      this.#ring = piece.json.has_video || map === null ? null : new Ring(this.timeline, map);
      toggle(this.button, { drawn: !piece.json.has_video });
    }
    this.#picture.accompany(deck, now_s);
    if (state !== 'loading' || !begun) this.#loadingSince_s = now_s;
    const loading = now_s - this.#loadingSince_s > SHOW_LOADING_AFTER_S;
    const embedded = this.#isEmbedded;
    toggle(this.button, { absent: deck.isMissing, loading, empty: piece === null, embedded });
    toggle(this.screen, { shown: embedded });
    keepText(this.note, noteOn(deck, loading));
    keepAttribute(this.button, 'aria-label', labelOf(deck, this.slot));
  }

  /** A player of somebody else's is seen instead of ours: where it may play, and never covered. */
  get #isEmbedded() {
    const { player } = this.deck;
    const isOn = this.slot === 'centre' || (!player.waits && (this.slot === 'left' || this.slot === 'right'));
    return isOn && player.isEmbedded && this.screen.childElementCount > 0;
  }

  /**
   * One frame of the pulse, and of the ring where there is no picture.
   * @param {number | null} reference_s
   * @param {number} pulse
   */
  draw(reference_s, pulse) {
    const side = this.slot === 'centre' ? 'centre' : 'side';
    const levels = RIM_LEVELS[side];
    const level = Math.round(levels * Math.min(1, pulse)) / levels;
    if (level !== this.#level) this.rim.style.opacity = String(level);
    this.#level = level;
    if (this.#ring === null || this.slot === 'wings') return;
    this.#frame += 1;
    if (this.#frame % DRAW_EVERY[side] === 0) this.#ring.draw(this.canvas, reference_s, pulse);
  }
}

/**
 * @param {Deck} deck
 * @param {boolean} loading
 */
function noteOn(deck, loading) {
  if (deck.piece === null) return '';
  if (deck.isMissing) {
    const { back_s } = deck;
    if (back_s === null || back_s > 90) return words.missingHere;
    return `${words.missingHere} · ${words.backIn(Math.ceil(back_s))}`;
  }
  return loading ? words.loading : '';
}

/**
 * @param {Deck} deck
 * @param {string} slot
 */
function labelOf(deck, slot) {
  if (deck.piece === null) return words.nobody;
  if (slot === 'centre') return words.pauseCentre(deck.piece.name);
  const missing = deck.isMissing ? ` (${words.missingHere})` : '';
  return words.jumpTo(deck.piece.name) + missing;
}
