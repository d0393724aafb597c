/**
 * Who comes next: near in tempo, key and style first, not one heard within the hour, of the chosen
 * tags, and singing the part of the song that is on. Pure; chance is passed in.
 */

/**
 * @typedef {{
 *   id: number, tempo_ratio: number, transposition_semitones: number,
 *   spans_s: [number, number][], tags: string[], isSameRecording: boolean, unsteady?: boolean,
 * }} Candidate
 * @typedef {{id: number, at_s: number}} Hearing
 * @typedef {{
 *   centre: Candidate, reference_s: number, stays_until_s: number, exclude: Set<number>,
 *   heard: Hearing[], now_s: number, tags: string[], reach: number, random: () => number,
 * }} Wish `heard` has the latest last; `reach` is 0 for the nearest, 1 for the furthest
 */

/** What listeners take for the same tempo and for a related key. */
export const NEAR_TEMPO = 0.08;
export const NEAR_SEMITONES = 2;

const HOUR_S = 3600;
/** Heard within the hour weighs more than any fit: variety comes first while there is enough. */
const WITHIN_THE_HOUR = 3;
const FORGOTTEN_AFTER = 6;
const BEYOND_REACH = 1;
const ABSENT = 10;
const STYLE = 0.3;
const CHANCE = 0.15;
/** The same recording with another picture is no other cover. */
const SAME_RECORDING = 2;

/**
 * Candidates in the order in which to try them.
 * @template {Candidate} C
 * @param {C[]} candidates
 * @param {Wish} wish
 * @returns {C[]}
 */
export function rankCompanions(candidates, wish) {
  return candidates
    .filter((each) => !wish.exclude.has(each.id))
    .filter((each) => wish.tags.every((tag) => each.tags.includes(tag)))
    .map((each) => ({ each, cost: costOf(each, wish) }))
    .sort((one, other) => one.cost - other.cost)
    .map(({ each }) => each);
}

/**
 * @param {Candidate} candidate
 * @param {Wish} wish
 */
function costOf(candidate, wish) {
  const { centre, reference_s, stays_until_s, reach } = wish;
  const distance = tempoDistance(candidate, centre) + keyDistance(candidate, centre)
    + STYLE * styleDistance(candidate, centre) + (isNear(candidate, centre) ? 0 : BEYOND_REACH);
  const away = isThere(candidate, reference_s, stays_until_s) ? 0 : ABSENT;
  const unsteady = candidate.unsteady ? ABSENT : 0;
  const same = candidate.isSameRecording ? SAME_RECORDING : 0;
  return away + unsteady + same + (1 - 2 * reach) * distance + staleness(candidate.id, wish)
    + CHANCE * wish.random();
}

/**
 * Octaves of tempo between two covers, where half and double time are close relatives.
 * @param {Candidate} one
 * @param {Candidate} other
 */
export function tempoDistance(one, other) {
  const octaves = Math.abs(Math.log2(one.tempo_ratio / other.tempo_ratio));
  return Math.min(octaves, 0.25 + Math.abs(octaves - 1));
}

/**
 * Steps round the circle of fifths between two keys, 0..1.
 * @param {Candidate} one
 * @param {Candidate} other
 */
export function keyDistance(one, other) {
  const semitones = one.transposition_semitones - other.transposition_semitones;
  const fifths = modulo(semitones * 7, 12);
  return Math.min(fifths, 12 - fifths) / 6;
}

/**
 * Share of their tags that two covers do not have in common, 0..1.
 * @param {Candidate} one
 * @param {Candidate} other
 */
export function styleDistance(one, other) {
  const all = new Set([...one.tags, ...other.tags]).size;
  if (all === 0) return 0;
  return 1 - one.tags.filter((tag) => other.tags.includes(tag)).length / all;
}

/**
 * Whether a switch between two covers is a small step: tempo at the metrical ratio, key by the
 * pitch class.
 * @param {Candidate} one
 * @param {Candidate} other
 */
export function isNear(one, other) {
  const octaves = Math.abs(Math.log2(one.tempo_ratio / other.tempo_ratio));
  const off = Math.abs(octaves - Math.round(Math.min(octaves, 1)));
  const semitones = modulo(one.transposition_semitones - other.transposition_semitones, 12);
  return off <= Math.log2(1 + NEAR_TEMPO) + 1e-9
    && Math.min(semitones, 12 - semitones) <= NEAR_SEMITONES;
}

/**
 * @param {Candidate} candidate
 * @param {number} reference_s
 * @param {number} until_s
 */
export function isThere(candidate, reference_s, until_s) {
  return candidate.spans_s.some(
    ([start_s, end_s]) => start_s <= reference_s && until_s <= end_s,
  );
}

/**
 * @param {number} id
 * @param {Wish} wish
 */
function staleness(id, { heard, now_s }) {
  const last = heard.findLastIndex((each) => each.id === id);
  if (last === -1 || now_s - heard[last].at_s > HOUR_S) return 0;
  const ago = heard.length - 1 - last;
  return WITHIN_THE_HOUR + 2 * Math.max(0, 1 - ago / FORGOTTEN_AFTER);
}

/**
 * @param {number} number
 * @param {number} base
 */
function modulo(number, base) {
  return ((number % base) + base) % base;
}
