/**
 * Play events on their way to the library: kept on the device until it has counted them, sent in
 * batches, and again when the answer was lost. A batch keeps its id, so it counts once.
 */

import { post } from './api.js';
import { recall, remember } from './device.js';

/**
 * @typedef {{kind: 'heard' | 'switched' | 'loop', recording_id: number, heard_ms?: number}} PlayEvent
 * @typedef {{batch_id: string, events: PlayEvent[]}} Batch
 */

/** Longer than any `Retry-After` that the library answers. */
const SEND_EVERY_MS = 60_000;
const MOST_EVENTS = 100;
/** An hour without the library. */
const MOST_BATCHES = 60;
const STORED = 'outbox';

export class Outbox {
  /** @type {PlayEvent[]} */
  #events = [];

  /** One batch is on its way at a time. @type {Promise<void>} */
  #flight = Promise.resolve();

  /**
   * @param {import('./scope.js').Scope} scope
   * @param {typeof post} send
   */
  constructor(scope, send = post) {
    this.send = send;
    scope.every(SEND_EVERY_MS, () => void this.flush());
    void this.flush();
  }

  /** @param {PlayEvent} event */
  add(event) {
    this.#events.push(event);
    if (this.#events.length >= MOST_EVENTS) this.seal();
  }

  /** Events become a batch that survives the page. */
  seal() {
    if (this.#events.length === 0) return;
    const batch = { batch_id: newId(), events: this.#events };
    this.#events = [];
    remember(STORED, [...waiting(), batch].slice(-MOST_BATCHES));
  }

  /** Send what waits, the oldest first; what does not arrive stays. */
  flush({ keepalive = false } = {}) {
    this.seal();
    this.#flight = this.#flight.then(() => this.#sendAll(keepalive));
    return this.#flight;
  }

  /** @param {boolean} keepalive */
  async #sendAll(keepalive) {
    for (const batch of waiting()) {
      if (!await this.#deliver(batch, keepalive)) return;
      remember(STORED, waiting().filter(({ batch_id }) => batch_id !== batch.batch_id));
    }
  }

  /**
   * @param {Batch} batch
   * @param {boolean} keepalive
   * @returns {Promise<boolean>} whether there is nothing more to do about it
   */
  async #deliver(batch, keepalive) {
    try {
      const { status } = await this.send('play-events', batch, { keepalive });
      return status !== 429 && status < 500; // refused for good is done with, too
    } catch {
      return false;
    }
  }
}

/** A random UUID; `crypto.randomUUID` is kept from pages that came over plain HTTP. */
function newId() {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) =>
    each.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** @returns {Batch[]} */
function waiting() {
  return recall(STORED, /** @type {Batch[]} */ ([]));
}
