/**
 * The song's end and its next pass: somebody waits at the beginning and comes in without a break.
 */

import { SIDES } from './stage.js';
import { LEAD_S } from './switching.js';

/**
 * @typedef {import('./stage.js').Deck} Deck
 * @typedef {import('./stage.js').Side} Side
 */

const BEGINS_BEFORE_S = 0.25;
/** The old one ends so long before its last sound. */
const MARGIN_S = 0.02;
/** A player that stood still needs a moment until it sounds; it gets it before its first beat. */
const RUN_UP_S = 0.12;
/** Inside a segment, not on its edge. */
const INSIDE_S = 0.05;

export class NextPass {
  /**
   * Who begins, from which side (`null`: who sounds begins again by itself), where in the song.
   * @type {{deck: Deck, side: Side | null, reference_s: number} | null}
   */
  #first = null;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./hand-over.js').HandOver} handOver
   * @param {import('./seeking.js').Seeking} seeking
   */
  constructor(stage, handOver, seeking) {
    this.stage = stage;
    this.handOver = handOver;
    this.seeking = seeking;
  }

  /**
   * The song has so much left, and nobody beside goes on.
   * @param {number} left_s
   */
  approach(left_s) {
    if (this.#first === null) this.#prepare();
    else if (left_s <= BEGINS_BEFORE_S) this.#begin(this.#first, left_s);
  }

  drop() {
    if (this.#first !== null) this.#first.deck.reserved = false;
    this.#first = null;
  }

  #prepare() {
    const { slots, master, timeline } = this.stage;
    const side = this.#whoBegins();
    const deck = side === null ? master : slots[side];
    const { segments } = /** @type {import('./time-map.js').TimeMap} */ (deck.map);
    const first_s = Math.min(...segments.map((each) => each.reference_s[0]));
    this.#first = { deck, side, reference_s: Math.max(timeline.start_s, first_s) };
    if (deck !== master) this.#standBy(deck, this.#first.reference_s);
  }

  /** A side that has the song's beginning, or at least some of the song. */
  #whoBegins() {
    const { slots, timeline } = this.stage;
    return SIDES.find((side) => slots[side].map?.coversAt(timeline.start_s + INSIDE_S).length)
      ?? SIDES.find((side) => slots[side].map?.segments.length)
      ?? null;
  }

  /**
   * @param {Deck} deck
   * @param {number} reference_s
   */
  #standBy(deck, reference_s) {
    deck.reserved = true;
    deck.want();
    deck.state = 'resting';
    deck.player.pause();
    deck.setRate(1);
    const first_s = deck.map?.firstCoverAt(reference_s) ?? 0;
    deck.seek(first_s - RUN_UP_S, this.stage.now_s(), false);
  }

  /**
   * @param {{deck: Deck, side: Side | null, reference_s: number}} first
   * @param {number} left_s
   */
  #begin({ deck, side, reference_s }, left_s) {
    const { stage } = this;
    this.#first = null;
    stage.tell('loop');
    if (side === null || stage.slots[side] !== deck) {
      this.seeking.to(reference_s);
      return;
    }
    const wait_s = Math.max(LEAD_S, left_s - MARGIN_S);
    stage.scope.after((wait_s - RUN_UP_S) * 1000, () => {
      if (this.handOver.isUnderWay) void deck.player.play();
    });
    this.handOver.after(wait_s, side);
  }
}
