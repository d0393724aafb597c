/** What is due in the next moments: a new section for autoplay, or the end of the cover's song. */

import { GOES_ON_S, PICTURE_FIRST_S } from './autoplay.js';
import { SIDES } from './stage.js';
import { LEAD_S, lastMoment } from './switching.js';
import { songLeft } from './transport.js';

/**
 * @typedef {import('./stage.js').Side} Side
 * @typedef {import('./time-map.js').TimeMap} TimeMap
 * @typedef {import('./transport.js').Lead} Lead
 */

const END_AHEAD_S = 3;
/** With less left, it is too late for anybody to come into step. */
const LAST_CALL_S = 1;

export class Outlook {
  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./hand-over.js').HandOver} handOver
   * @param {import('./seeking.js').Seeking} seeking
   * @param {import('./next-pass.js').NextPass} nextPass
   * @param {import('./autoplay.js').Autoplay} autoplay
   */
  constructor(stage, handOver, seeking, nextPass, autoplay) {
    this.stage = stage;
    this.autoplay = autoplay;
    this.handOver = handOver;
    this.seeking = seeking;
    this.nextPass = nextPass;
  }

  /** @param {Lead} lead */
  look(lead) {
    const { master: { map, player }, autoplay } = this.stage;
    if (map === null) return;
    const left = player.ended ? null : songLeft(map, player.position_s);
    if (left === null) this.#leaveTheTalk();
    else if (left.left_s < END_AHEAD_S) this.#approachEnd(left);
    else {
      this.nextPass.drop();
      if (autoplay && lead.reference_s !== null) {
        this.autoplay.look(lead.reference_s, lead.velocity, (at_s) => this.#readySide(at_s));
      }
    }
  }

  /**
   * The cover's song is about to end: move on to one that goes on, else begin again.
   * @param {{left_s: number, reference_s: number}} left
   */
  #approachEnd({ left_s, reference_s }) {
    const after_s = reference_s + GOES_ON_S;
    const side = this.#readySide(after_s);
    if (side !== null) this.#moveOn(side, left_s);
    else if (left_s < LAST_CALL_S || this.#sidesAt(after_s).length === 0) {
      this.nextPass.approach(left_s);
    }
  }

  /**
   * On the last beat before the end.
   * @param {Side} side
   * @param {number} left_s
   */
  #moveOn(side, left_s) {
    const { master, timeline } = this.stage;
    const map = /** @type {TimeMap} */ (master.map);
    const last = lastMoment(map, master.player.position_s, timeline.beats_s, left_s);
    const wait_s = last?.wait_s ?? LEAD_S;
    if (wait_s > PICTURE_FIRST_S) return;
    this.nextPass.drop();
    this.handOver.after(wait_s, side);
  }

  /**
   * Sides that have this part of the song.
   * @param {number} reference_s
   */
  #sidesAt(reference_s) {
    return SIDES.filter((side) => this.stage.slots[side].map?.coversAt(reference_s).length);
  }

  /**
   * A side that is in step and goes on at a reference time; the less recently heard one.
   * @param {number} reference_s
   * @returns {Side | null}
   */
  #readySide(reference_s) {
    const { slots, heard } = this.stage;
    const last = (/** @type {Side} */ side) => heard.findLastIndex(
      ({ id }) => id === slots[side].piece?.id,
    );
    const [ready = null] = this.#sidesAt(reference_s)
      .filter((side) => slots[side].canLead)
      .sort((one, other) => last(one) - last(other));
    return ready !== null && slots[ready].want() ? null : ready;
  }

  /** Talk, or the very end: nobody wants to stay there. */
  #leaveTheTalk() {
    const { stage } = this;
    const { map, player } = stage.master;
    this.nextPass.drop();
    const later = player.ended
      ? undefined
      : map?.segments.find((each) => each.cover_s[0] > player.position_s);
    if (later === undefined) stage.tell('loop');
    this.seeking.to(later?.reference_s[0] ?? this.#beginning());
  }

  /** The song's first beat, or where the sounding cover comes in when nobody has that beat. */
  #beginning() {
    const { timeline, master } = this.stage;
    if (this.stage.whoPlays(timeline.start_s) !== null) return timeline.start_s;
    return Math.min(...(master.map?.segments.map((each) => each.reference_s[0]) ?? [0]));
  }
}
