/**
 * A cover and its reference, played together: one is heard, the other follows it through the map,
 * so that changing over is on the beat. What keeps them together is the player's own.
 */

import { Conductor, TICK_MS } from '../conductor.js';
import { Deck } from '../deck.js';
import { Mixer } from '../mixer.js';
import { Html5Player } from '../player-adapter.js';
import { TimeMap } from '../time-map.js';

/** @typedef {'reference' | 'cover'} Side */

const NOTICE_S = 0.05;

/**
 * What a deck needs to know of a recording.
 * @param {string} media_url
 * @param {TimeMap} map
 */
function pieceOf(media_url, map) {
  const found = { address: media_url, still: null, json: { media_url }, map, isReference: false };
  return /** @type {import('../repertoire.js').Piece} */ (/** @type {unknown} */ (found));
}

export class Pair {
  /** @type {Mixer | null} */
  #mixer = null;

  #conductor = new Conductor();

  playing = false;

  /** @type {Side} */
  heard = 'reference';

  /**
   * @param {import('../scope.js').Scope} scope
   * @param {{reference_url: string, cover_url: string, duration_s: number, map: TimeMap}} given
   *   `duration_s` of the reference
   */
  constructor(scope, { reference_url, cover_url, duration_s, map }) {
    this.map = map;
    this.decks = { reference: new Deck(new Html5Player(scope)), cover: new Deck(new Html5Player(scope)) };
    this.decks.reference.load(pieceOf(reference_url, TimeMap.identity(duration_s)));
    this.decks.cover.load(pieceOf(cover_url, map));
    this.#conductor.take(this.decks.reference);
    scope.every(TICK_MS, () => this.#tick());
  }

  get #both() {
    return [this.decks.reference, this.decks.cover];
  }

  /** Where the reference is, or would be; `null` while the cover is not the song. */
  get reference_s() {
    return this.heard === 'reference' ? this.decks.reference.player.position_s : this.decks.cover.reference_s;
  }

  get cover_s() {
    const { player } = this.decks.cover;
    if (this.heard === 'cover') return player.position_s;
    return this.map.nearestCoverAt(this.decks.reference.player.position_s, player.position_s);
  }

  /** How the one that is not heard keeps up. */
  get follower() {
    return this.decks[this.heard === 'reference' ? 'cover' : 'reference'];
  }

  async toggle() {
    if (this.playing) this.pause();
    else await this.play();
  }

  async play() {
    if (this.#mixer === null) {
      this.#mixer = new Mixer();
      for (const deck of this.#both) {
        deck.channel = this.#mixer.addChannel(deck.player);
      }
      this.#open();
    }
    void this.#mixer.context.resume();
    this.playing = await this.decks[this.heard].player.play();
  }

  pause() {
    this.playing = false;
    for (const deck of this.#both) deck.player.pause();
  }

  /**
   * Change over. Together they sound without a seam; where the other has not this part, or is not
   * there yet, it is sought out first.
   * @param {Side} side
   */
  hear(side) {
    if (side === this.heard) return;
    const from = this.decks[this.heard];
    const to = this.decks[side];
    const here_s = this.reference_s;
    const together = to.isInStep || to.isNear;
    this.heard = side;
    if (!together && here_s !== null) to.goTo(here_s);
    this.#conductor.take(to);
    if (this.#mixer !== null && from.channel !== null && to.channel !== null && together) {
      this.#mixer.crossfade(from.channel, to.channel, this.#mixer.now_s + NOTICE_S);
    } else this.#open();
    if (this.playing) void to.player.play();
  }

  /** @param {number} reference_s */
  seek(reference_s) {
    for (const deck of this.#both) deck.goTo(reference_s);
  }

  /** @param {number} cover_s */
  seekCover(cover_s) {
    this.decks.cover.player.seek(cover_s);
    const reference_s = this.map.referenceAt(cover_s);
    if (reference_s !== null) this.decks.reference.player.seek(reference_s);
    else this.hear('cover');
  }

  #open() {
    const { channel } = this.decks[this.heard];
    if (channel !== null) this.#mixer?.openOnly(channel);
  }

  #tick() {
    if (!this.playing) return;
    this.#conductor.keepTogether(this.#both, performance.now() / 1000);
    if (this.decks[this.heard].player.ended) this.pause();
  }
}
