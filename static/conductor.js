/** Carries out, some thirty times a second, what `transport.js` decides. */

import { decide } from './transport.js';

/**
 * @typedef {import('./deck.js').Deck} Deck
 * @typedef {import('./transport.js').Lead} Lead
 */

export const TICK_MS = 30;
const STALLED_AFTER_S = 0.15;
const PARKED_WITHIN_S = 0.25;
const PARK_PAUSE_S = 1.5;

export class Conductor {
  /** @type {Deck | null} */
  master = null;

  #position_s = 0;
  #moved_s = 0;

  /** @param {Deck} deck */
  take(deck) {
    this.master = deck;
    deck.state = 'sounding';
    deck.error_s = 0;
    deck.reserved = false;
    deck.setRate(1);
    this.#position_s = deck.player.position_s;
  }

  /**
   * What the master does at this moment.
   * @param {number} now_s
   * @returns {Lead}
   */
  lead(now_s) {
    const deck = /** @type {Deck} */ (this.master);
    const { position_s } = deck.player;
    if (position_s !== this.#position_s) this.#moved_s = now_s;
    this.#position_s = position_s;
    return {
      reference_s: deck.reference_s,
      velocity: deck.map?.rateAt(position_s) ?? 1,
      advancing: !deck.player.paused && now_s - this.#moved_s < STALLED_AFTER_S,
    };
  }

  /**
   * @param {Deck[]} decks
   * @param {number} now_s
   * @returns {Lead}
   */
  keepTogether(decks, now_s) {
    const lead = this.lead(now_s);
    for (const deck of decks) {
      if (deck !== this.master && deck.map !== null && !deck.reserved) {
        follow(deck, lead, now_s);
      }
    }
    return lead;
  }
}

/**
 * @param {Deck} deck
 * @param {Lead} lead
 * @param {number} now_s
 */
function follow(deck, lead, now_s) {
  const order = decide(lead, {
    map: /** @type {import('./time-map.js').TimeMap} */ (deck.map),
    position_s: deck.player.position_s,
    ready: deck.player.ready,
    last_seek_s: deck.last_seek_s,
    seek_latency_s: deck.seek_latency_s,
    pace: deck.player.pace,
  }, now_s);
  if (deck.player.waits && order.kind !== 'absent') return standBy(deck, lead);
  if (order.kind === 'rest') rest(deck, 'resting');
  else if (order.kind === 'hold') hold(deck, lead);
  else if (order.kind === 'seek') deck.seek(order.to_s, now_s, lead.advancing);
  else if (order.kind === 'absent') stepOut(deck, order, now_s);
  else keepUp(deck, order);
  if (lead.advancing && (order.kind === 'seek' || order.kind === 'follow')) deck.noteSteadiness(now_s);
  return undefined;
}

/**
 * It may play only while it leads, and is ready to.
 * @param {Deck} deck
 * @param {Lead} lead
 */
function standBy(deck, lead) {
  rest(deck, 'waiting');
  if (lead.advancing) deck.player.prepare();
}

/**
 * @param {Deck} deck
 * @param {Lead} lead
 */
function hold(deck, lead) {
  deck.state = 'loading';
  if (lead.advancing) deck.player.prepare();
}

/**
 * @param {Deck} deck
 * @param {import('./deck.js').DeckState} state
 */
function rest(deck, state) {
  deck.state = state;
  if (!deck.player.paused) deck.player.pause();
}

/**
 * @param {Deck} deck
 * @param {import('./transport.js').Absent} order
 * @param {number} now_s
 */
function stepOut(deck, order, now_s) {
  rest(deck, 'absent');
  deck.back_s = order.back_s;
  deck.error_s = null;
  if (order.park_s === null || deck.player.waits || now_s - deck.last_seek_s < PARK_PAUSE_S) return;
  if (Math.abs(order.park_s - deck.player.position_s) > PARKED_WITHIN_S) {
    deck.seek(order.park_s, now_s, false);
  }
}

/**
 * @param {Deck} deck
 * @param {import('./transport.js').Follow} order
 */
function keepUp(deck, order) {
  deck.state = 'following';
  deck.setRate(order.rate);
  if (deck.player.paused) void deck.player.play();
  else deck.noteError(order.error_s);
}
