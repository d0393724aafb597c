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
 * @typedef {{name: string, covers: number, origins?: Record<string, number>}} HashtagJson
 */

/**
 * @typedef {{at_ms: number, recording_id: number, reference_ms: number}} MixStep
 * @typedef {{key: string, name: string, song: string, duration_ms: number, url: string,
 *   steps: MixStep[]}} MixJson
 */

const ROOT = '/api/v1';
const MOST_PAGES = 25;

/**
 * @param {string} address
 * @returns {Promise<any>}
 */
async function get(address) {
  const response = await fetch(address, { headers: { Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return response.json();
}

/**
 * @param {string} slug
 * @returns {Promise<SongJson>}
 */
export function fetchSong(slug) {
  return get(`${ROOT}/songs/${slug}`);
}

/**
 * All covers of a song, page by page.
 * @param {string} slug
 * @returns {Promise<CoverJson[]>}
 */
export async function fetchCovers(slug) {
  /** @type {CoverJson[]} */
  const covers = [];
  let cursor = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await get(`${ROOT}/songs/${slug}/covers?limit=200&cursor=${cursor}`);
    covers.push(...found.covers);
    if (found.next_cursor === null) break;
    cursor = found.next_cursor;
  }
  return covers;
}

/**
 * @param {string} slug
 * @returns {Promise<HashtagJson[]>}
 */
export async function fetchHashtags(slug) {
  return (await get(`${ROOT}/songs/${slug}/hashtags`)).hashtags;
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
