/**
 * Who makes room, and when the one in the wings comes in: on a bar line, when it is in step.
 *
 * Who was just heard leaves after a bar; so does, after a while, who nobody wants to hear, who
 * lacks the song for long or is about to, and who cannot be held in step.
 */

import { SIDES } from './stage.js';
import { songLeft } from './transport.js';
import { words } from './words.js';

/**
 * @typedef {import('./stage.js').Deck} Deck
 * @typedef {import('./stage.js').Side} Side
 */

const LEAVES_AFTER_BARS = 2;
const MOST_PASSED_OVER = 3;
const LONG_ABSENCE_S = 12;
/** With less of the song left, and no more to come soon, somebody else is called. */
const RUNNING_OUT_S = 10;
/** The picture fades out meanwhile. */
const CLEAR_AFTER_MS = 600;

export class Rotation {
  /** Sides whose player has to make room, and the bar lines each has seen since. */
  #leaving = /** @type {Map<Side, number>} */ (new Map());

  /** How many jumps a side has seen without taking part. */
  #passedOver = { left: 0, right: 0 };

  /** Somebody asked for other companions and has had no answer yet. */
  #asked = false;

  /** Nobody comes or goes by itself. */
  isHeld = false;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./casting.js').Casting} casting
   */
  constructor(stage, casting) {
    this.stage = stage;
    this.casting = casting;
  }

  /**
   * A jump has put the old centre on this side.
   * @param {Side} side
   */
  makeRoom(side) {
    const other = side === 'left' ? 'right' : 'left';
    this.#leaving.set(side, 0);
    this.#passedOver[side] = 0;
    this.#passedOver[other] += 1;
    if (this.isHeld) return;
    if (this.#passedOver[other] >= MOST_PASSED_OVER) this.#leaving.set(other, 0);
    void this.#castSpare();
  }

  /** Both companions make room for others at the next bar line. */
  refresh() {
    this.#asked = true;
    if (!this.stage.spare.reserved) this.stage.spare.clear();
    for (const side of SIDES) this.#leaving.set(side, LEAVES_AFTER_BARS - 1);
    void this.#castSpare();
  }

  /** @param {boolean} isStill whether nobody is changing places, or about to */
  onBarLine(isStill) {
    if (this.isHeld) return;
    for (const [side, bars] of this.#leaving) this.#leaving.set(side, bars + 1);
    this.#relieveAbsentees();
    const ripe = SIDES.find((side) => !this.stage.slots[side].reserved
      && (this.#leaving.get(side) ?? 0) >= LEAVES_AFTER_BARS);
    const { spare } = this.stage;
    if (ripe !== undefined && isStill && spare.canLead && !spare.reserved) this.#bringIn(ripe);
  }

  /** Who lacks the song for long makes room for somebody who has it. */
  #relieveAbsentees() {
    for (const side of SIDES) {
      const deck = this.stage.slots[side];
      if (deck.isUnsteady && deck.piece !== null) deck.piece.unsteady = true;
      const makesRoom = deck.piece === null || deck.isUnsteady || isLongAway(deck)
        || this.#runsOut(deck);
      if (makesRoom && !this.#leaving.has(side)) this.#leaving.set(side, LEAVES_AFTER_BARS - 1);
    }
    void this.#castSpare();
  }

  /**
   * The cover is about to leave the song, and the song is not.
   * @param {Deck} deck
   */
  #runsOut({ state, map, player }) {
    if (state !== 'following' || map === null) return false;
    const left = songLeft(map, player.position_s);
    return left !== null && left.left_s < RUNNING_OUT_S
      && this.stage.timeline.end_s - left.reference_s > RUNNING_OUT_S;
  }

  /**
   * The one in the wings takes a side; who was there leaves.
   * @param {Side} side
   */
  #bringIn(side) {
    const { stage } = this;
    const gone = stage.slots[side];
    stage.slots[side] = stage.spare;
    stage.spare = gone;
    this.#leaving.delete(side);
    this.#passedOver[side] = 0;
    gone.reserved = true;
    gone.player.pause();
    stage.tell('slots');
    stage.scope.after(CLEAR_AFTER_MS, () => this.#clear(gone));
  }

  /** @param {Deck} gone */
  #clear(gone) {
    gone.clear();
    this.stage.tell('slots');
    void this.#castSpare();
  }

  /** While somebody has to make room, somebody is in the wings. */
  async #castSpare() {
    const { spare, tags } = this.stage;
    if (this.#leaving.size === 0 || spare.piece !== null) return;
    if (await this.casting.cast(spare)) return;
    if (tags.length && this.#asked) this.stage.say(words.noneLeftForTags(tags));
    this.#asked = false;
    this.#leaving.clear();
  }
}

/** @param {Deck} deck */
function isLongAway({ isMissing, back_s }) {
  return isMissing && (back_s === null || back_s > LONG_ABSENCE_S);
}
