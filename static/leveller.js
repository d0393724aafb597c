/** Listens to who follows beside who sounds, and sets the level of whoever is silent. */

/** @typedef {import('./deck.js').Deck} Deck */

export const MEASURE_MS = 170;

export class Leveller {
  /** @param {import('./stage.js').Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** Only a silent player's level may move: nobody should hear it being set. */
  listen() {
    const { master, decks, playing } = this.stage;
    const lead = master.channel?.measure(master.rate) ?? 0;
    if (!playing || master.piece === null) return;
    for (const deck of decks) {
      if (deck !== master && deck.isNear) this.#match(deck, master.piece, lead);
    }
  }

  /**
   * @param {Deck} deck
   * @param {import('./repertoire.js').Piece} leader
   * @param {number} lead mean square of who sounds
   */
  #match({ piece, channel, rate }, leader, lead) {
    if (piece === null || channel === null) return;
    piece.level.compare(channel.measure(rate), lead, leader.level, MEASURE_MS / 1000);
    channel.setLevel(piece.level.gain);
  }
}
