/** Chooses somebody for a deck, and loads it. */

import { Away } from './api.js';
import { rankCompanions } from './companions.js';

/**
 * @typedef {import('./repertoire.js').Piece} Piece
 * @typedef {import('./stage.js').Deck} Deck
 */

/** Whoever comes stays at least so long, except at the song's end. */
const STAYS_S = 12;

export class Casting {
  /** @param {import('./stage.js').Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /**
   * @param {Deck} deck
   * @returns {Promise<boolean>} whether there was anybody left
   */
  async cast(deck) {
    const { supply } = this.stage;
    const before = deck.piece;
    if (supply !== null && this.#candidates().length === 0) {
      await this.#supply();
      if (deck.piece !== before) return true;
    }
    const candidates = this.#candidates();
    void this.#supply();
    this.stage.surprises = Math.max(0, this.stage.surprises - 1);
    for (const piece of candidates) {
      deck.expect(piece); // at once: another deck may be choosing too
      const isPlayable = await canPlay(piece);
      if (deck.piece !== piece) return true; // somebody else has been chosen meanwhile
      if (isPlayable) {
        deck.load(piece);
        return true;
      }
      if (!piece.failed) break; // the library is away: so it is for all others
    }
    deck.clear();
    return false;
  }

  /**
   * This one and nobody else, if it can be played; else anybody.
   * @param {Deck} deck
   * @param {Piece} piece
   */
  async put(deck, piece) {
    deck.expect(piece);
    const isPlayable = await canPlay(piece);
    if (deck.piece !== piece) return;
    if (isPlayable) deck.load(piece);
    else await this.cast(deck);
  }

  /** Who is not on stage yet, in the order in which to try them. */
  #candidates() {
    const wish = this.#wish();
    return wish === null ? []
      : rankCompanions(this.stage.pieces.filter((piece) => !piece.failed), wish);
  }

  /** More covers of a long song, for what is wished now. */
  async #supply() {
    const wish = this.#wish();
    if (wish !== null) await this.stage.supply?.fill(wish);
  }

  /** @returns {import('./companions.js').Wish | null} */
  #wish() {
    const { stage } = this;
    const centre = stage.slots.centre.piece;
    if (centre === null) return null;
    const reference_s = Math.max(stage.reference_s ?? 0, stage.timeline.start_s);
    return {
      centre,
      reference_s,
      stays_until_s: Math.min(reference_s + STAYS_S, stage.timeline.end_s),
      exclude: this.#taken(),
      heard: stage.heard,
      now_s: stage.now_s(),
      tags: stage.tags,
      reach: stage.surprises > 0 ? 1 : stage.reach,
      random: stage.random,
    };
  }

  /** Who is on stage already; at a side, another version of the same cover may relieve it. */
  #taken() {
    const { decks, master, slots, pieces } = this.stage;
    const stay = decks.filter((deck) => deck === master || deck === slots.centre
      || (deck.piece !== null && pieces.includes(deck.piece)));
    return new Set(stay.flatMap(({ piece }) => (piece ? [piece.id] : [])));
  }
}

/**
 * Whether it has a map and a sound; who has not is not asked again. While the library is away
 * nobody can tell, and others come first the next time.
 * @param {Piece} piece
 */
async function canPlay(piece) {
  try {
    const map = await piece.loadMap();
    piece.failed = map.segments.length === 0 || piece.address === null;
    return !piece.failed;
  } catch (error) {
    if (error instanceof Away) piece.unsteady = true;
    else piece.failed = true;
    return false;
  }
}
