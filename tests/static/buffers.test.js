/** Sound from decoded parts: which parts, where in the file, and where a player is. */

import assert from 'node:assert/strict';
import test from 'node:test';

import { isCovered, RateClock, WINDOW_S, windowsAt } from '../../static/buffer-windows.js';
import { adts, indexEnd, readIndex, spanOf } from '../../static/mp4-audio.js';

const FRAMES = 400;
const IN_CHUNK = 10;
/** Picture lies between the chunks of sound. */
const BETWEEN = 1000;

const ascii = (/** @type {string} */ text) => [...text].map((each) => each.charCodeAt(0));
const long = (/** @type {number[]} */ ...numbers) =>
  numbers.flatMap((each) => [24, 16, 8, 0].map((shift) => (each >>> shift) & 255));
const sizeOf = (/** @type {number} */ frame) => 200 + (frame % 7);
const frameBytes = (/** @type {number} */ frame) => Array(sizeOf(frame)).fill(frame % 251);

/**
 * @param {string} type
 * @param {number[][]} contents
 */
function box(type, ...contents) {
  const bytes = contents.flat();
  return [...long(bytes.length + 8), ...ascii(type), ...bytes];
}

/** @param {{edits?: number[], kind?: number}} [how] */
function film({ edits = [5000, 1024, 65536], kind = 2 } = {}) {
  const config = [(kind << 3) | (4 >> 1), ((4 & 1) << 7) | (2 << 3)];
  const esds = box('esds', long(0), [3, 128, 128, 128, 25], [0, 1, 0],
    [4, 17], Array(13).fill(0), [5, 2, ...config]);
  const frames = Array.from({ length: FRAMES }, (_, index) => index);
  const chunks = frames.length / IN_CHUNK;
  const build = (/** @type {number} */ data) => {
    let at = data;
    const offsets = Array.from({ length: chunks }, (_, chunk) => {
      at += BETWEEN;
      const here = at;
      for (let each = 0; each < IN_CHUNK; each += 1) at += sizeOf(chunk * IN_CHUNK + each);
      return here;
    });
    const stbl = box('stbl',
      box('stsd', long(0, 1), box('mp4a', Array(28).fill(0), esds)),
      box('stts', long(0, 1, FRAMES, 1024)),
      box('stsc', long(0, 2, 1, IN_CHUNK, 1, 3, IN_CHUNK, 1)),
      box('stsz', long(0, 0, FRAMES, ...frames.map(sizeOf))),
      box('stco', long(0, chunks, ...offsets)));
    const track = (/** @type {string} */ handler, /** @type {number[]} */ tables) => box('trak',
      box('edts', box('elst', long(0, edits.length / 3, ...edits))),
      box('mdia', box('mdhd', long(0, 0, 0, 44100, 0)), box('hdlr', long(0, 0), ascii(handler)),
        box('minf', tables)));
    return [...box('ftyp', ascii('isom')), ...box('moov', box('mvhd', long(0, 0, 0, 1000, 0)),
      track('vide', []), track('soun', stbl))];
  };
  const index = build(build(0).length + 8);
  const data = Array.from({ length: chunks }, (_, chunk) => [
    ...Array(BETWEEN).fill(255),
    ...frames.slice(chunk * IN_CHUNK, (chunk + 1) * IN_CHUNK).flatMap(frameBytes),
  ]).flat();
  return { bytes: new Uint8Array([...index, ...box('mdat', data)]), index: index.length };
}

const view = (/** @type {Uint8Array} */ bytes) => new DataView(bytes.buffer);

test('the index is found from the first bytes, also where it is longer than these', () => {
  const { bytes, index } = film();
  assert.equal(indexEnd(view(bytes)), index);
  assert.equal(indexEnd(view(bytes.slice(0, 200))), index);
  assert.equal(indexEnd(view(new Uint8Array([...box('ftyp', ascii('isom')), ...box('mdat', [1])]))), null);
  assert.equal(indexEnd(view(new Uint8Array(Array(100).fill(82)))), null);
});

test('the sound of a film: its rate, what comes before its beginning, how long it is', () => {
  const audio = readIndex(view(film().bytes));
  assert.equal(audio?.rate, 44100);
  assert.equal(audio?.channels, 2);
  assert.equal(audio?.lead_s, 1024 / 44100);
  assert.equal(audio?.frames.length, FRAMES);
  assert.equal(audio?.duration_s, ((FRAMES - 1) * 1024) / 44100);
});

