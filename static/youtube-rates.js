/**
 * Rates that a player in a frame takes: any, steps only, or none. Pure.
 *
 * What it takes is disputed, so it is tried: asked for 1.1 for a while, how fast does it go? With
 * steps only, the wanted rate is kept on average by changing between the two steps around it.
 */

export const TRIED_RATE = 1.1;
export const TRIAL_S = 2;
/** A larger step, for those who take no small one. */
export const TRIED_STEP = 1.25;
const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const TELLS = 0.04;
/** A step lasts at least so long: shorter, and the player has not even heard of it. */
const DWELL_S = 0.3;
const LARGEST_DEBT_S = 0.3;

/** @typedef {'untried' | 'fine' | 'steps' | 'none'} Kind */

/**
 * @param {number} asked
 * @param {number} went seconds of the recording per second
 */
export function obeys(asked, went) {
  return Math.abs(went - asked) < TELLS;
}

/** Keeps a wanted rate with what there is. */
export class Rates {
  /** @type {Kind} */
  kind = 'untried';

  steps = STEPS;

  /** Seconds of the recording that are still owed. */
  #debt_s = 0;
  #wanted = 1;
  #chosen = 1;
  #asked_s = -Infinity;
  #changed_s = -Infinity;

  /** @param {number[]} steps that the player names */
  offer(steps) {
    if (steps.length > 0) this.steps = [...steps].sort((one, other) => one - other);
  }

  /** Start anew, at rate 1. */
  forget() {
    this.#debt_s = 0;
    this.#wanted = 1;
    this.#chosen = 1;
    this.#asked_s = -Infinity;
  }

  /**
   * The rate to ask the player for.
   * @param {number} wanted
   * @param {number} now_s
   */
  choose(wanted, now_s) {
    if (this.kind === 'none') return 1;
    if (this.kind !== 'steps') return wanted;
    const passed_s = Math.min(DWELL_S, now_s - this.#asked_s);
    this.#asked_s = now_s;
    this.#owe((this.#wanted - this.#chosen) * passed_s);
    this.#wanted = wanted;
    if (now_s - this.#changed_s < DWELL_S) return this.#chosen;
    const [below, above] = this.#around(wanted);
    const next = this.#debt_s > 0 ? above : below;
    if (next !== this.#chosen) this.#changed_s = now_s;
    this.#chosen = next;
    return next;
  }

  /** @param {number} more_s */
  #owe(more_s) {
    const debt_s = this.#debt_s + more_s;
    this.#debt_s = Math.max(-LARGEST_DEBT_S, Math.min(LARGEST_DEBT_S, debt_s));
  }

  /** @param {number} wanted */
  #around(wanted) {
    const below = this.steps.findLast((each) => each <= wanted) ?? this.steps[0];
    const above = this.steps.find((each) => each >= wanted) ?? this.steps[this.steps.length - 1];
    return [below, above];
  }
}
