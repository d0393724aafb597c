/**
 * One player's way to the mix: a fader that switches move, a level that matches loudness, and a
 * meter that hears the player whether or not anybody else does.
 *
 *     player        -> fader -> level -> out
 *                   -> shelf -> high pass -> meter
 *
 * A player in a frame cannot be led through here: it is told when it is to be heard.
 */

import { meanSquare } from './loudness.js';

/** About 170 ms of sound: the meter is read as often, so nothing is missed and nothing twice. */
const METER_SAMPLES = 8192;
const GLIDE_S = 0.05;

export class Channel {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {AudioContext} context
   * @param {import('./player-adapter.js').PlayerAdapter} player which can have only one channel in
   *   its life
   * @param {AudioNode} out
   */
  constructor(context, player, out) {
    this.context = context;
    this.player = player;
    this.fader = context.createGain();
    this.fader.gain.value = 0;
    this.level = context.createGain();
    this.meter = context.createAnalyser();
    this.meter.fftSize = METER_SAMPLES;
    this.samples = new Float32Array(METER_SAMPLES);
    const source = player.sourceIn(context);
    source.connect(this.fader).connect(this.level).connect(out);
    this.weighting = weighting(context);
    const [shelf, highPass] = this.weighting;
    source.connect(shelf.filter).connect(highPass.filter).connect(this.meter);
  }

  /**
   * Open or close at a moment of the audio clock, whatever was planned from then on: without a
   * sound device that clock may stand still, and fades must not overlap.
   * @param {boolean} opens
   * @param {Float32Array} curve
   * @param {number} start_s
   * @param {number} length_s
   */
  fade(opens, curve, start_s, length_s) {
    this.fader.gain.cancelScheduledValues(Math.max(0, start_s - length_s));
    this.fader.gain.setValueCurveAtTime(curve, start_s, length_s);
    clearTimeout(this.#timer);
    const wait_ms = 1000 * (start_s - this.context.currentTime);
    this.#timer = setTimeout(() => this.player.setAudible(opens), wait_ms);
  }

  /** Open or close at once, whatever was planned. @param {boolean} opens */
  set(opens) {
    this.fader.gain.cancelScheduledValues(0);
    this.fader.gain.setValueAtTime(opens ? 1 : 0, this.context.currentTime);
    clearTimeout(this.#timer);
    this.player.setAudible(opens);
  }

  /**
   * Mean square of what the player played last, weighted as ears would at its own tempo: who
   * follows at half of it sounds an octave lower, and so does the weighting.
   * @param {number} rate
   */
  measure(rate) {
    for (const { filter, frequency_hz } of this.weighting) {
      filter.frequency.value = frequency_hz * rate;
    }
    this.meter.getFloatTimeDomainData(this.samples);
    return meanSquare(this.samples);
  }

  /** @param {number} gain */
  setLevel(gain) {
    this.level.gain.setTargetAtTime(gain, this.context.currentTime, GLIDE_S);
  }
}

/**
 * The two filters of ITU-R BS.1770: a shelf for the head, a high pass for low rumble.
 * @param {AudioContext} context
 */
function weighting(context) {
  const shelf = new BiquadFilterNode(context, { type: 'highshelf', gain: 4 });
  const highPass = new BiquadFilterNode(context, { type: 'highpass', Q: -6 });
  return [{ filter: shelf, frequency_hz: 1500 }, { filter: highPass, frequency_hz: 38 }];
}
