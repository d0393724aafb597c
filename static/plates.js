/** The name plates under the players: who, what, how it fits, whose licence, which tags. */

import { keepAttribute, keepText, make } from './dom.js';
import { IN_STEP_S } from './transport.js';
import { drawWarpPlot } from './warp-plot.js';
import { pageUrl, words } from './words.js';

/**
 * @typedef {import('./deck.js').Deck} Deck
 * @typedef {import('./repertoire.js').Piece} Piece
 */

const MOST_TAGS = 3;
const NEARLY_S = 0.1;

export class Plate {
  /** @type {Piece | null | undefined} */
  #shown = undefined;

  #dot = make('span', { class: 'dot' });
  #step = make('span', { class: 'step' });

  /**
   * @param {HTMLElement} element
   * @param {import('./timeline-model.js').Timeline} timeline
   */
  constructor(element, timeline) {
    this.element = element;
    this.timeline = timeline;
    this.slot = element.dataset.slot ?? 'centre';
  }

  /**
   * @param {Deck} deck
   * @param {string} nobody what to say where nobody is
   * @param {boolean} begun whether anything has been heard yet
   */
  refresh(deck, nobody, begun) {
    const piece = deck.map === null ? null : deck.piece;
    if (piece !== this.#shown) this.#fill(piece, nobody);
    if (piece === null) return;
    const [state, text] = begun ? stepOf(deck) : stepBefore(deck);
    keepAttribute(this.#dot, 'data-step', state);
    keepText(this.#step, text);
  }

  /**
   * @param {Piece | null} piece
   * @param {string} nobody
   */
  #fill(piece, nobody) {
    this.#shown = piece;
    if (piece === null) {
      this.element.replaceChildren(make('p', { class: 'who', text: nobody }));
      return;
    }
    this.element.replaceChildren(
      this.#head(piece),
      make('p', { class: 'what' }, make('bdi', { text: piece.json.performer ? piece.json.title : words.unknownPerformer })),
      make('p', { class: 'facts' }, this.#dot, this.#step, ...facts(piece, this.timeline)),
      make('p', { class: 'small' }, ...smallPrint(piece)),
    );
  }

  /** @param {Piece} piece */
  #head(piece) {
    const who = make('p', { class: 'who' }, credit(piece));
    if (this.slot === 'left') who.prepend(make('kbd', { text: '←', 'aria-hidden': 'true' }));
    if (this.slot === 'right') who.append(make('kbd', { text: '→', 'aria-hidden': 'true' }));
    if (!piece.isReference) {
      const map = /** @type {import('./time-map.js').TimeMap} */ (piece.map);
      const plot = drawWarpPlot(map, this.timeline.duration_s);
      if (this.slot === 'right') who.prepend(plot);
      else who.append(plot);
    }
    return who;
  }
}

/** @param {Piece} piece */
function credit(piece) {
  const name = make('bdi', { text: piece.name });
  if (piece.isReference) return name;
  return make('a', { href: pageUrl(`/covers/${piece.id}`), target: '_blank', title: words.about }, name);
}

/**
 * @param {Piece} piece
 * @param {import('./timeline-model.js').Timeline} timeline
 */
function facts(piece, timeline) {
  const bpm = timeline.tempo_bpm === null ? null : timeline.tempo_bpm * piece.tempo_ratio;
  return [
    piece.isReference ? words.reference : words.key(piece.transposition_semitones),
    bpm === null ? null : words.bpm(Math.round(bpm)),
  ].flatMap((text) => (text === null ? [] : [make('span', { class: 'fact', dir: 'auto', text })]));
}

/** @param {Piece} piece */
function smallPrint(piece) {
  const licence = piece.json.licence === null
    ? []
    : [make('bdi', { class: 'licence', text: piece.json.licence })];
  const tags = piece.tags.slice(0, MOST_TAGS).map((tag) => make('bdi', { text: `#${tag}` }));
  return [...licence, ...tags];
}

/**
 * @param {Deck} deck
 * @returns {[string, string]}
 */
function stepBefore(deck) {
  if (deck.player.waits && deck.state !== 'sounding') return ['waiting', words.waits];
  return deck.state === 'sounding' ? ['sounding', words.playsFirst] : ['loading', words.willFollow];
}

/**
 * @param {Deck} deck
 * @returns {[string, string]} a state for the dot, and its word
 */
function stepOf(deck) {
  const { condition } = deck.player;
  if (condition !== null) return ['held', words.youtube[condition]];
  if (deck.state === 'sounding') return ['sounding', words.sounding];
  if (deck.state === 'waiting') return ['waiting', words.waits];
  if (deck.isMissing) return ['absent', words.notThisSong];
  if (deck.isUnsteady) return ['unsteady', words.cannotHold];
  if (deck.state !== 'following' || deck.error_s === null) return ['loading', words.ready];
  const off_s = Math.abs(deck.error_s);
  if (off_s < IN_STEP_S) return ['in-step', words.inStep];
  return [off_s < NEARLY_S ? 'nearly' : 'loading', words.findingTheBeat];
}
