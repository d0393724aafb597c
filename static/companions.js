/**
 * Who comes next: near in tempo and key first, not the one just heard, of the chosen tag, and
 * singing the part of the song that is on. Pure; chance is passed in.
 */

/**
 * @typedef {{
 *   id: number, tempo_ratio: number, transposition_semitones: number,
 *   spans_s: [number, number][], tags: string[], isSameRecording: boolean,
 * }} Candidate
 * @typedef {{
 *   centre: Candidate, reference_s: number, exclude: Set<number>, heard: number[],
 *   tag: string | null, surprise: boolean, random: () => number,
 * }} Wish `heard` lists ids, the latest last
 */

/** A companion has to be there now and for so long. */
const STAY_S = 4;
const FORGOTTEN_AFTER = 6;
const CHANCE = 0.15;
/** The same recording with another picture is no other cover. */
const SAME_RECORDING = 1;

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
    .filter((each) => wish.tag === null || each.tags.includes(wish.tag))
    .map((each) => ({ each, cost: costOf(each, wish) }))
    .sort((one, other) => one.cost - other.cost)
    .map(({ each }) => each);
}

/**
 * @param {Candidate} candidate
 * @param {Wish} wish
 */
function costOf(candidate, wish) {
  const fit = tempoDistance(candidate, wish.centre) + keyDistance(candidate, wish.centre);
  const away = isThere(candidate, wish.reference_s) ? 0 : 10;
  const same = candidate.isSameRecording ? SAME_RECORDING : 0;
  return away + same + (wish.surprise ? -fit : fit) + staleness(candidate.id, wish.heard)
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
  const fifths = (((semitones * 7) % 12) + 12) % 12;
  return Math.min(fifths, 12 - fifths) / 6;
}

/**
 * @param {Candidate} candidate
 * @param {number} reference_s
 */
export function isThere(candidate, reference_s) {
  return candidate.spans_s.some(
    ([start_s, end_s]) => start_s <= reference_s && reference_s + STAY_S <= end_s,
  );
}

/**
 * @param {number} id
 * @param {number[]} heard
 */
function staleness(id, heard) {
  const ago = heard.length - 1 - heard.lastIndexOf(id);
  if (!heard.includes(id) || ago >= FORGOTTEN_AFTER) return 0;
  return 2 * (1 - ago / FORGOTTEN_AFTER);
}
