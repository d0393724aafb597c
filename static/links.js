/** What a link to the stage says: who is where, which moment of the song, which tags. Pure. */

/**
 * @typedef {{
 *   cover: number | null, left: number | null, right: number | null, at_s: number | null,
 *   tags: string[],
 * }} Place
 */

/**
 * @param {string} hash with or without its number sign
 * @returns {Place}
 */
export function readPlace(hash) {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  return {
    cover: whole(fields.get('cover')),
    left: whole(fields.get('left')),
    right: whole(fields.get('right')),
    at_s: seconds(fields.get('at')),
    tags: (fields.get('tags') ?? '').split(',').filter((tag) => tag !== ''),
  };
}

/** @param {Place} place */
export function writePlace({ cover, left, right, at_s, tags }) {
  const fields = new URLSearchParams();
  for (const [name, id] of Object.entries({ cover, left, right })) {
    if (id !== null) fields.set(name, String(id));
  }
  if (at_s !== null) fields.set('at', at_s.toFixed(1));
  if (tags.length) fields.set('tags', tags.join(','));
  return `#${fields.toString().replaceAll('%2C', ',')}`;
}

/** @param {string | null} text */
function whole(text) {
  return text !== null && /^\d{1,10}$/.test(text) ? Number(text) : null;
}

/** @param {string | null} text */
function seconds(text) {
  const found = text === null || text === '' ? NaN : Number(text);
  return Number.isFinite(found) && found >= 0 ? found : null;
}
