/**
 * Where companions of a long song come from: a pool, filled ahead of need with covers that the
 * library chooses, and bounded. A short song is all in the pool from the beginning and needs none.
 */

import { fetchCompanions } from './api.js';
import { isNear, isThere } from './companions.js';

/**
 * @typedef {import('./companions.js').Candidate & {isReference?: boolean, failed?: boolean}} Pooled
 * @typedef {import('./companions.js').Wish} Wish
 * @typedef {import('./repertoire.js').Piece} Piece
 * @typedef {{reach: number, limit: number}} Order
 */

/** With so many of a kind that would do, nobody is asked for. */
const ENOUGH = 12;
const ENOUGH_FAR = 4;
const MOST_POOLED = 120;
/** Who was heard so lately is known by name, and not asked for again. */
const REMEMBERED = 40;
const MOST_EXCLUDED = 200;
/** Asked for the same so lately, the library has no more. */
const PAUSE_S = 10;

/**
 * What to ask for: near and far ones, as many as the pool is short of. Pure.
 * @param {Pooled[]} pool
 * @param {Wish} wish
 * @returns {Order[]}
 */
export function ordersFor(pool, wish) {
  const heard = new Set(wish.heard.slice(-REMEMBERED).map(({ id }) => id));
  const fit = pool.filter((each) => !each.failed && !wish.exclude.has(each.id)
    && !heard.has(each.id) && wish.tags.every((tag) => each.tags.includes(tag))
    && isThere(each, wish.reference_s, wish.stays_until_s));
  const near = fit.filter((each) => isNear(each, wish.centre)).length;
  const orders = [];
  if (near < ENOUGH) orders.push({ reach: wish.reach < 0.5 ? wish.reach : 0, limit: 12 });
  if (fit.length - near < ENOUGH_FAR) orders.push({ reach: 1, limit: 6 });
  return orders;
}

/**
 * The pool without those that were in it longest. Pure.
 * @template {Pooled} P
 * @param {P[]} pool
 * @param {Set<number>} kept
 */
export function bounded(pool, kept, most = MOST_POOLED) {
  let spare = pool.length - most;
  return pool.filter((each) => {
    if (spare <= 0 || each.isReference || kept.has(each.id)) return true;
    spare -= 1;
    return false;
  });
}

export class Supply {
  /** @type {Promise<void> | null} */
  #flight = null;

  #asked = { tags: '', at_s: -Infinity };

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {string} slug
   * @param {{total: number, named: number[], pieceOf: (json: any) => Piece,
   *   ask?: typeof fetchCompanions}} more `named` covers stay in the pool whatever happens
   */
  constructor(stage, slug, { total, named, pieceOf, ask = fetchCompanions }) {
    this.stage = stage;
    this.slug = slug;
    this.total = total;
    this.named = named;
    this.pieceOf = pieceOf;
    this.ask = ask;
  }

  /**
   * See to it that there are companions for a wish. What cannot be fetched now is asked for again
   * with a later wish.
   * @param {Wish} wish
   * @returns {Promise<void>}
   */
  fill(wish) {
    const tags = wish.tags.join();
    if (this.#flight !== null) {
      return tags === this.#asked.tags ? this.#flight : this.#flight.then(() => this.fill(wish));
    }
    const orders = ordersFor(this.stage.pieces, wish);
    const isTooSoon = tags === this.#asked.tags && wish.now_s - this.#asked.at_s < PAUSE_S;
    if (orders.length === 0 || isTooSoon) return Promise.resolve();
    this.#asked = { tags, at_s: wish.now_s };
    this.#flight = Promise.all(orders.map((order) => this.#fetch(order, wish)))
      .then(() => {}, () => {})
      .finally(() => {
        this.#flight = null;
      });
    return this.#flight;
  }

  /**
   * @param {Order} order
   * @param {Wish} wish
   */
  async #fetch({ reach, limit }, { centre, reference_s, stays_until_s, heard, tags }) {
    const { pieces } = this.stage;
    const known = [...pieces.slice(1), ...heard.slice(-REMEMBERED)].map(({ id }) => id);
    const covers = await this.ask(this.slug, {
      near: this.stage.pieces[0].id === centre.id ? null : centre.id,
      at_ms: Math.round(reference_s * 1000),
      until_ms: Math.round(stays_until_s * 1000),
      exclude: [...new Set(known)].slice(-MOST_EXCLUDED),
      tags, reach, limit,
    });
    this.#add(covers.map(this.pieceOf));
  }

  /** @param {Piece[]} found */
  #add(found) {
    const { stage } = this;
    const there = new Set(stage.pieces.map(({ id }) => id));
    const pool = [...stage.pieces, ...found.filter(({ id }) => !there.has(id))];
    const kept = new Set([
      ...this.named, ...stage.heard.slice(-REMEMBERED).map(({ id }) => id),
      ...stage.decks.flatMap(({ piece }) => (piece ? [piece.id] : [])),
    ]);
    stage.pieces.splice(0, stage.pieces.length, ...bounded(pool, kept).map((each) => stage.versionOf(each)));
  }
}
