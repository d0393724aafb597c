/**
 * YouTube's player as a `PlayerAdapter`. What it does is asked for by message and seen later: a
 * place is estimated, a rate may be refused, and an advert looks like standing still.
 */

import { YouTubeClock } from './youtube-clock.js';
import { YouTubeFrame } from './youtube-frame.js';
import { reasonOf, STATE } from './youtube-messages.js';
import { obeys, Rates, TRIAL_S, TRIED_RATE, TRIED_STEP } from './youtube-rates.js';

/** @typedef {import('./youtube-messages.js').Reason} Reason */

const WATCH_MS = 200;
/** So long it may stand still before that is said. */
const ADVERT_AFTER_S = 2;
const STALLED_AFTER_S = 1;
/** So long it may go on before somebody else comes. Leaving an advert at once would skip it. */
const STALL_PATIENCE_S = 8;
const ADVERT_PATIENCE_S = 45;
/** A seek that nobody confirms is over. */
const SEEK_PATIENCE_S = 4;
const ARRIVED_S = 1.5;
/** Paused by somebody else than us, and not only while it seeks. */
const MEANT_AFTER_S = 0.4;
const FIRST_START_S = 0.5;
const LONGEST_START_S = 2;
/** Small changes of the rate are asked for so often at most. */
const RATE_PAUSE_S = 0.25;
const LARGE_CHANGE = 0.04;
/** Without rates, only seeks keep it near; each one is seen, so not too many. */
const BY_SEEKS = { seek_above_s: 0.12, seek_pause_s: 3 };

/** What one player has shown holds for all of them. */
const site = { rates: /** @type {import('./youtube-rates.js').Kind} */ ('untried'), start_s: FIRST_START_S };

export class YouTubePlayer {
  #clock = new YouTubeClock();
  #rates = new Rates();
  #rate = 1;
  #asked_s = -Infinity;
  #state = STATE.unstarted;
  #wanted = false;
  #audible = false;
  #volume = 100;
  #isReady = false;
  #blocked = false;
  #since_s = 0;
  #begun_s = 0;

  /** @type {YouTubeFrame | null} */
  #frame = null;

  /** @type {{to_s: number, at_s: number} | null} */
  #seek = null;

  /** @type {{asked: number, from_s: number, at_s: number} | null} */
  #trial = null;

  /** @type {((plays: boolean) => void) | null} */
  #started = null;

  /**
   * @param {HTMLElement} screen
   * @param {string} address
   * @param {import('./deck-player.js').Reports} reports
   * @param {import('./scope.js').Scope} scope
   */
  constructor(screen, address, reports, scope) {
    this.screen = screen;
    this.address = address;
    this.reports = reports;
    this.scope = scope;
    this.#rates.kind = site.rates;
    this.#stopWatching = scope.every(WATCH_MS, () => this.#watch());
  }

  #stopWatching = () => {};

