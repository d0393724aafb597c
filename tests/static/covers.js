/** Covers for the fake stage, and questions about who is where. */

export const WHOLE = { segments: [[1, 61, 3, 63]] };
export const SLOW = { segments: [[1, 61, 2, 77]] };
export const FAST = { segments: [[1, 61, 5, 53]] };
export const LATE = { segments: [[20, 61, 1, 42]] };
export const SHORT = { segments: [[1, 30, 0.5, 29.5]] };

/** @param {any} ensemble @param {'left' | 'centre' | 'right'} slot */
export function nameIn(ensemble, slot) {
  return ensemble.slots[slot].piece?.name ?? null;
}

/** @param {any} ensemble how far the deck is from where the master is, in seconds */
export function errorOf(ensemble, /** @type {'left' | 'right'} */ slot) {
  const deck = ensemble.slots[slot];
  return Math.abs(deck.map.nearestCoverAt(ensemble.reference_s, deck.player.position_s)
    - deck.player.position_s);
}
