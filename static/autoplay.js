/**
 * Jumps by itself, where the song breathes: at every section, and the longer it builds the more
 * often at phrases too; to near covers first and far ones later, then it begins again.
 */

import { boundariesOf } from './phrases.js';
import { LEAD_S } from './switching.js';

/** @typedef {import('./stage.js').Side} Side */

/** The picture moves so long before the sound. */
export const PICTURE_FIRST_S = 0.7;
const BUILD_SWITCHES = 12;
const FURTHEST = 0.8;
/** The share of phrase boundaries that are taken: at first, and at the top of a build. */
const PACE = { calm: 0.2, driven: 0.8 };
/** Nobody is left sooner than this. */
const SHORTEST_STAY_S = 6;
/** Who has the song so long after a boundary goes on. */
export const GOES_ON_S = 1;

export class Autoplay {
  #built = 0;

  /** @type {boolean | null} whether it jumps at the boundary that is near */
  #wants = null;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./hand-over.js').HandOver} handOver
   */
  constructor(stage, handOver) {
    this.stage = stage;
    this.handOver = handOver;
    this.boundaries = boundariesOf(stage.timeline);
  }

  /** How far a build has come, 0..1. */
  get energy() {
    return this.#built / (BUILD_SWITCHES - 1);
  }

  /**
   * @param {number} here_s
   * @param {number} velocity seconds of reference per second on the wall
   * @param {(reference_s: number) => Side | null} readySide
   */
  look(here_s, velocity, readySide) {
    const next = this.boundaries.find(({ time_s }) => time_s > here_s);
    if (next === undefined) return;
    const wait_s = (next.time_s - here_s) / velocity;
    if (wait_s > PICTURE_FIRST_S) this.#wants = null;
    if (wait_s > PICTURE_FIRST_S || wait_s < LEAD_S) return;
    this.#wants ??= this.#decide(next);
    const side = this.#wants ? readySide(next.time_s + GOES_ON_S) : null;
    if (side === null) return;
    this.#built = (this.#built + 1) % BUILD_SWITCHES;
    this.stage.reach = FURTHEST * this.energy;
    this.handOver.after(wait_s, side);
  }

  /** It begins its next build with near covers. */
  begin() {
    this.#built = 0;
    this.#wants = null;
    this.stage.reach = 0;
  }

  /** @param {import('./phrases.js').Boundary} boundary */
  #decide({ isSection }) {
    const { heard, now_s, random } = this.stage;
    const last_s = heard[heard.length - 1]?.at_s ?? -Infinity;
    const pace = PACE.calm + (PACE.driven - PACE.calm) * this.energy;
    return now_s() - last_s >= SHORTEST_STAY_S && (isSection || random() < pace);
  }
}
