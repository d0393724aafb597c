/**
 * What a visitor's own device remembers: settings, favourites, history. It never leaves it.
 * Where a browser refuses to store, it is forgotten with the page.
 */

const PREFIX = 'infinite-covers.';

/** @type {Map<string, string>} */
const forNow = new Map();

/**
 * @template T
 * @param {string} name
 * @param {T} otherwise
 * @returns {T}
 */
export function recall(name, otherwise) {
  try {
    const text = localStorage.getItem(PREFIX + name) ?? forNow.get(name);
    return text === undefined || text === null ? otherwise : JSON.parse(text);
  } catch {
    const text = forNow.get(name);
    return text === undefined ? otherwise : JSON.parse(text);
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 */
export function remember(name, value) {
  const text = JSON.stringify(value);
  forNow.set(name, text);
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    // Private windows and full disks: `forNow` has it.
  }
}
