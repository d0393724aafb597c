/**
 * The recordings of a song as the player knows them: the Reference and every playable cover, and
 * of some covers a second version, warped to the Reference's tempo.
 */

import { fetchTimeMap } from './api.js';
import { Level } from './loudness.js';
import { TimeMap } from './time-map.js';

/**
 * Tags that tell covers apart come first; what every cover has says nothing.
 * @param {string[]} tags
 * @param {import('./api.js').HashtagJson[]} hashtags
 */
export function tellingFirst(tags, hashtags) {
  const count = new Map(hashtags.map(({ name, covers }) => [name, covers]));
  return [...tags].sort((one, other) => (count.get(one) ?? 0) - (count.get(other) ?? 0));
}

/** One recording that can be put on a deck. */
export class Piece {
  /** @type {TimeMap | null} */
  map = null;

  /** It could not be loaded or decoded; it is not offered again. */
  failed = false;

  /** It could not be held in step once; others come first. */
  unsteady = false;

  /** The same cover at the Reference's tempo, where there is such a rendition. @type {SteadyPiece | null} */
  steady = null;

  /**
   * @param {import('./api.js').RecordingJson} json
   * @param {{
   *   isReference: boolean, tempo_ratio: number, transposition_semitones: number,
   *   spans_s: [number, number][], tags: string[], map_url: string | null,
   *   isSameRecording: boolean,
   * }} more
   */
  constructor(json, more) {
    this.json = json;
    this.id = json.id;
    this.isReference = more.isReference;
    this.tempo_ratio = more.tempo_ratio;
    this.transposition_semitones = more.transposition_semitones;
    this.spans_s = more.spans_s;
    this.tags = more.tags;
    this.isSameRecording = more.isSameRecording;
    this.map_url = more.map_url;
    this.level = new Level(more.isReference ? 0 : null);
  }

  /**
   * @param {import('./api.js').ReferenceJson} json
   * @param {number} duration_s
   */
  static ofReference(json, duration_s) {
    const piece = new Piece(json, {
      isReference: true,
      tempo_ratio: 1,
      transposition_semitones: 0,
      spans_s: [[0, duration_s]],
      tags: [],
      map_url: null,
      isSameRecording: false,
    });
    piece.map = TimeMap.identity(duration_s);
    return piece;
  }

  /** @param {import('./api.js').CoverJson} json */
  static ofCover(json) {
    const piece = new Piece(json, {
      isReference: false,
      tempo_ratio: json.tempo_ratio,
      transposition_semitones: json.transposition_semitones,
      spans_s: json.spans_ms.map(([start_ms, end_ms]) => [start_ms / 1000, end_ms / 1000]),
      tags: json.tags,
      map_url: json.time_map_url,
      isSameRecording: json.relation === 'same_recording',
    });
    if (json.rendition) piece.steady = new SteadyPiece(piece, json.rendition);
    return piece;
  }

  /** The cover as it was played. @returns {Piece} */
  get natural() {
    return this;
  }

  /**
   * Where in the cover's own recording its player is.
   * @param {number} position_s
   * @returns {number | null}
   */
  recordedAt(position_s) {
    return position_s;
  }

  /** The map, fetched once. */
  async loadMap() {
    if (this.map === null && this.map_url !== null) this.map = await fetchTimeMap(this.map_url);
    return /** @type {TimeMap} */ (this.map);
  }

  /** Where it plays, `null` where it may not: a file of ours, or a player elsewhere. */
  get address() {
    return this.json.media_url ?? this.json.youtube?.player_url ?? null;
  }

  get still() {
    return this.json.poster_url ?? this.json.youtube?.still_url ?? null;
  }

  get name() {
    return this.json.performer || this.json.title;
  }
}

/** A rendition: what plays is on the Reference's own time, and at its tempo. */
export class SteadyPiece extends Piece {
  #natural;
  #rendition;

  /**
   * @param {Piece} natural
   * @param {import('./api.js').RenditionJson} rendition
   */
  constructor(natural, rendition) {
    const spans = TimeMap.fromCompact(rendition.segments).segments;
    super(natural.json, {
      isReference: false,
      tempo_ratio: 1,
      transposition_semitones: rendition.transposition_semitones,
      spans_s: spans.map(({ reference_s: [start_s, end_s] }) => [start_s, end_s]),
      tags: natural.tags,
      map_url: null,
      isSameRecording: natural.isSameRecording,
    });
    this.#natural = natural;
    this.#rendition = rendition;
  }

  get natural() {
    return this.#natural;
  }

  get address() {
    return this.#rendition.media_url;
  }

  /** The picture and reports of bad sync need the cover's own map as well. */
  async loadMap() {
    await this.#natural.loadMap();
    this.map ??= TimeMap.fromCompact(this.#rendition.segments);
    return this.map;
  }

  /**
   * The rendition has the first of what the cover plays more than once.
   * @param {number} position_s
   */
  recordedAt(position_s) {
    return this.#natural.map?.firstCoverAt(position_s) ?? null;
  }
}
