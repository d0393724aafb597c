/**
 * A recording's sound from decoded parts on the audio clock, for browsers whose media elements
 * cannot be held in step: rates change at exact moments, parts follow each other without a gap,
 * and the position is what that clock says. The element is the picture only, silent.
 *
 * What comes next is always scheduled ahead. A change of the rate moves its moment, so it is
 * scheduled again; no timer ever decides when sound begins.
 *
 * Files whose parts cannot be told play through the element as everywhere else.
 */

import { BufferSound } from './buffer-sound.js';
import { isCovered, RateClock, windowsAt } from './buffer-windows.js';
import { Html5Player } from './player-adapter.js';

/**
 * @typedef {import('./buffer-sound.js').DecodedWindow} DecodedWindow
 * @typedef {{node: AudioBufferSourceNode, window: DecodedWindow, at_s: number}} Sounding
 */

const LOOK_MS = 150;
/** So long before its moment a change is handed to the audio thread, which works ahead in blocks. */
const NOTICE_S = 0.03;
/** So long before it begins a window is scheduled. */
const AHEAD_S = 1;
const QUANTUM = 128;
const USUAL_RATE = 48_000;
const SAME_RATE = 0.0001;
const RESUME_MS = 1000;
/** Pictures may be so far off before they are sought. */
const PICTURE_OFF_S = 0.5;

export class BufferPlayer extends Html5Player {
  #clock = new RateClock();

  /** @type {AudioContext | null} */
  #context = null;

  /** @type {GainNode | null} */
  #out = null;

  /** @type {MediaElementAudioSourceNode | null} */
  #elementSource = null;

  /** @type {BufferSound | null} `null` while the element itself sounds */
  #sound = null;

  /** @type {DecodedWindow[]} */
  #windows = [];

  /** @type {Sounding[]} in order */
  #sounding = [];

  #at_s = 0;
  #rate = 1;
  #plays = false;
  #decoding = false;
  #sought = false;
  #duration_s = Infinity;

  #report = () => {};

