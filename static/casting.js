/** Chooses somebody for a deck, and loads it. */

import { rankCompanions } from './companions.js';

/**
 * @typedef {import('./repertoire.js').Piece} Piece
 * @typedef {import('./stage.js').Deck} Deck
 */

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
    for (const piece of this.#candidates()) {
      deck.expect(piece); // at once: another deck may be choosing too
      const isPlayable = await canPlay(piece);
      if (deck.piece !== piece) return true; // somebody else has been chosen meanwhile
      if (isPlayable) {
        deck.load(piece);
        return true;
      }
    }
    deck.clear();
    return false;
  }

  /** Who is not on stage yet, in the order in which to try them. */
  #candidates() {
    const { stage } = this;
    const centre = stage.slots.centre.piece;
    if (centre === null) return [];
    return rankCompanions(stage.pieces.filter((piece) => !piece.failed), {
      centre,
      reference_s: Math.max(stage.reference_s ?? 0, stage.timeline.start_s),
      exclude: new Set(stage.decks.flatMap(({ piece }) => (piece ? [piece.id] : []))),
      heard: stage.heard,
      tag: stage.tag,
      surprise: stage.surprise,
      random: stage.random,
    });
  }
}

/**
 * Whether it has a map and a sound; who has not is not asked again.
 * @param {Piece} piece
 */
async function canPlay(piece) {
  try {
    const map = await piece.loadMap();
    piece.failed = map.segments.length === 0 || piece.json.media_url === null;
  } catch {
    piece.failed = true;
  }
  return !piece.failed;
}
