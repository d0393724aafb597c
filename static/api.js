/** Talking to the library's JSON API. */

import { TimeMap } from './time-map.js';

/**
 * @typedef {{start_ms: number, end_ms: number, label: string}} SectionJson
 * @typedef {{
 *   id: number, title: string, performer: string | null, performer_url: string | null,
 *   page_url: string | null, licence: string | null, duration_ms: number | null,
 *   tempo_bpm: number | null, media_url: string | null, media_type: string | null,
 *   has_video: boolean, poster_url: string | null,
 *   youtube: {player_url: string, still_url: string} | null,
 * }} RecordingJson
 * @typedef {RecordingJson & {
 *   beats_ms: number[], downbeats_ms: number[], sections: SectionJson[],
 * }} ReferenceJson
 * @typedef {{
 *   media_url: string, media_type: string, transposition_semitones: number,
 *   segments: import('./time-map.js').CompactSegment[],
 * }} RenditionJson
 * @typedef {RecordingJson & {
 *   relation: string | null, confidence: number, transposition_semitones: number, tempo_ratio: number,
 *   spans_ms: [number, number][], tags: string[], time_map_url: string,
 *   rendition?: RenditionJson | null,
 * }} CoverJson
 * @typedef {{
 *   slug: string, title: string, composer: string | null, cover_count: number,
 *   reference: ReferenceJson | null,
 * }} SongJson
 * @typedef {{name: string, covers: number, left: number, origins: Record<string, number>}} HashtagJson
 * @typedef {{hashtags: HashtagJson[], tags: string[], left: number}} HashtagsJson
 * @typedef {{
 *   near: number | null, at_ms: number, until_ms: number, exclude: number[], tags: string[],
 *   reach: number, limit: number,
 * }} CompanionsWish
 */

/**
 * @typedef {{at_ms: number, recording_id: number, reference_ms: number}} MixStep
 * @typedef {{key: string, name: string, song: string, duration_ms: number, url: string,
 *   steps: MixStep[]}} MixJson
 */

const ROOT = '/api/v1';
/** A song with more covers is long: its player asks for companions instead. */
const MOST_AT_ONCE = 60;
const MOST_NAMED = 200;

/** The library does not answer now; later it may. */
export class Away extends Error {}

/**
 * @param {string} address
 * @returns {Promise<any>}
 */
async function get(address) {
  const headers = { Accept: 'application/json' };
  const response = await fetch(address, { headers }).catch(({ message }) => {
    throw new Away(message);
  });
  if (response.ok) return response.json();
  const { status } = response;
  throw new (status >= 500 || status === 429 ? Away : Error)(`${address} answered ${status}`);
}

/**
 * @param {string} slug
 * @returns {Promise<SongJson>}
 */
export function fetchSong(slug) {
  return get(`${ROOT}/songs/${slug}`);
}

/**
 * All covers of a song that is not long.
 * @param {string} slug
 * @returns {Promise<CoverJson[] | null>} `null` for a long one
 */
export async function fetchCovers(slug) {
  const { covers, next_cursor } = await get(`${ROOT}/songs/${slug}/covers?limit=${MOST_AT_ONCE}`);
  return next_cursor === null ? covers : null;
}

/**
 * @param {string} slug
 * @param {number[]} ids
 * @returns {Promise<CoverJson[]>} those that can be played
 */
export async function fetchNamed(slug, ids) {
  const parts = Array.from({ length: Math.ceil(ids.length / MOST_NAMED) }, (_, part) =>
    ids.slice(part * MOST_NAMED, (part + 1) * MOST_NAMED));
  const found = await Promise.all(parts.map((part) => get(`${ROOT}/songs/${slug}/covers?ids=${part}`)));
  return found.flatMap(({ covers }) => covers);
}

/**
 * @param {string} slug
 * @param {CompanionsWish} wish
 * @returns {Promise<CoverJson[]>} the best first
 */
export async function fetchCompanions(slug, { near, ...wish }) {
  const fields = new URLSearchParams(Object.entries(wish).map(([name, each]) => [name, String(each)]));
  if (near !== null) fields.set('near', String(near));
  return (await get(`${ROOT}/songs/${slug}/companions?${fields}`)).covers;
}

/**
 * @param {string} slug
 * @param {string[]} [tags] that are chosen
 * @param {string} [search]
 * @returns {Promise<HashtagsJson>}
 */
export function fetchHashtags(slug, tags = [], search = '') {
  return get(`${ROOT}/songs/${slug}/hashtags?${new URLSearchParams({ tags: tags.join(), q: search })}`);
}

/**
 * The newest mixes of a song.
 * @param {string} slug
 * @returns {Promise<Omit<MixJson, 'steps'>[]>}
 */
export async function fetchMixes(slug) {
  return (await get(`${ROOT}/songs/${slug}/mixes`)).mixes;
}

/**
 * @param {string} address
 * @returns {Promise<TimeMap>}
 */
export async function fetchTimeMap(address) {
  return TimeMap.fromCompact((await get(address)).segments);
}

/**
 * @param {string} path below the API's root
 * @param {unknown} body
 * @param {{keepalive?: boolean}} [options]
 * @returns {Promise<Response>}
 */
export function post(path, body, { keepalive = false } = {}) {
  return fetch(`${ROOT}/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body),
    keepalive,
  });
}

/**
 * @param {string} key
 * @returns {Promise<MixJson>}
 */
export function fetchMix(key) {
  return get(`${ROOT}/mixes/${encodeURIComponent(key)}`);
}
