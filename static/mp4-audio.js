/**
 * Where the sound lies in an MP4 file, and any part of it as a stream that browsers decode.
 *
 * Reads what it needs of the index in front of the file and puts the header of ADTS before every
 * frame of AAC. Pure: bytes in, numbers and bytes out.
 */

/**
 * @typedef {{offset: number, size: number}} Frame
 * @typedef {{
 *   rate: number, channels: number, header: [number, number], frames: Frame[], lead_s: number,
 *   duration_s: number,
 * }} Mp4Audio `lead_s` is how much of the first frames comes before the recording's beginning
 *
 * @typedef {{
 *   first: number, count: number, start_s: number, duration_s: number, from: number, to: number,
 * }} Span frames, the moment of the recording at which they begin, and the bytes they lie in
 */

export const FRAME_SAMPLES = 1024;
/** Frames before a wanted moment: each needs the one before, and decoders start in silence. */
export const RUN_UP_FRAMES = 4;
const HEADER_BYTES = 7;
const RATES = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000,
];
const LOW_COMPLEXITY = 2;

/**
 * Which bytes from the file's beginning hold its index: `null` when it does not come first.
 * @param {DataView} head the file's first bytes
 */
export function indexEnd(head) {
  for (const { type, start, end } of boxes(head, 0, head.byteLength, Infinity)) {
    if (type === 'moov') return end;
    if (type === 'mdat' || end <= start) return null;
  }
  return null;
}

/**
 * The sound of a file, `null` where it is nothing that is understood here.
 * @param {DataView} bytes from the beginning to the end of the index
 * @returns {Mp4Audio | null}
 */
export function readIndex(bytes) {
  const moov = find(bytes, { start: 0, end: bytes.byteLength }, 'moov');
  if (moov === null) return null;
  const scale = bytes.getUint32(timesAt(bytes, /** @type {Box} */ (find(bytes, moov, 'mvhd'))));
  for (const trak of all(bytes, moov, 'trak')) {
    const hdlr = find(bytes, trak, 'mdia', 'hdlr');
    if (hdlr !== null && text(bytes, hdlr.start + 8) === 'soun') {
      return readTrack(bytes, trak, scale);
    }
  }
  return null;
}

/**
 * @typedef {{type: string, start: number, end: number}} Box contents, without the header
 * @typedef {{start: number, end: number}} Stretch
 */

/**
 * @param {DataView} bytes
 * @param {number} from
 * @param {number} to
 * @param {number} [limit] how far a box may reach
 * @returns {Generator<Box>}
 */
function* boxes(bytes, from, to, limit = to) {
  let at = from;
  while (at + 8 <= to) {
    const large = bytes.getUint32(at) === 1 && at + 16 <= to;
    const size = large ? Number(bytes.getBigUint64(at + 8)) : bytes.getUint32(at);
    const end = at + size;
    if (size < 8 || end > limit) return;
    yield { type: text(bytes, at + 4), start: at + (large ? 16 : 8), end };
    at = end;
  }
}

/**
 * @param {DataView} bytes
 * @param {Stretch} within
 * @param {string[]} path
 * @returns {Stretch | null}
 */
function find(bytes, within, ...path) {
  /** @type {Stretch | null} */
  let found = within;
  for (const type of path) {
    found = found && (all(bytes, found, type)[0] ?? null);
  }
  return found;
}

/**
 * @param {DataView} bytes
 * @param {Stretch} within
 * @param {string} type
 */
function all(bytes, { start, end }, type) {
  return [...boxes(bytes, start, end)].filter((box) => box.type === type);
}

/**
 * @param {DataView} bytes
 * @param {number} at
 */
function text(bytes, at) {
  return String.fromCharCode(...[0, 1, 2, 3].map((each) => bytes.getUint8(at + each)));
}

/**
 * Where a header keeps its units per second, which follow two dates.
 * @param {DataView} bytes
 * @param {Stretch} box
 */
function timesAt(bytes, { start }) {
  return start + (bytes.getUint8(start) === 1 ? 20 : 12);
}

/**
 * @param {DataView} bytes
 * @param {Stretch} trak
 * @param {number} movieScale
 * @returns {Mp4Audio | null}
 */
function readTrack(bytes, trak, movieScale) {
  const mdhd = find(bytes, trak, 'mdia', 'mdhd');
  const tables = find(bytes, trak, 'mdia', 'minf', 'stbl');
  const stsd = tables && find(bytes, tables, 'stsd');
  if (mdhd === null || tables === null || stsd === null) return null;
  const config = readConfig(bytes, stsd);
  const lead = readLead(bytes, trak, bytes.getUint32(timesAt(bytes, mdhd)), movieScale);
  const frames = config && readFrames(bytes, tables);
  if (!config || !frames || lead === null) return null;
  const duration_s = (frames.length * FRAME_SAMPLES) / config.rate - lead;
  return { ...config, frames, lead_s: lead, duration_s };
}

/**
 * What the two bytes at the end of an `esds` box say of low-complexity AAC.
 * @param {DataView} bytes
 * @param {Stretch} stsd
 */
