/**
 * One leads, then another: the picture moves at once, the sound at its moment.
 *
 * The new one takes its own tempo as its sound arrives: earlier, and its first beat would come at
 * the old one's pace; later, and it would begin out of tune.
 */

import { LEAD_S, nextMoment } from './switching.js';

/**
 * @typedef {import('./stage.js').Deck} Deck
 * @typedef {import('./stage.js').Side} Side
 * @typedef {import('./channel.js').Channel} Channel
 */

const LEADS_BEFORE_S = 0.006;

export class HandOver {
  /** @type {{deck: Deck, side: Side, off: () => void} | null} */
  #pending = null;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./rotation.js').Rotation} rotation
   */
  constructor(stage, rotation) {
    this.stage = stage;
    this.rotation = rotation;
  }

  /** The picture has moved and the sound has not yet. */
  get isUnderWay() {
    return this.#pending !== null;
  }

  /**
   * To a side, on the next beat, or at once if so wished; while nothing sounds, silently.
   * @param {Side} side
   */
  onBeat(side) {
    const { playing, mixer, master, timeline, instant } = this.stage;
    if (!playing || mixer === null) {
      this.#silently(side);
      return;
    }
    if (instant) {
      this.after(LEAD_S, side);
      return;
    }
    const map = /** @type {import('./time-map.js').TimeMap} */ (master.map);
    this.after(nextMoment(map, master.player.position_s, timeline.beats_s).wait_s, side);
  }

  /**
   * @param {number} wait_s
   * @param {Side} side
   */
  after(wait_s, side) {
    const { stage } = this;
    const old = stage.master;
    const deck = stage.slots[side];
    stage.trade(side);
    this.#crossfade(old, deck, wait_s);
    const off = stage.scope.after((wait_s - LEADS_BEFORE_S) * 1000, () => {
      this.#lead(deck);
      this.rotation.makeRoom(side);
    });
    this.#pending = { deck, side, off };
  }

  /** @param {Side} side */
  now(side) {
    this.takeOver(side);
    this.rotation.makeRoom(side);
  }

  /**
   * At once, from a player that broke: its side gets somebody else anyway.
   * @param {Side} side
   */
  takeOver(side) {
    const deck = this.stage.slots[side];
    this.stage.trade(side);
    this.#lead(deck);
    this.stage.soundOnly(deck);
  }

  /** What has been promised but does not sound yet happens now. */
  finish() {
    if (this.#pending === null) return;
    const { deck, side, off } = this.#pending;
    off();
    this.#lead(deck);
    this.stage.soundOnly(deck);
    this.rotation.makeRoom(side);
  }

  /** What has been promised cannot be: who sounds takes the centre again. */
  callOff() {
    if (this.#pending === null) return;
    const { side, off } = this.#pending;
    off();
    this.#pending = null;
    this.stage.trade(side);
    this.stage.soundOnly(this.stage.master);
  }

  /** @param {Side} side */
  #silently(side) {
    const here_s = this.stage.reference_s;
    this.now(side);
    if (here_s !== null) this.stage.master.goTo(here_s);
  }

  /**
   * @param {Deck} from
   * @param {Deck} to
   * @param {number} wait_s
   */
  #crossfade(from, to, wait_s) {
    const mixer = /** @type {import('./mixer.js').Mixer} */ (this.stage.mixer);
    mixer.crossfade(
      /** @type {Channel} */ (from.channel),
      /** @type {Channel} */ (to.channel),
      mixer.now_s + wait_s,
    );
  }

  /** @param {Deck} deck */
  #lead(deck) {
    const { stage } = this;
    this.#pending = null;
    stage.conductor.take(deck);
    if (stage.playing && deck.player.paused) void deck.player.play();
    if (!stage.playing) deck.player.pause();
    stage.noteHeard(deck);
    stage.tell('switched');
  }
}
