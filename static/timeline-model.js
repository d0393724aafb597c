/** The song's own time: beats, bars and sections of its Reference, in seconds. No DOM here. */

import { expandDeltas, knotBefore } from './time-map.js';

/**
 * @typedef {{start_s: number, end_s: number, label: string, name: string}} Section `name` tells
 *   sections of the same label apart
 */

const SAME_INSTANT_S = 0.03;
const MAIN = /^(chorus|refrain|drop|hook)/i;

export class Timeline {
  /** @param {import('./api.js').ReferenceJson} reference */
  constructor(reference) {
    this.beats_s = expandDeltas(reference.beats_ms);
    this.downbeats_s = expandDeltas(reference.downbeats_ms);
    this.sections = nameSections(reference.sections);
    this.duration_s = (reference.duration_ms ?? 0) / 1000
      || this.beats_s[this.beats_s.length - 1] || 1;
    this.tempo_bpm = reference.tempo_bpm ?? tempoOf(this.beats_s);
    this.drop = this.#barOf(dropOf(this.sections));
  }

  /** The first bar of a section. @param {Section | null} section */
  #barOf(section) {
    if (section === null) return null;
    return { start_s: section.start_s, end_s: this.barLine(section.start_s, 1) };
  }

  /** Where the music begins: the first beat. */
  get start_s() {
    return this.beats_s[0] ?? 0;
  }

  /** Where it is over: the last beat. */
  get end_s() {
    return this.beats_s[this.beats_s.length - 1] ?? this.duration_s;
  }

  /**
   * The beat that is sounding: its index, its time, and how far it is on its way, 0..1.
   * @param {number} reference_s
   */
  beatAt(reference_s) {
    const index = knotBefore(this.beats_s, reference_s);
    if (index < 0) return null;
    const time_s = this.beats_s[index];
    const next_s = this.beats_s[index + 1] ?? time_s + 60 / (this.tempo_bpm || 60);
    return { index, time_s, phase: Math.min(1, (reference_s - time_s) / (next_s - time_s)) };
  }

  /** @param {number} time_s */
  isDownbeat(time_s) {
    const bar = knotBefore(this.downbeats_s, time_s + SAME_INSTANT_S);
    return bar >= 0 && time_s - this.downbeats_s[bar] < SAME_INSTANT_S;
  }

  /**
   * The bar line some bars before (negative) or after the bar that is sounding.
   * @param {number} reference_s
   * @param {number} bars
   */
  barLine(reference_s, bars) {
    const bar = knotBefore(this.downbeats_s, reference_s + SAME_INSTANT_S);
    const wanted = Math.max(0, Math.min(bar + bars, this.downbeats_s.length - 1));
    return this.downbeats_s[wanted] ?? 0;
  }

  /**
   * @param {number} reference_s
   * @returns {Section | null}
   */
  sectionAt(reference_s) {
    return this.sections.find((each) => each.start_s <= reference_s && reference_s < each.end_s)
      ?? null;
  }
}

/**
 * @param {import('./api.js').SectionJson[]} sections
 * @returns {Section[]}
 */
function nameSections(sections) {
  return sections.map(({ start_ms, end_ms, label }, index) => {
    const alike = sections.filter((each) => each.label === label).length;
    const number = sections.slice(0, index + 1).filter((each) => each.label === label).length;
    const name = alike > 1 ? `${label} ${number}` : label;
    return { start_s: start_ms / 1000, end_s: end_ms / 1000, label, name };
  });
}

/**
 * Where the song drops: the chorus, or else what comes back most, after the longest build.
 * @param {Section[]} sections
 * @returns {Section | null}
 */
export function dropOf(sections) {
  const label = sections.find((each) => MAIN.test(each.label))?.label ?? mostRepeated(sections);
  let built_s = 0;
  let last_s = sections[0]?.start_s ?? 0;
  let drop = null;
  for (const section of sections.filter((each) => each.label === label)) {
    if (section.start_s - last_s > built_s) {
      built_s = section.start_s - last_s;
      drop = section;
    }
    last_s = section.end_s;
  }
  return drop;
}

/**
 * The label whose sections last longest together, of those that come more than once.
 * @param {Section[]} sections
 */
function mostRepeated(sections) {
  const lengths = new Map();
  for (const { label, name, start_s, end_s } of sections) {
    if (name !== label) lengths.set(label, (lengths.get(label) ?? 0) + end_s - start_s);
  }
  return [...lengths].sort(([, one_s], [, other_s]) => other_s - one_s)[0]?.[0];
}

/** @param {number[]} beats_s */
function tempoOf(beats_s) {
  if (beats_s.length < 2) return null;
  return (60 * (beats_s.length - 1)) / (beats_s[beats_s.length - 1] - beats_s[0]);
}

/**
 * How bright the rim is: a flash at the beat that dies away, larger on a bar's first beat, and
 * only as strong as the map is sure.
 * @param {Timeline} timeline
 * @param {number} reference_s
 * @param {number} confidence 0..1
 */
export function pulseAt(timeline, reference_s, confidence) {
  const beat = timeline.beatAt(reference_s);
  if (beat === null) return 0;
  const height = timeline.isDownbeat(beat.time_s) ? 1 : 0.55;
  return height * confidence * Math.exp(-(reference_s - beat.time_s) / 0.2);
}