test('silence before the sound counts against what is left out', () => {
  const { bytes } = film({ edits: [500, -1, 65536, 5000, 1024, 65536] });
  assert.equal(readIndex(view(bytes))?.lead_s, 1024 / 44100 - 0.5);
});

test('what is not understood is left to others', () => {
  assert.equal(readIndex(view(film({ kind: 5 }).bytes)), null);
  assert.equal(readIndex(view(film({ edits: [100, 0, 65536, 100, 90000, 65536] }).bytes)), null);
});

test('a part becomes a stream of exactly its frames, with the run-up that decoders need', () => {
  const { bytes } = film();
  const audio = /** @type {import('../../static/mp4-audio.js').Mp4Audio} */ (readIndex(view(bytes)));
  const span = spanOf(audio, 3, 5);
  assert.ok(span.start_s < 3 - (2 * 1024) / 44100 && span.start_s + span.duration_s > 5);
  const stream = adts(audio, span, bytes.subarray(span.from, span.to));
  let at = 0;
  for (let frame = span.first; frame < span.first + span.count; frame += 1) {
    const size = ((stream[at + 3] & 3) << 11) | (stream[at + 4] << 3) | (stream[at + 5] >> 5);
    assert.equal(size, sizeOf(frame) + 7);
    assert.deepEqual([...stream.subarray(at, at + 3)], [0xff, 0xf1, 0x50]);
    assert.deepEqual([...stream.subarray(at + 7, at + size)], frameBytes(frame));
    at += size;
  }
  assert.equal(at, stream.length);
});

test('a part at either end stays within the file', () => {
  const audio = /** @type {import('../../static/mp4-audio.js').Mp4Audio} */ (
    readIndex(view(film().bytes)));
  assert.equal(spanOf(audio, 0, 1).first, 0);
  const last = spanOf(audio, 8, 60);
  assert.equal(last.first + last.count, FRAMES);
});

test('what plays and what comes next is decoded, and nothing else', () => {
  assert.deepEqual(windowsAt(20, 100).map(({ from_s }) => from_s), [20, 25, 30]);
  assert.deepEqual(windowsAt(0, 4), [{ from_s: 0, to_s: 4 }]);
  assert.deepEqual(windowsAt(29, 30.5)[1], { from_s: 30, to_s: 30.5 });
});

test('four players stay within 30 MB, a window within 10 s', () => {
  const bytes_per_s = 48_000 * 2 * 4;
  assert.ok(4 * windowsAt(20, 1000).length * WINDOW_S * bytes_per_s < 30e6);
  assert.ok(WINDOW_S <= 10);
});

test('shortly before a window ends, the next one has to be there', () => {
  const [first, second] = windowsAt(0, 100);
  assert.ok(isCovered([first], 2, 100));
  assert.ok(!isCovered([first], 4, 100));
  assert.ok(isCovered([first, second], 4, 100));
  assert.ok(!isCovered([second], 2, 100));
  assert.ok(isCovered([{ from_s: 0, to_s: 4.5 }], 4, 4.5));
});

test('positions add up over every change of the rate', () => {
  const clock = new RateClock();
  clock.start(10, 100, 1);
  assert.equal(clock.positionAt(9), 100);
  clock.turn(12, 0.5);
  clock.turn(14, 2);
  assert.equal(clock.positionAt(11), 101);
  assert.equal(clock.positionAt(13), 102.5);
  assert.equal(clock.positionAt(15), 105);
});

test('a change before one that was planned takes its place', () => {
  const clock = new RateClock();
  clock.start(0, 0, 1);
  clock.turn(5, 2);
  clock.turn(4, 3);
  assert.equal(clock.positionAt(6), 10);
});

test('a border is reached when the last rate brings it there', () => {
  const clock = new RateClock();
  clock.start(10, 0, 1);
  assert.equal(clock.momentOf(15), 25);
  clock.turn(20, 0.5);
  assert.equal(clock.momentOf(15), 30);
});

test('hundreds of small changes leave no error behind', () => {
  const clock = new RateClock();
  clock.start(0, 0, 1);
  let expected_s = 0;
  let rate = 1;
  for (let step = 1; step <= 900; step += 1) {
    expected_s += rate * 0.03;
    rate = 1 + 0.05 * Math.sin(step);
    clock.turn(step * 0.03, rate);
  }
  assert.ok(Math.abs(clock.positionAt(27) - expected_s) < 1e-9);
});
