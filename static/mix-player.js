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

export class MixPlayer {
  #index = 0;
  #start_s = 0;

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
    this.#index = 0;
    this.ensemble.hold(true);
    this.#mark();
    this.#stop = this.scope.every(LOOK_MS, () => this.#look());
    this.#prepareNext();
  }

  end() {
    if (this.#stop === null) return;
    this.#stop();
    this.#stop = null;
    this.ensemble.hold(false);
    this.ensemble.tell('mix-over');
  }

  #mark() {
    this.#start_s = this.ensemble.master.player.position_s;
  }

  /** Seconds of the mix since the step that sounds. */
  get #since_s() {
    return this.ensemble.master.player.position_s - this.#start_s;
  }

  #look() {
    const { ensemble } = this;
    if (!ensemble.playing || ensemble.isSwitching) return;
    const now = this.steps[this.#index];
    const next = this.steps[this.#index + 1];
    const due_s = (next === undefined ? this.duration_s : next.at_ms / 1000) - now.at_ms / 1000;
    const wait_s = due_s - this.#since_s;
    if (next === undefined) {
      if (wait_s <= 0) this.end();
    } else if (wait_s <= PICTURE_FIRST_S) this.#take(next, wait_s);
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
      if (side !== undefined && piece !== undefined) void ensemble.bring(piece, side);
    }
  }
}