  /** @param {import('./scope.js').Scope} scope */
  constructor(scope) {
    super(scope);
    scope.every(LOOK_MS, () => this.#look());
  }

  /** @param {AudioContext} context */
  sourceIn(context) {
    this.#context = context;
    this.#out = context.createGain();
    const { element } = this;
    if (this.#sound === null && element.getAttribute('src')) this.#soundThroughElement();
    return this.#out;
  }

  get notice_s() {
    return this.#sound === null ? super.notice_s : NOTICE_S + super.notice_s;
  }

  get position_s() {
    if (this.#sound === null) return super.position_s;
    const last = this.#sounding[this.#sounding.length - 1];
    if (last === undefined || this.#context === null) return this.#at_s;
    return Math.min(this.#clock.positionAt(this.#context.currentTime), last.window.to_s);
  }

  get ready() {
    if (this.#sound === null) return super.ready;
    return isCovered(this.#windows, this.position_s, this.#duration_s);
  }

  get paused() {
    return this.#sound === null ? super.paused : !this.#plays || this.ended;
  }

  get ended() {
    return this.#sound === null ? super.ended : this.position_s >= this.#duration_s;
  }

  /**
   * @param {string} address
   * @param {string | null} poster
   */
  load(address, poster) {
    this.#forget();
    super.load(address, poster);
    this.element.muted = true;
    const sound = new BufferSound(address, this.#context?.sampleRate ?? USUAL_RATE);
    this.#sound = sound;
    sound.duration_s.then((duration_s) => {
      if (sound !== this.#sound) return;
      this.#duration_s = duration_s;
      void this.#decode();
    }).catch(() => this.#giveUp(sound));
  }

  unload() {
    this.#forget();
    super.unload();
  }

  #forget() {
    this.#halt();
    this.#sound?.end();
    this.#sound = null;
    this.#windows = [];
    this.#at_s = 0;
    this.#rate = 1;
    this.#plays = false;
    this.#sought = false;
    this.#duration_s = Infinity;
  }

  /** This file's parts cannot be had: the element goes on. @param {BufferSound} sound */
  #giveUp(sound) {
    if (sound !== this.#sound) return;
    const [at_s, plays, rate] = [this.position_s, this.#plays, this.#rate];
    this.#forget();
    this.#soundThroughElement();
    super.seek(at_s);
    super.setRate(rate);
    if (plays) void super.play();
  }

  #soundThroughElement() {
    this.element.muted = false;
    if (this.#context === null || this.#out === null) return;
    this.#elementSource ??= this.#context.createMediaElementSource(this.element);
    this.#elementSource.connect(this.#out);
  }

  async play() {
    if (this.#sound === null) return super.play();
    if (!await this.#resume()) return false;
    this.#plays = true;
    this.#begin();
    return true;
  }

  /** Browsers refuse without a gesture by never answering. */
  async #resume() {
    const context = /** @type {AudioContext} */ (this.#context);
    if (context.state === 'running') return true;
    return Promise.race([
      context.resume().then(() => true),
      new Promise((resolve) => { setTimeout(() => resolve(false), RESUME_MS); }),
    ]);
  }

  pause() {
    super.pause();
    this.#halt();
    this.#plays = false;
  }

  /** @param {number} to_s */
  seek(to_s) {
    super.seek(to_s);
    if (this.#sound === null) return;
    this.#halt();
    this.#at_s = Math.max(0, Math.min(to_s, this.#duration_s));
    this.#sought = true;
    void this.#decode();
  }

  /** @param {number} rate */
  setRate(rate) {
    if (this.#sound === null) return super.setRate(rate);
    if (rate !== 1 && Math.abs(rate - this.#rate) < SAME_RATE) return undefined;
    if (rate === this.#rate) return undefined;
    this.#rate = rate;
    this.element.playbackRate = rate;
    if (this.#sounding.length) this.#turn(rate);
    return undefined;
  }

  /** @param {() => void} report */
  onSought(report) {
    this.#report = report;
    super.onSought(() => {
      if (this.#sound === null) report();
    });
  }

  /** The picture is started and stopped here all the time. @param {(plays: boolean) => void} report */
  onSelf(report) {
    super.onSelf((plays) => {
      if (this.#sound === null) report(plays);
    });
  }

  /** Rates change, and sound begins, on the edges of the audio thread's blocks. */
  #soon_s() {
    const { currentTime, sampleRate } = /** @type {AudioContext} */ (this.#context);
    return (Math.ceil(((currentTime + NOTICE_S) * sampleRate) / QUANTUM) * QUANTUM) / sampleRate;
  }

  /** @returns {void} */
  #begin() {
    if (this.#sounding.length || !this.#plays || this.#context === null || !this.ready) return;
    const window = this.#windows.find(({ from_s, to_s }) =>
      this.#at_s >= from_s && this.#at_s < to_s);
    if (window === undefined) return;
    const at_s = this.#soon_s();
    this.#clock.start(at_s, this.#at_s, this.#rate);
    this.#add(window, at_s, this.#at_s);
    if (this.#context.currentTime < at_s) this.#schedule();
    else this.#beginAgain(); // this thread was held up: it begins late
  }

  /**
   * @param {DecodedWindow} window
   * @param {number} at_s
   * @param {number} position_s
   */
  #add(window, at_s, position_s) {
    const context = /** @type {AudioContext} */ (this.#context);
    const node = context.createBufferSource();
    node.buffer = window.buffer;
    node.loop = true; // Chromium ends what never looped after its buffer's length, as if at rate 1
    node.loop = false;
    node.playbackRate.value = this.#rate;
    node.connect(/** @type {GainNode} */ (this.#out));
    node.start(at_s, Math.max(0, position_s - window.start_s));
    this.#sounding.push({ node, window, at_s });
  }

  /**
   * The next window begins where the last one ends; what is far ahead may wait.
   * @returns {void}
   */
  #schedule() {
    const last = this.#sounding[this.#sounding.length - 1];
    const next = this.#windows.find(({ from_s }) => from_s === last?.window.to_s);
    if (last === undefined || next === undefined) return;
    const at_s = this.#clock.momentOf(next.from_s);
    const ahead_s = at_s - /** @type {AudioContext} */ (this.#context).currentTime;
    if (ahead_s > AHEAD_S) return;
    if (ahead_s < 0) return this.#beginAgain(); // it came too late
    last.node.stop(at_s);
    this.#add(next, at_s, next.from_s);
  }

  #beginAgain() {
    this.#halt();
    this.#begin();
  }

  /** @param {number} rate */
  #turn(rate) {
    const at_s = Math.max(this.#soon_s(), this.#sounding[0].at_s);
    this.#clock.turn(at_s, rate);
    const [begun, coming] = [this.#sounding.filter((each) => each.at_s <= at_s),
      this.#sounding.filter((each) => each.at_s > at_s)];
    for (const { node } of coming) silence(node);
    for (const { node } of begun) node.playbackRate.setValueAtTime(rate, at_s);
    const last = begun[begun.length - 1];
    if (coming.length) last.node.stop(this.#clock.momentOf(last.window.to_s)); // it may be later now
    this.#sounding = begun;
    this.#schedule();
  }

  #halt() {
    this.#at_s = this.position_s;
    for (const { node } of this.#sounding) silence(node);
    this.#sounding = [];
  }

  /** Fetch what is missing here, one part after the other. */
  async #decode() {
    const sound = this.#sound;
    if (this.#decoding || sound === null || this.#duration_s === Infinity) return;
    const wanted = windowsAt(this.position_s, this.#duration_s);
    this.#windows = this.#windows.filter((each) => wanted.some(({ from_s }) => from_s === each.from_s));
    const missing = wanted.find(({ from_s }) => this.#windows.every((each) => each.from_s !== from_s));
    this.#goOn();
    if (missing === undefined) return;
    this.#decoding = true;
    const decoded = await sound.decode(missing).catch(() => null);
    this.#decoding = false;
    if (decoded === null) this.#giveUp(sound);
    else if (sound === this.#sound) this.#windows.push(decoded);
    void this.#decode();
  }

  /** Something has been decoded, or is needed. */
  #goOn() {
    if (this.#sounding.length) this.#schedule();
    else this.#begin();
    if (this.#sought && this.ready) {
      this.#sought = false;
      this.#report();
    }
  }

  #look() {
    if (this.#sound === null || this.#context === null) return;
    const { position_s } = this;
    const first = this.#sounding.findLastIndex(({ window }) => window.from_s <= position_s);
    if (first > 0) this.#sounding.splice(0, first);
    void this.#decode();
    this.#leadPicture(position_s);
  }

  /** @param {number} position_s */
  #leadPicture(position_s) {
    const { element } = this;
    if (element.videoWidth === 0 || element.seeking) return;
    if (this.paused) return element.pause();
    const late_s = position_s - element.currentTime;
    if (Math.abs(late_s) > PICTURE_OFF_S) element.currentTime = position_s;
    else element.playbackRate = this.#rate * (1 + Math.max(-0.1, Math.min(0.1, late_s)));
    if (element.paused) element.play().catch(() => {}); // paused again meanwhile
    return undefined;
  }
}

/** @param {AudioBufferSourceNode} node */
function silence(node) {
  node.stop();
  node.disconnect();
}
