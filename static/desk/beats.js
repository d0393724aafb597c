/** A reference's beats as a list that is corrected. Pure: each change is a new list. */

/** @typedef {{time_s: number, bar: boolean}} Beat `bar`: whether it begins one */

const LEAST_GAP_S = 0.1;

/**
 * @param {string} text one a line, with `|` where it begins a bar
 * @returns {Beat[]}
 */
export function readBeats(text) {
  return text.split('\n').map((line) => line.trim()).filter(Boolean)
    .map((line) => ({ time_s: readTime(line.replace('|', '').trim()), bar: line.endsWith('|') }))
    .filter(({ time_s }) => Number.isFinite(time_s));
}

/** @param {string} text seconds, or minutes:seconds */
function readTime(text) {
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part || NaN), 0);
}

/** @param {Beat[]} beats */
export function writeBeats(beats) {
  return beats.map(({ time_s, bar }) => `${time_s.toFixed(3)}${bar ? ' |' : ''}`).join('\n');
}

/** @param {Beat[]} beats */
function inOrder(beats) {
  return [...beats].sort((one, other) => one.time_s - other.time_s);
}

/**
 * Moved, but never past its neighbours.
 * @param {Beat[]} beats
 * @param {number} index
 * @param {number} time_s
 */
export function moveBeat(beats, index, time_s) {
  const after_s = (beats[index - 1]?.time_s ?? -LEAST_GAP_S) + LEAST_GAP_S;
  const before_s = (beats[index + 1]?.time_s ?? Infinity) - LEAST_GAP_S;
  const moved = Math.max(after_s, Math.min(time_s, before_s));
  return beats.map((beat, each) => (each === index ? { ...beat, time_s: moved } : beat));
}

/**
 * @param {Beat[]} beats
 * @param {number} time_s
 */
export function addBeat(beats, time_s) {
  if (beats.some((beat) => Math.abs(beat.time_s - time_s) < LEAST_GAP_S)) return beats;
  return inOrder([...beats, { time_s, bar: false }]);
}

/**
 * @param {Beat[]} beats
 * @param {number} index
 */
export function removeBeat(beats, index) {
  return beats.filter((_, each) => each !== index);
}

/**
 * @param {Beat[]} beats
 * @param {number} index
 */
export function toggleBar(beats, index) {
  return beats.map((beat, each) => (each === index ? { ...beat, bar: !beat.bar } : beat));
}
