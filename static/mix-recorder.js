/**
 * Records what is heard as the steps of a mix: from when on, which recording, from which place of
 * the song. Time counts only while it plays, so a pause is not part of a mix. Pure.
 */

/** @typedef {import('./api.js').MixStep} MixStep */

/** A switch is noted a moment before its beat sounds; it belongs on the beat. */
const ON_BEAT_S = 0.06;

export class MixRecorder {
  /** @type {MixStep[]} */
  steps = [];

  #played_s = 0;

  /** @type {number | null} */
  #since_s = null;

  /** @param {number[]} beats_s of the Reference */
  constructor(beats_s) {
    this.beats_s = beats_s;
  }

  /**
   * From now on this sounds.
   * @param {number} recording_id
   * @param {number} reference_s
   * @param {number} now_s
   */
  note(recording_id, reference_s, now_s) {
    this.go(now_s);
    const on_s = this.#onBeat(reference_s);
    const at_ms = this.steps.length ? Math.round((this.played_s(now_s) + on_s - reference_s) * 1000) : 0;
    const reference_ms = Math.max(0, Math.round(on_s * 1000));
    const last = this.steps.at(-1);
    if (last !== undefined && at_ms <= last.at_ms) this.steps.pop();
    this.steps.push({ at_ms: Math.max(at_ms, this.steps.length ? this.steps[this.steps.length - 1].at_ms : 0), recording_id, reference_ms });
    if (this.steps.length === 1) this.steps[0].at_ms = 0;
  }

  /** @param {number} now_s */
  go(now_s) {
    this.#since_s ??= now_s;
  }

  /** @param {number} now_s */
  rest(now_s) {
    this.#played_s = this.played_s(now_s);
    this.#since_s = null;
  }

  /** @param {number} now_s */
  played_s(now_s) {
    return this.#played_s + (this.#since_s === null ? 0 : now_s - this.#since_s);
  }

  /** @param {number} reference_s */
  #onBeat(reference_s) {
    const places_s = this.beats_s.flatMap((beat_s, index) =>
      (index === 0 ? [beat_s] : [(beat_s + this.beats_s[index - 1]) / 2, beat_s]));
    const near_s = places_s.find((each) => Math.abs(each - reference_s) <= ON_BEAT_S);
    return near_s ?? reference_s;
  }
}