  /** Fetch the player, and have it stand by. */
  prepare() {
    this.#frame ??= new YouTubeFrame(this.screen, this.address, {
      onReady: () => this.#onReady(),
      onInfo: (info) => this.#onInfo(info),
      onState: (state) => this.#onState(state),
      onError: (code) => this.#fail(reasonOf(code)),
      onBlocked: () => this.#onBlocked(),
      onSilence: () => this.#fail('silent'),
    }, this.scope);
  }

  end() {
    this.#stopWatching();
    this.#frame?.end();
    this.#settle(false);
  }

  get position_s() {
    return this.#seek?.to_s ?? this.#clock.positionAt(now_s());
  }

  get ready() {
    if (!this.#isReady || this.#seek !== null || this.#trial !== null) return false;
    return this.#wanted ? this.#state === STATE.playing && this.condition === null : true;
  }

  get paused() {
    return !this.#wanted;
  }

  get ended() {
    return this.#state === STATE.ended;
  }

  get pace() {
    return this.#rates.kind === 'none' ? BY_SEEKS : null;
  }

  /** From being told to play until it plays, as learned. */
  get start_s() {
    return this.#isReady ? site.start_s : LONGEST_START_S;
  }

  /** What the fan should know of it. @type {Reason | null} */
  get condition() {
    if (this.#blocked) return 'blocked';
    if (!this.#wanted) return null;
    if (this.#clock.stillFor(now_s()) > ADVERT_AFTER_S) return 'advert';
    const waits = this.#state === STATE.buffering || this.#state === STATE.unstarted;
    return waits && now_s() - this.#since_s > STALLED_AFTER_S ? 'stalled' : null;
  }

  /** @returns {Promise<boolean>} */
  play() {
    this.prepare();
    this.#wanted = true;
    this.#blocked = false;
    this.#since_s = now_s();
    this.#begun_s = now_s();
    if (this.#isReady) this.#tell('playVideo');
    if (this.#state === STATE.playing) return Promise.resolve(true);
    this.#settle(false);
    return new Promise((resolve) => {
      this.#started = resolve;
    });
  }

  pause() {
    this.#wanted = false;
    this.#settle(false);
    this.#tell('pauseVideo');
  }

  /** It goes there, and neither begins nor ends to play by that. @param {number} to_s */
  seek(to_s) {
    this.#seek = { to_s: Math.max(0, to_s), at_s: now_s() };
    this.#clock.set(this.#seek.to_s, now_s());
    if (this.#isReady) this.#go();
  }

  /** @param {number} rate */
  setRate(rate) {
    if (this.#trial !== null) return;
    if (rate === 1) this.#rates.forget();
    else if (this.#rates.kind === 'untried') return this.#try(TRIED_RATE);
    const chosen = this.#rates.choose(rate, now_s());
    const change = Math.abs(chosen - this.#rate);
    const isDue = now_s() - this.#asked_s > RATE_PAUSE_S || change > LARGE_CHANGE;
    if (change > 0 && (isDue || rate === 1)) this.#askRate(chosen);
    return undefined;
  }

  /** @param {boolean} audible */
  setAudible(audible) {
    this.#audible = audible;
    this.#tell(audible ? 'unMute' : 'mute');
  }

  /** @param {number} volume 0..1, as the ear counts */
  setVolume(volume) {
    this.#volume = Math.round(100 * volume * volume);
    this.#tell('setVolume', this.#volume);
  }

  /**
   * @param {string} func
   * @param {unknown[]} args
   */
  #tell(func, ...args) {
    if (this.#isReady) this.#frame?.tell(func, ...args);
  }

  #onReady() {
    this.#isReady = true;
    this.setAudible(this.#audible);
    this.#tell('setVolume', this.#volume);
    if (this.#seek !== null) this.#go();
    if (this.#wanted) this.#tell('playVideo');
  }

  #go() {
    const { to_s } = /** @type {{to_s: number}} */ (this.#seek);
    const started = this.#state !== STATE.unstarted && this.#state !== STATE.cued;
    if (started) return this.#tell('seekTo', to_s, true);
    const from = { videoId: this.address.split('/').pop(), startSeconds: to_s };
    this.#seek = null;
    return this.#tell(this.#wanted ? 'loadVideoById' : 'cueVideoById', from);
  }

  /** @param {import('./youtube-messages.js').Info} info */
  #onInfo(info) {
    const { playerState, currentTime, currentTimeLastUpdated_, playbackRate } = info;
    const at_s = momentOf(currentTimeLastUpdated_);
    if (info.availablePlaybackRates) this.#rates.offer(info.availablePlaybackRates);
    if (playbackRate !== undefined && playbackRate > 0) this.#clock.setRate(playbackRate, at_s);
    if (playerState !== undefined) this.#onState(playerState);
    if (currentTime === undefined) return;
    if (this.#seek !== null) this.#arrive(currentTime, at_s);
    else if (this.#clock.runs) this.#clock.note(currentTime, at_s);
    else if (this.#state === STATE.paused) this.#clock.set(currentTime, at_s);
    this.#judge(currentTime, at_s);
  }

  /** @param {number} state */
  #onState(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#since_s = now_s();
    this.#clock.run(state === STATE.playing, now_s());
    if (state === STATE.playing) this.#onPlaying();
    if (state === STATE.paused && this.#seek !== null) this.#over();
    if (state === STATE.paused && this.#wanted) this.scope.after(MEANT_AFTER_S * 1000, () => this.#notice());
  }

  #onPlaying() {
    this.#blocked = false;
    if (this.#started !== null) {
      const took_s = Math.min(LONGEST_START_S, now_s() - this.#begun_s);
      site.start_s += (took_s - site.start_s) / 2;
    }
    this.#settle(true);
    if (this.#wanted) return;
    this.#wanted = true;
    this.reports.onSelf(true);
  }

  /** Somebody has pressed pause in the player itself. */
  #notice() {
    if (this.#state !== STATE.paused || !this.#wanted) return;
    this.#wanted = false;
    this.reports.onSelf(false);
  }

  #onBlocked() {
    this.#blocked = true;
    this.#wanted = false;
    this.#settle(false);
  }

  /** @param {boolean} plays */
  #settle(plays) {
    this.#started?.(plays);
    this.#started = null;
  }

  /** @param {Reason} reason */
  #fail(reason) {
    this.#wanted = false;
    this.#settle(false);
    this.reports.onTrouble(reason);
  }

  /**
   * @param {number} position_s
   * @param {number} at_s
   */
  #arrive(position_s, at_s) {
    const { to_s, at_s: asked_s } = /** @type {{to_s: number, at_s: number}} */ (this.#seek);
    if (at_s < asked_s || Math.abs(position_s - to_s) > ARRIVED_S) return;
    this.#clock.set(position_s, at_s);
    this.#over();
  }

  #over() {
    this.#seek = null;
    this.reports.onSought();
  }

  /** @param {number} rate */
  #try(rate) {
    this.#trial = { asked: rate, from_s: this.#clock.positionAt(now_s()), at_s: now_s() };
    this.#askRate(rate);
  }

  /**
   * How fast did it go?
   * @param {number} position_s
   * @param {number} at_s
   */
  #judge(position_s, at_s) {
    if (this.#trial === null) return;
    const { asked, from_s, at_s: begun_s } = this.#trial;
    const passed_s = at_s - begun_s;
    if (!this.#clock.runs || this.#seek !== null) this.#trial = null;
    if (this.#trial === null || passed_s < TRIAL_S) return;
    const isObeyed = obeys(asked, (position_s - from_s) / passed_s);
    this.#trial = null;
    if (!isObeyed && asked === TRIED_RATE) return this.#try(TRIED_STEP);
    const obeyed = asked === TRIED_RATE ? 'fine' : 'steps';
    site.rates = isObeyed ? obeyed : 'none';
    this.#rates.kind = site.rates;
    this.#askRate(1);
    return undefined;
  }

  /** @param {number} rate */
  #askRate(rate) {
    this.#rate = rate;
    this.#asked_s = now_s();
    this.#tell('setPlaybackRate', rate);
  }

  #watch() {
    const { condition } = this;
    if (this.#seek !== null && now_s() - this.#seek.at_s > SEEK_PATIENCE_S) this.#over();
    if (condition === 'advert' && this.#clock.stillFor(now_s()) > ADVERT_PATIENCE_S) this.#fail('advert');
    // Until it is ready the frame says when it has waited long enough.
    if (condition === 'stalled' && this.#isReady && now_s() - this.#since_s > STALL_PATIENCE_S) this.#fail('stalled');
  }
}

function now_s() {
  return performance.now() / 1000;
}

/**
 * The moment of a stamp on our own clock; now, where there is none that can be believed.
 * @param {number | undefined} stamp_s seconds since 1970
 */
function momentOf(stamp_s) {
  const ago_s = stamp_s === undefined ? 0 : Date.now() / 1000 - stamp_s;
  return now_s() - (ago_s > 0 && ago_s < 1 ? ago_s : 0);
}
