/**
 * One deck's player, whatever lies on it: our own recordings, or YouTube's player in a frame.
 *
 * What plays YouTube is fetched when the first of its recordings comes.
 */

import { make } from './dom.js';

/**
 * @typedef {import('./player-adapter.js').PlayerAdapter} PlayerAdapter
 * @typedef {typeof import('./player-adapter.js').Html5Player} Html5Player
 * @typedef {import('./youtube-messages.js').Reason} Reason
 * @typedef {{
 *   onTrouble(reason?: Reason): void, onSought(): void, onSelf(plays: boolean): void,
 * }} Reports
 */

/** @implements {PlayerAdapter} */
export class DeckPlayer {
  /** Nothing of ours ever lies over what is in here. */
  screen = make('div', { class: 'screen' });

  /** @type {Reports} */
  #reports = { onTrouble() {}, onSought() {}, onSelf() {} };

  /** @type {import('./youtube-adapter.js').YouTubePlayer | null} */
  #youtube = null;

  /** @type {string | null} of the player in the frame that is wanted */
  #address = null;

  #arrival = Promise.resolve();
  #start_s = 0;
  #audible = false;
  #volume = 1;

  /**
   * @param {import('./scope.js').Scope} scope
   * @param {Html5Player} Own what plays our own recordings
   * @param {boolean} onlyOne whether YouTube's players play one at a time
   */
  constructor(scope, Own, onlyOne) {
    this.scope = scope;
    this.onlyOne = onlyOne;
    this.own = new Own(scope);
    this.own.onTrouble(() => this.#reports.onTrouble());
    this.own.onSought(() => this.#reports.onSought());
    this.own.onSelf((plays) => this.#reports.onSelf(plays));
  }

  get view() {
    return this.own.element;
  }

  /** @param {AudioContext} context */
  sourceIn(context) {
    return this.own.sourceIn(context);
  }

  get isEmbedded() {
    return this.#address !== null;
  }

  /** It plays only while it leads. */
  get waits() {
    return this.isEmbedded && this.onlyOne;
  }

  get #current() {
    return this.isEmbedded ? this.#youtube : this.own;
  }

  get position_s() {
    return this.#current?.position_s ?? this.#start_s;
  }

  get ready() {
    return this.#current?.ready ?? false;
  }

  get paused() {
    return this.#current?.paused ?? true;
  }

  get ended() {
    return this.#current?.ended ?? false;
  }

  get pace() {
    return this.isEmbedded ? this.#youtube?.pace ?? null : null;
  }

  get condition() {
    return this.isEmbedded ? this.#youtube?.condition ?? null : null;
  }

  get notice_s() {
    return this.isEmbedded ? 0 : this.own.notice_s;
  }

  get start_s() {
    return this.isEmbedded ? this.#youtube?.start_s ?? 1 : 0;
  }

  /**
   * @param {string} address our own media, or a player elsewhere
   * @param {string | null} poster
   */
  load(address, poster) {
    this.#leave();
    if (new URL(address, location.href).origin === location.origin) {
      this.own.load(address, poster);
      return;
    }
    this.own.unload();
    this.own.element.poster = poster ?? '';
    this.#address = address;
    this.#start_s = 0;
    this.#arrival = this.#bring(address);
  }

  /** @param {string} address */
  async #bring(address) {
    const found = await import('./youtube-adapter.js').catch(() => null);
    if (this.#address !== address) return undefined;
    if (found === null) return this.#reports.onTrouble();
    this.#youtube = new found.YouTubePlayer(this.screen, address, {
      onTrouble: (reason) => this.#reports.onTrouble(reason),
      onSought: () => this.#reports.onSought(),
      onSelf: (plays) => this.#reports.onSelf(plays),
    }, this.scope);
    this.#youtube.setAudible(this.#audible);
    this.#youtube.setVolume(this.#volume);
    if (this.#start_s > 0) this.#youtube.seek(this.#start_s);
    return undefined;
  }

  #leave() {
    this.#youtube?.end();
    this.#youtube = null;
    this.#address = null;
    this.#arrival = Promise.resolve();
  }

  unload() {
    this.#leave();
    this.own.unload();
  }

  /** Have it stand by, so that it begins soon when it is told to. */
  prepare() {
    this.#youtube?.prepare();
  }

  async play() {
    await this.#arrival;
    return this.#current?.play() ?? false;
  }

  pause() {
    this.#current?.pause();
  }

  /** @param {number} to_s */
  seek(to_s) {
    this.#start_s = to_s;
    this.#current?.seek(to_s);
  }

  /** @param {number} rate */
  setRate(rate) {
    this.#current?.setRate(rate);
  }

  /** What the faders do for our own element. @param {boolean} audible */
  setAudible(audible) {
    this.#audible = audible;
    this.#youtube?.setAudible(audible);
  }

  /** @param {number} volume */
  setVolume(volume) {
    this.#volume = volume;
    this.#youtube?.setVolume(volume);
  }

  /** @param {(reason?: Reason) => void} report */
  onTrouble(report) {
    this.#reports.onTrouble = report;
  }

  /** @param {() => void} report */
  onSought(report) {
    this.#reports.onSought = report;
  }

  /** Somebody has pressed play or pause in the player itself. @param {(plays: boolean) => void} report */
  onSelf(report) {
    this.#reports.onSelf = report;
  }
}
