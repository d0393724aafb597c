/** One accent per kind of section: equal lightness and chroma, only the hue differs. */

/** @type {[RegExp, number][]} */
const HUES = [
  [/^intro/, 235],
  [/^pre/, 120],
  [/^(verse|strophe)/, 75],
  [/^(chorus|refrain|drop|hook)/, 25],
  [/^(bridge|middle)/, 320],
  [/^(solo|instrumental|interlude|break)/, 170],
  [/^(outro|ending|coda)/, 280],
];

const PLAIN_HUE = 60;

/** @param {string} label */
export function hueOf(label) {
  const plain = label.trim().toLowerCase();
  const known = HUES.find(([pattern]) => pattern.test(plain));
  if (known !== undefined) return known[1];
  if (plain === '') return PLAIN_HUE;
  return [...plain].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0) * 47, 0) % 360;
}

/**
 * @param {number} hue
 * @param {number} [alpha]
 */
export function accent(hue, alpha = 1) {
  return `oklch(0.8 0.13 ${hue} / ${alpha})`;
}
