/**
 * The words in the visitor's language: what the address asks for, else what was chosen on this
 * device, else the browser's first that we have.
 */

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

const page = globalThis.location?.search ?? '';
const chosen = new URLSearchParams(page).get('language') ?? recall('language', null);

export const language = languageOf(
  chosen,
  typeof navigator === 'undefined' ? [] : navigator.languages ?? [],
);

/**
 * The address of a page of the library that speaks the language chosen here.
 * @param {string} path
 */
export function pageUrl(path) {
  return chosen === null ? path : `${path}?language=${language}`;
}

export const { words } = await (language === 'de' ? import('./words.de.js') : import('./words.en.js'));
