/**
 * The sound of all players: one channel each, one of them open. Fades are scheduled on the audio
 * clock, because a timer would be tens of milliseconds late.
 *
 *     channels -> duck -> volume -> out
 */

import { Channel } from './channel.js';

export const FADE_S = 0.016;
const DUCK_S = 0.006;
const CURVE_POINTS = 33;

const RISING = equalPower((share) => Math.sin((share * Math.PI) / 2));
const FALLING = equalPower((share) => Math.cos((share * Math.PI) / 2));

/** @param {(share: number) => number} shape */
function equalPower(shape) {
  return Float32Array.from({ length: CURVE_POINTS }, (_, index) =>
    shape(index / (CURVE_POINTS - 1)));
}

export class Mixer {
  constructor() {
    this.context = new AudioContext({ latencyHint: 'balanced' });
    this.#volume = this.context.createGain();
    this.#duck = this.context.createGain();
    this.#duck.connect(this.#volume).connect(this.context.destination);
  }

  /** @type {GainNode} */
  #volume;

  /** @type {GainNode} */
  #duck;

  /** @type {Set<Channel>} */
  #channels = new Set();

  get now_s() {
    return this.context.currentTime;
  }

  /**
   * A silent channel for a player.
   * @param {import('./player-adapter.js').PlayerAdapter} player
   */
  addChannel(player) {
    const channel = new Channel(this.context, player, this.#duck);
    this.#channels.add(channel);
    return channel;
  }

  /**
   * Open one channel at a moment of the audio clock and close the other, without a dip.
   * @param {Channel} from
   * @param {Channel} to
   * @param {number} end_s when the new one is fully there
   */
  crossfade(from, to, end_s) {
    const start_s = Math.max(this.now_s, end_s - FADE_S);
    from.fade(false, FALLING, start_s, FADE_S);
    to.fade(true, RISING, start_s, FADE_S);
  }

  /**
   * Open one channel alone, at once, whatever was planned.
   * @param {Channel} open
   */
  openOnly(open) {
    for (const channel of this.#channels) channel.set(channel === open);
  }

  /** Browsers let nothing sound before a gesture, and systems stop it when the telephone rings. */
  wake() {
    void this.context.resume();
  }

  /** Make room for a jump that would click. */
  duck() {
    this.#duck.gain.setTargetAtTime(0, this.now_s, DUCK_S);
  }

  unduck() {
    this.#duck.gain.setTargetAtTime(1, this.now_s, DUCK_S);
  }

  /** @param {number} volume 0..1, as the ear counts */
  setVolume(volume) {
    this.#volume.gain.setTargetAtTime(volume * volume, this.now_s, 0.02);
    for (const { player } of this.#channels) player.setVolume(volume);
  }
}
