/**
 * One player's way to the mix: a fader that switches move, a level that matches loudness, and a
 * meter that hears the player whether or not anybody else does.
 *
 *     media element -> fader -> level -> out
 *                   -> shelf -> high pass -> meter
 */

import { meanSquare } from './loudness.js';

/** About 170 ms of sound: the meter is read as often, so nothing is missed and nothing twice. */
const METER_SAMPLES = 8192;
const GLIDE_S = 0.05;

export class Channel {
  /**
   * @param {AudioContext} context
   * @param {HTMLMediaElement} element it can have only one channel in its life
   * @param {AudioNode} out
   */
  constructor(context, element, out) {
    this.context = context;
    this.fader = context.createGain();
    this.fader.gain.value = 0;
    this.level = context.createGain();
    this.meter = context.createAnalyser();
    this.meter.fftSize = METER_SAMPLES;
    this.samples = new Float32Array(METER_SAMPLES);
    const source = context.createMediaElementSource(element);
    source.connect(this.fader).connect(this.level).connect(out);
    const [shelf, highPass] = weighting(context);
    source.connect(shelf).connect(highPass).connect(this.meter);
  }

  /** Mean square of what the player played last, weighted as ears do. */
  measure() {
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
  const shelf = context.createBiquadFilter();
  shelf.type = 'highshelf';
  shelf.frequency.value = 1500;
  shelf.gain.value = 4;
  const highPass = context.createBiquadFilter();
  highPass.type = 'highpass';
  highPass.frequency.value = 38;
  highPass.Q.value = -6;
  return [shelf, highPass];
}
