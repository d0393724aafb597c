/**
 * The picture of a cover whose sound is a rendition: the cover's own recording, silent, led by the
 * sound like any follower. Pictures may be 45 ms early and 125 ms late before anybody notices, so
 * looking a few times a second is enough.
 */

import { saver } from './data-saver.js';
import { make } from './dom.js';
import { decide } from './transport.js';
import { TimeMap } from './time-map.js';

/** @typedef {import('./deck.js').Deck} Deck */

/** A rendition has the first of what its cover plays more than once, and so has its picture. */
class FirstTimeMap extends TimeMap {
  /** @param {number} reference_s */
  nearestCoverAt(reference_s) {
    return this.firstCoverAt(reference_s);
  }
}

export class Picture {
  /** @type {import('./repertoire.js').Piece | null} */
  #shown = null;

  /** @type {FirstTimeMap | null} */
  #map = null;

  #last_seek_s = -Infinity;

  constructor() {
    this.element = make('video', {
      class: 'picture', preload: 'auto', playsinline: true, tabindex: -1, 'aria-hidden': 'true',
    });
    this.element.muted = true;
    this.element.disablePictureInPicture = true;
  }

  /**
   * Show what belongs to the sound of a deck, where that sound has no picture of its own.
   * @param {Deck} deck
   * @param {number} now_s
   */
  accompany(deck, now_s) {
    const { piece } = deck;
    const moves = !saver.on && piece?.json.has_video && piece.natural !== piece;
    const needed = moves ? piece : null;
    if (needed !== this.#shown) this.#load(needed);
    if (this.#map !== null) this.#follow(deck, this.#map, now_s);
  }

  /** @param {import('./repertoire.js').Piece | null} piece */
  #load(piece) {
    const { element } = this;
    const map = piece?.natural.map ?? null;
    if (piece !== null && map === null) return; // still on its way
    this.#shown = piece;
    this.#map = map === null ? null : new FirstTimeMap(map.segments);
    this.#last_seek_s = -Infinity;
    if (piece === null) {
      element.removeAttribute('src');
      element.load();
    } else {
      element.poster = piece.json.poster_url ?? '';
      element.src = /** @type {string} */ (piece.natural.address);
    }
  }

  /**
   * @param {Deck} deck
   * @param {FirstTimeMap} map
   * @param {number} now_s
   */
  #follow(deck, map, now_s) {
    const { element } = this;
    const sound = /** @type {HTMLMediaElement} */ (deck.player.view);
    const lead = {
      reference_s: deck.reference_s,
      velocity: sound.playbackRate,
      advancing: !deck.player.paused,
    };
    const order = decide(lead, {
      map,
      position_s: element.currentTime,
      ready: element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !element.seeking,
      last_seek_s: this.#last_seek_s,
      seek_latency_s: 0,
    }, now_s);
    if (order.kind === 'seek') {
      this.#last_seek_s = now_s;
      element.currentTime = order.to_s;
    } else if (order.kind === 'follow') {
      element.playbackRate = order.rate;
      if (element.paused) element.play().catch(() => {}); // paused again meanwhile
    } else if (order.kind !== 'hold' && !element.paused) {
      element.pause();
    }
  }
}
