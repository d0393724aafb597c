/**
 * What is the case on stage: who is where, who sounds, and whether it plays.
 *
 * Three recordings are seen and one waits in the wings. What a page needs to know is dispatched
 * as events: `slots`, `switched`, `loop`, `heard`, `message`, `playing`, `section`.
 */

import { Conductor } from './conductor.js';

/**
 * @typedef {import('./deck.js').Deck} Deck
 * @typedef {import('./repertoire.js').Piece} Piece
 * @typedef {'left' | 'right'} Side
 * @typedef {{left: Deck, centre: Deck, right: Deck}} Slots
 * @typedef {{
 *   timeline: import('./timeline-model.js').Timeline, pieces: Piece[], decks: Deck[],
 *   scope: import('./scope.js').Scope, random?: () => number, now_s?: () => number,
 * }} StageParts
 */

/** @type {Side[]} */
export const SIDES = ['left', 'right'];

export class Stage extends EventTarget {
  conductor = new Conductor();

  /** @type {import('./mixer.js').Mixer | null} */
  mixer = null;

  /** @type {import('./companions.js').Hearing[]} */
  heard = [];

  /** What companions have to have, all of it. @type {string[]} */
  tags = [];

  /** How far from the centre companions are chosen: 0 the nearest, 1 the furthest. */
  reach = 0;

  /** So many of the next companions come from far away, whatever the reach. */
  surprises = 0;

  /** Where more covers come from, for a song that has too many. @type {import('./supply.js').Supply | null} */
  supply = null;

  autoplay = false;
  playing = false;

  /** A mix decides who comes, and nobody else. */
  isHeld = false;

  /** Cut at once instead of on the beat. */
  instant = false;

  /** Covers that have a rendition come with it, at the Reference's tempo. */
  steady = false;

  /** @param {StageParts} parts */
  constructor({ timeline, pieces, decks, scope, random = Math.random, now_s = clock_s }) {
    super();
    this.timeline = timeline;
    this.pieces = pieces;
    this.decks = decks;
    this.scope = scope;
    this.random = random;
    this.now_s = now_s;
    const [centre, left, right, spare] = decks;
    /** @type {Slots} */
    this.slots = { centre, left, right };
    this.spare = spare;
  }

  /** How many recordings the song has. */
  get total() {
    return this.supply?.total ?? this.pieces.length;
  }

  /**
   * Every recording in the version that is to be played from now on.
   * @param {boolean} steady
   */
  chooseVersions(steady) {
    this.steady = steady;
    this.pieces.forEach((piece, index) => {
      this.pieces[index] = this.versionOf(piece);
    });
  }

  /**
   * The version of a recording that is to be played.
   * @param {Piece} piece
   */
  versionOf({ natural }) {
    return this.steady && natural.steady?.failed === false ? natural.steady : natural;
  }

  /**
   * It cannot be played; where that was a rendition, the cover itself still may be.
   * @param {Piece} piece
   */
  giveUp(piece) {
    piece.failed = true;
    const index = this.pieces.indexOf(piece);
    if (index !== -1) this.pieces[index] = piece.natural;
  }

  /** @returns {Deck} the player that sounds */
  get master() {
    return this.conductor.master ?? this.slots.centre;
  }

  /** Where in the song we are. */
  get reference_s() {
    return this.master.reference_s;
  }

  /** @param {Deck} deck */
  sideOf(deck) {
    return SIDES.find((side) => this.slots[side] === deck) ?? null;
  }

  /**
   * The sounding cover if it has this part, else one beside it that does.
   * @param {number} reference_s
   */
  whoPlays(reference_s) {
    const decks = [this.master, this.slots.left, this.slots.right];
    return decks.find((deck) => deck.map?.coversAt(reference_s).length) ?? null;
  }

  /**
   * A side and the centre change places.
   * @param {Side} side
   */
  trade(side) {
    const { slots } = this;
    [slots[side], slots.centre] = [slots.centre, slots[side]];
    this.tell('slots');
  }

  /** @param {Deck} deck */
  noteHeard(deck) {
    if (deck.piece === null) return;
    this.heard.push({ id: deck.piece.id, at_s: this.now_s() });
    this.tell('heard');
  }

  /** @param {Deck} deck */
  soundOnly(deck) {
    this.mixer?.openOnly(/** @type {import('./channel.js').Channel} */ (deck.channel));
  }

  /** @param {string} text */
  say(text) {
    this.tell('message', text);
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function clock_s() {
  return performance.now() / 1000;
}
