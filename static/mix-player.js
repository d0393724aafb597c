/**
 * Plays a mix again: the same recordings, from the same places of the song, after the same time.
 *
 * A cover plays at rate 1, so the time since a step is read off the position of whoever sounds;
 * it stands still when that one does. Whoever comes next waits beside, in step.
 */

import { SIDES } from './stage.js';
import { LEAD_S } from './switching.js';

/**
 * @typedef {import('./api.js').MixStep} MixStep
 * @typedef {import('./ensemble.js').Ensemble} Ensemble
 */

const PICTURE_FIRST_S = 0.6;
/** A step that goes on so near to where the song is anyway is a switch and no jump. */
const GOES_ON_S = 0.35;
const LOOK_MS = 40;
/** Who was asked for and did not come is asked for again. */
const ASK_AGAIN_S = 3;

export class MixPlayer {
  #index = 0;
  #start_s = 0;
  #since_s = 0;

  /** When each was asked for last. @type {Map<number, number>} */
  #asked_s = new Map();

  /** @type {(() => void) | null} */
  #stop = null;

  /**
   * @param {Ensemble} ensemble
   * @param {MixStep[]} steps
   * @param {number} duration_ms
   * @param {import('./scope.js').Scope} scope
   */
  constructor(ensemble, steps, duration_ms, scope) {
    const known = new Set(ensemble.pieces.map(({ id }) => id));
    this.ensemble = ensemble;
    this.steps = steps.filter(({ recording_id }) => known.has(recording_id));
    this.missing = steps.length - this.steps.length;
    this.duration_s = duration_ms / 1000;
    this.scope = scope;
  }

  /** @returns {MixStep | undefined} */
  get first() {
    return this.steps[0];
  }

  get isPlaying() {
    return this.#stop !== null;
  }

  /** The first step sounds; from now on the mix decides. */
  begin() {
    if (this.steps.length === 0) return;
    this.#index = 0;
    this.ensemble.hold(true);
    this.#mark();
    const offs = ['switched', 'sought'].map((name) =>
      this.scope.on(this.ensemble, name, () => this.#mark(this.#since_s)));
    const still = this.scope.every(LOOK_MS, () => this.#look());
    this.#stop = () => {
      for (const off of [still, ...offs]) off();
    };
    this.#prepareNext();
  }

  end() {
    if (this.#stop === null) return;
    this.#stop();
    this.#stop = null;
    this.ensemble.hold(false);
    this.ensemble.tell('mix-over');
  }

  /**
   * The step that sounds is so old where the sounding player is now.
   * @param {number} since_s
   */
  #mark(since_s = 0) {
    this.#since_s = since_s;
    this.#start_s = this.ensemble.master.player.position_s - since_s;
  }

  #look() {
    const { ensemble } = this;
    const { position_s, ended } = ensemble.master.player;
    if (!ensemble.playing || ensemble.isSwitching) return;
    this.#since_s = position_s - this.#start_s;
    while (this.#isLost(this.steps[this.#index + 1])) this.steps.splice(this.#index + 1, 1);
    const now = this.steps[this.#index];
    const next = this.steps[this.#index + 1];
    const due_s = (next === undefined ? this.duration_s : next.at_ms / 1000) - now.at_ms / 1000;
    const wait_s = ended ? 0 : due_s - this.#since_s;
    if (next === undefined) {
      if (wait_s <= 0) this.end();
    } else if (wait_s <= PICTURE_FIRST_S) this.#take(next, wait_s);
  }

  /** It cannot be played any more. @param {MixStep | undefined} step */
  #isLost(step) {
    return step !== undefined
      && this.ensemble.pieces.some(({ id, failed }) => id === step.recording_id && failed);
  }

  /**
   * @param {MixStep} step
   * @param {number} wait_s
   */
  #take(step, wait_s) {
    const { ensemble } = this;
    const { master } = ensemble;
    const reference_s = step.reference_ms / 1000;
    const then_s = master.map?.referenceAt(master.player.position_s + wait_s) ?? null;
    const goesOn = then_s !== null && Math.abs(then_s - reference_s) < GOES_ON_S;
    const side = SIDES.find((each) => ensemble.slots[each].piece?.id === step.recording_id);
    if (side !== undefined && goesOn && ensemble.slots[side].isNear) {
      const exact_s = master.map?.nearestCoverAt(reference_s, master.player.position_s + wait_s);
      const left_s = (exact_s ?? master.player.position_s + wait_s) - master.player.position_s;
      this.#onward(() => ensemble.switchAfter(Math.max(LEAD_S, left_s), side));
    } else if (wait_s <= 0) this.#jump(step, side, reference_s);
  }

  /**
   * @param {MixStep} step
   * @param {'left' | 'right' | undefined} side
   * @param {number} reference_s
   */
  #jump(step, side, reference_s) {
    const { ensemble } = this;
    if (ensemble.master.piece?.id !== step.recording_id) {
      if (side === undefined || ensemble.slots[side].map === null) {
        this.#prepareNext();
        return; // it is still being fetched: the old one plays on meanwhile
      }
      ensemble.switchNow(side);
    }
    this.#onward(() => ensemble.seek(reference_s));
    this.#mark();
  }

  /** @param {() => void} act */
  #onward(act) {
    this.#index += 1;
    const master = this.ensemble.master;
    act();
    if (this.ensemble.master !== master || !this.ensemble.isSwitching) this.#settle();
    else this.scope.on(this.ensemble, 'switched', () => this.#settle(), { once: true });
  }

  #settle() {
    this.#mark();
    this.#prepareNext();
  }

  /** The next two recordings that are not on stage yet wait at the sides. */
  #prepareNext() {
    const { ensemble } = this;
    const centre = ensemble.slots.centre.piece?.id;
    const ahead = this.steps.slice(this.#index + 1).map(({ recording_id }) => recording_id);
    const wanted = [...new Set(ahead)].filter((id) => id !== centre).slice(0, SIDES.length);
    const free = SIDES.filter((side) => !wanted.includes(ensemble.slots[side].piece?.id ?? -1));
    const there = SIDES.map((side) => ensemble.slots[side].piece?.id);
    for (const id of wanted.filter((each) => !there.includes(each))) {
      const side = free.shift();
      const piece = ensemble.pieces.find((each) => each.id === id);
      if (side === undefined || piece === undefined || piece.failed) continue;
      const now_s = ensemble.now_s();
      if (now_s - (this.#asked_s.get(id) ?? -Infinity) < ASK_AGAIN_S) continue;
      this.#asked_s.set(id, now_s);
      void ensemble.bring(piece, side);
    }
  }
}
