/** The words in the visitor's language: chosen on this device, else the browser's first we have. */

import { recall } from './device.js';

export const LANGUAGES = /** @type {const} */ ({ en: 'English', de: 'Deutsch' });

/** @typedef {keyof typeof LANGUAGES} Language */

/**
 * @param {string | null} chosen
 * @param {readonly string[]} spoken
 * @returns {Language}
 */
export function languageOf(chosen, spoken) {
  const wanted = [chosen ?? '', ...spoken].map((each) => each.slice(0, 2).toLowerCase());
  const found = wanted.find((each) => each in LANGUAGES);
  return /** @type {Language} */ (found ?? 'en');
}

export const language = languageOf(
  recall('language', null),
  typeof navigator === 'undefined' ? [] : navigator.languages ?? [],
);

export const { words } = await (language === 'de' ? import('./words.de.js') : import('./words.en.js'));
