/** Parts of a recording's sound, decoded; fetched by byte ranges where the file can be read so. */

import { adts, indexEnd, readIndex, spanOf } from './mp4-audio.js';

/**
 * @typedef {{
 *   from_s: number, to_s: number, buffer: AudioBuffer, start_s: number,
 * }} DecodedWindow a buffer with a little more on both sides; `start_s` is where it begins
 */

const HEAD_BYTES = 65_536;
const LONGEST_INDEX_BYTES = 8_000_000;
const MARGIN_S = 0.05;
/** Some decoders leave out the first frames, which another coder may have put there: so much tells. */
const TRIMMED_S = 0.005;

/** Parts are decoded one after the other, whoever asks: two at once leave no core to the sound. */
let turn = Promise.resolve();

export class BufferSound {
  /**
   * @param {string} address
   * @param {number} rate samples per second of what is to be decoded
   */
  constructor(address, rate) {
    this.address = address;
    this.rate = rate;
    this.abort = new AbortController();
    this.audio = this.#open();
    this.duration_s = this.audio.then(({ duration_s }) => duration_s);
  }

  end() {
    this.abort.abort();
  }

  /** What is known of the file; fails where its parts cannot be told. */
  async #open() {
    const head = await this.#read(0, HEAD_BYTES);
    const end = indexEnd(new DataView(head.buffer));
    if (end === null || end > LONGEST_INDEX_BYTES) throw new Error('no index in front');
    const index = end <= head.length ? head : await this.#read(0, end);
    const audio = readIndex(new DataView(index.buffer));
    if (audio === null) throw new Error('no AAC');
    return audio;
  }

  /**
   * @param {{from_s: number, to_s: number}} stretch
   * @returns {Promise<DecodedWindow>}
   */
  async decode({ from_s, to_s }) {
    const audio = await this.audio;
    const span = spanOf(audio, from_s, to_s + MARGIN_S);
    const stream = adts(audio, span, await this.#read(span.from, span.to));
    const context = new OfflineAudioContext(audio.channels, 1, this.rate);
    const decoding = turn.then(() => context.decodeAudioData(stream.buffer));
    turn = decoding.then(() => {}, () => {});
    const buffer = await decoding;
    const trimmed_s = span.duration_s - buffer.duration;
    const start_s = span.start_s + (trimmed_s > TRIMMED_S ? trimmed_s : 0);
    return { from_s, to_s, buffer, start_s };
  }

  /**
   * Bytes of the file; a server may answer with fewer than it was asked for.
   * @param {number} from
   * @param {number} to
   */
  async #read(from, to) {
    /** @type {Uint8Array[]} */
    const parts = [];
    let at = from;
    let end = to;
    while (at < end) {
      const answer = await fetch(this.address, {
        headers: { Range: `bytes=${at}-${end - 1}` }, signal: this.abort.signal,
      });
      if (answer.status !== 206) throw new Error(`${answer.status} for a part of ${this.address}`);
      const part = new Uint8Array(await answer.arrayBuffer());
      const size = Number(answer.headers.get('Content-Range')?.split('/')[1]);
      if (size) end = Math.min(end, size);
      if (!part.length) break;
      parts.push(part);
      at += part.length;
    }
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((offset, part) => (bytes.set(part, offset), offset + part.length), 0);
    return bytes;
  }
}
