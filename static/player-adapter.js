/**
 * Players behind one interface, so that the stage does not care what plays.
 *
 * `waits` says that it may play only while it leads, and takes `start_s` to begin; `condition`
 * what keeps it from playing; `pace` how it is kept near where rates are of no use; `notice_s` how
 * long before another rate is to be heard it has to be told.
 *
 * @typedef {{
 *   view: HTMLElement,
 *   readonly screen: HTMLElement | null,
 *   readonly isEmbedded: boolean,
 *   readonly waits: boolean,
 *   readonly start_s: number,
 *   readonly notice_s: number,
 *   readonly condition: import('./youtube-messages.js').Reason | null,
 *   readonly pace: import('./transport.js').Pace | null,
 *   readonly position_s: number,
 *   readonly ready: boolean,
 *   readonly paused: boolean,
 *   readonly ended: boolean,
 *   sourceIn(context: AudioContext): AudioNode,
 *   load(address: string, poster: string | null): void,
 *   prepare(): void,
 *   unload(): void,
 *   play(): Promise<boolean>,
 *   pause(): void,
 *   seek(to_s: number): void,
 *   setRate(rate: number): void,
 *   setAudible(audible: boolean): void,
 *   setVolume(volume: number): void,
 *   onTrouble(report: (reason?: import('./youtube-messages.js').Reason) => void): void,
 *   onSought(report: () => void): void,
 *   onSelf(report: (plays: boolean) => void): void,
 * }} PlayerAdapter
 */

const SAME_RATE = 0.0004;
/** A media element takes another rate at once; timers are a little late. */
const NOTICE_S = 0.001;

/**
 * A media element. Pitch is never preserved: the stretching algorithm would put tens of
 * milliseconds between the position an element reports and what it plays. The audible player
 * runs at rate 1, so its pitch is its own; the others are silent.
 */
export class Html5Player {
  /** It may play at any time and at any rate, and is heard through the mixer. */
  screen = null;
  isEmbedded = false;
  waits = false;
  start_s = 0;
  condition = null;
  pace = null;

  #asked = 1;

  /** Whether it was told to play. */
  #plays = false;

  /** @type {() => void} */
  #trouble = () => {};

  /** @type {() => void} */
  #sought = () => {};

  /** @type {(plays: boolean) => void} */
  #self = () => {};

  /** @param {import('./scope.js').Scope} scope */
  constructor(scope) {
    this.element = document.createElement('video');
    this.element.preload = 'auto';
    this.element.playsInline = true;
    this.element.preservesPitch = false;
    this.element.disablePictureInPicture = true;
    this.element.tabIndex = -1;
    scope.on(this.element, 'error', () => {
      if (this.element.getAttribute('src')) this.#trouble();
    });
    scope.on(this.element, 'seeked', () => this.#sought());
    for (const name of ['play', 'pause']) scope.on(this.element, name, () => this.#compare());
    scope.add(() => this.unload());
  }

  get view() {
    return this.element;
  }

  get notice_s() {
    return NOTICE_S;
  }

  /**
   * Its sound, which can be asked for once.
   * @param {AudioContext} context
   * @returns {AudioNode}
   */
  sourceIn(context) {
    return context.createMediaElementSource(this.element);
  }

  get position_s() {
    return this.element.currentTime;
  }

  /** Data for now and the next moment is there, and no seek is under way. */
  get ready() {
    return this.element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !this.element.seeking;
  }

  get paused() {
    return this.element.paused;
  }

  get ended() {
    return this.element.ended;
  }

  /**
   * @param {string} address
   * @param {string | null} poster
   */
  load(address, poster) {
    this.element.poster = poster ?? '';
    this.element.src = address;
    this.element.preservesPitch = false;
    this.#asked = 1;
    this.#plays = false;
  }

  /** A key of a headset or the system starts and stops it as well, and at its end it stops. */
  #compare() {
    const plays = !this.element.paused;
    if (plays === this.#plays || this.element.ended) return;
    this.#plays = plays;
    this.#self(plays);
  }

  unload() {
    this.#plays = false;
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.removeAttribute('poster');
    this.element.load();
  }

  /** Resolves to whether it plays; a browser may refuse without a gesture. */
  async play() {
    this.#plays = true;
    try {
      await this.element.play();
      return true;
    } catch {
      this.#plays = !this.element.paused;
      return false;
    }
  }

  pause() {
    this.#plays = false;
    this.element.pause();
  }

  /** @param {number} to_s */
  seek(to_s) {
    this.element.currentTime = Math.max(0, to_s);
  }

  /** @param {number} rate */
  setRate(rate) {
    if (rate !== 1 && Math.abs(rate - this.#asked) < SAME_RATE) return;
    if (rate === this.#asked && this.element.playbackRate === rate) return;
    this.#asked = rate;
    this.element.playbackRate = rate;
  }

  prepare() {}

  setAudible() {}

  setVolume() {}

  /** @param {(plays: boolean) => void} report */
  onSelf(report) {
    this.#self = report;
  }

  /** @param {() => void} report */
  onTrouble(report) {
    this.#trouble = report;
  }

  /** @param {() => void} report */
  onSought(report) {
    this.#sought = report;
  }
}