function readConfig(bytes, stsd) {
  const [entry] = boxes(bytes, stsd.start + 8, stsd.end);
  if (entry?.type !== 'mp4a') return null;
  const esds = find(bytes, { start: entry.start + 28, end: entry.end }, 'esds');
  const at = esds && descriptor(bytes, esds.start + 4, esds.end);
  if (at === null) return null;
  const bits = bytes.getUint16(at);
  const [kind, rateIndex, channels] = [bits >> 11, (bits >> 7) & 15, (bits >> 3) & 15];
  if (kind !== LOW_COMPLEXITY || !RATES[rateIndex] || !channels || channels > 2) return null;
  /** @type {[number, number]} */
  const header = [((kind - 1) << 6) | (rateIndex << 2), channels << 6];
  return { rate: RATES[rateIndex], channels, header };
}

/**
 * Where the decoder's own description begins: descriptors lie in each other.
 * @param {DataView} bytes
 * @param {number} from
 * @param {number} to
 */
function descriptor(bytes, from, to) {
  const SKIP = new Map([[3, 3], [4, 13]]);
  let at = from;
  while (at + 2 < to) {
    const tag = bytes.getUint8(at);
    do at += 1; while (bytes.getUint8(at) & 0x80 && at < to - 1);
    at += 1;
    if (tag === 5) return at;
    at += SKIP.get(tag) ?? to;
  }
  return null;
}

/**
 * What the edit list leaves out in front, in seconds; `null` for lists that do more.
 * @param {DataView} bytes
 * @param {Stretch} trak
 * @param {number} scale
 * @param {number} movieScale
 */
function readLead(bytes, trak, scale, movieScale) {
  const elst = find(bytes, trak, 'edts', 'elst');
  if (elst === null) return 0;
  const large = bytes.getUint8(elst.start) === 1;
  const count = bytes.getUint32(elst.start + 4);
  let [at, delay_s] = [elst.start + 8, 0];
  for (let index = 0; index < count; index += 1) {
    const length = large ? Number(bytes.getBigUint64(at)) : bytes.getUint32(at);
    const from = large ? Number(bytes.getBigInt64(at + 8)) : bytes.getInt32(at + 4);
    if (from >= 0) return index === count - 1 ? from / scale - delay_s : null;
    delay_s += length / movieScale;
    at += large ? 20 : 12;
  }
  return null;
}

/**
 * @param {DataView} bytes
 * @param {Stretch} tables
 * @returns {Frame[] | null}
 */
function readFrames(bytes, tables) {
  const [stsz, stsc, stts] = ['stsz', 'stsc', 'stts'].map((type) => find(bytes, tables, type));
  const wide = find(bytes, tables, 'co64');
  const chunks = wide ?? find(bytes, tables, 'stco');
  if (!stsz || !stsc || !stts || !chunks) return null;
  if (bytes.getUint32(stts.start + 12) !== FRAME_SAMPLES) return null;
  const same = bytes.getUint32(stsz.start + 4);
  const count = bytes.getUint32(stsz.start + 8);
  const runs = bytes.getUint32(stsc.start + 4);
  /** @type {Frame[]} */
  const frames = [];
  for (let run = 0, chunk = 0; chunk < bytes.getUint32(chunks.start + 4); chunk += 1) {
    while (run + 1 < runs && bytes.getUint32(stsc.start + 20 + 12 * run) <= chunk + 1) run += 1;
    let offset = wide ? Number(bytes.getBigUint64(wide.start + 8 + 8 * chunk))
      : bytes.getUint32(chunks.start + 8 + 4 * chunk);
    const inChunk = bytes.getUint32(stsc.start + 12 + 12 * run);
    for (let index = 0; index < inChunk && frames.length < count; index += 1) {
      const size = same || bytes.getUint32(stsz.start + 12 + 4 * frames.length);
      frames.push({ offset, size });
      offset += size;
    }
  }
  return frames;
}

/**
 * The frames that are needed to hear a part, run-up included.
 * @param {Mp4Audio} audio
 * @param {number} from_s
 * @param {number} to_s
 * @returns {Span}
 */
export function spanOf({ rate, frames, lead_s }, from_s, to_s) {
  const frameAt = (/** @type {number} */ time_s) => ((time_s + lead_s) * rate) / FRAME_SAMPLES;
  const first = Math.max(0, Math.min(frames.length - 1, Math.floor(frameAt(from_s)) - RUN_UP_FRAMES));
  const last = Math.min(frames.length - 1, Math.ceil(frameAt(to_s)) + 1);
  const wanted = frames.slice(first, last + 1);
  return {
    first,
    count: wanted.length,
    start_s: (first * FRAME_SAMPLES) / rate - lead_s,
    duration_s: (wanted.length * FRAME_SAMPLES) / rate,
    from: Math.min(...wanted.map(({ offset }) => offset)),
    to: Math.max(...wanted.map(({ offset, size }) => offset + size)),
  };
}

/**
 * A stream of ADTS from the bytes of a span.
 * @param {Mp4Audio} audio
 * @param {Span} span
 * @param {Uint8Array} bytes from `span.from`
 */
export function adts({ header, frames }, { first, count, from }, bytes) {
  const wanted = frames.slice(first, first + count);
  const length = wanted.reduce((sum, { size }) => sum + HEADER_BYTES + size, 0);
  const stream = new Uint8Array(length);
  let at = 0;
  for (const { offset, size } of wanted) {
    const whole = size + HEADER_BYTES;
    stream.set([
      0xff, 0xf1, header[0], header[1] | (whole >> 11), (whole >> 3) & 0xff,
      ((whole & 7) << 5) | 0x1f, 0xfc,
    ], at);
    stream.set(bytes.subarray(offset - from, offset - from + size), at + HEADER_BYTES);
    at += whole;
  }
  return stream;
}
