import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { isNear, keyDistance, rankCompanions, tempoDistance } from '../../static/companions.js';

/** @param {number} id @param {object} more */
function cover(id, more = {}) {
  return {
    id, tempo_ratio: 1, transposition_semitones: 0,
    spans_s: /** @type {[number, number][]} */ ([[0, 100]]), tags: [], isSameRecording: false, ...more,
  };
}

/** @param {object} more */
function wish(more = {}) {
  return {
    centre: cover(1), reference_s: 20, stays_until_s: 32, exclude: new Set([1]),
    heard: /** @type {{id: number, at_s: number}[]} */ ([]), now_s: 100, tags: /** @type {string[]} */ ([]),
    reach: 0, random: () => 0, ...more,
  };
}

/** @param {any[]} candidates @param {any} wanted */
function order(candidates, wanted) {
  return rankCompanions(candidates, wanted).map(({ id }) => id);
}

test('near in tempo comes first', () => {
  const candidates = [cover(2, { tempo_ratio: 1.4 }), cover(3, { tempo_ratio: 1.05 })];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
});

test('near in key comes first, and of far keys those that are near in fifths', () => {
  const candidates = [
    cover(2, { transposition_semitones: 6 }), cover(3, { transposition_semitones: 7 }),
    cover(4, { transposition_semitones: 2 }),
  ];
  assert.deepEqual(order(candidates, wish()), [4, 3, 2]);
  assert.equal(keyDistance(cover(1), cover(2, { transposition_semitones: 12 })), 0);
  assert.equal(keyDistance(cover(1), cover(2, { transposition_semitones: 6 })), 1);
});

test('half time is a close relative', () => {
  assert.ok(tempoDistance(cover(1), cover(2, { tempo_ratio: 0.5 }))
    < tempoDistance(cover(1), cover(2, { tempo_ratio: 0.7 })));
});

test('surprise turns it round', () => {
  const candidates = [cover(2, { tempo_ratio: 1.4 }), cover(3, { tempo_ratio: 1.05 })];
  assert.deepEqual(order(candidates, wish({ reach: 1 })), [2, 3]);
});

test('who was just heard comes last', () => {
  const heard = [{ id: 3, at_s: 10 }, { id: 2, at_s: 20 }];
  assert.deepEqual(order([cover(2), cover(3)], wish({ heard })), [3, 2]);
});

test('who is on stage is not offered', () => {
  assert.deepEqual(order([cover(1), cover(2)], wish()), [2]);
});

test('only covers with the chosen tag', () => {
  const candidates = [cover(2, { tags: ['piano'] }), cover(3)];
  assert.deepEqual(order(candidates, wish({ tags: ['piano'] })), [2]);
  assert.deepEqual(order(candidates, wish({ tags: ['piano', 'kazoo'] })), []);
});

test('the same recording with another picture comes after real covers', () => {
  const candidates = [cover(2, { isSameRecording: true }), cover(3, { tempo_ratio: 1.2 })];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
});

test('who lacks this part is the last resort', () => {
  const candidates = [cover(2, { spans_s: [[40, 90]] }), cover(3, { tempo_ratio: 1.6 })];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
});

test('within the hour nobody comes twice while others are left, however far they are', () => {
  const heard = [{ id: 2, at_s: 0 }, ...Array(8).fill({ id: 1, at_s: 90 })];
  const candidates = [cover(2), cover(3, { tempo_ratio: 1.4, transposition_semitones: 6 })];
  assert.deepEqual(order(candidates, wish({ heard })), [3, 2]);
  assert.deepEqual(order(candidates, wish({ heard, now_s: 3700 })), [2, 3]);
});

test('a small step is 8 % of tempo and 2 semitones, at the metrical ratio and any octave', () => {
  for (const near of [
    { tempo_ratio: 1.08 }, { tempo_ratio: 0.93 }, { tempo_ratio: 2.1 }, { tempo_ratio: 0.48 },
    { transposition_semitones: 2 }, { transposition_semitones: -11 },
  ]) assert.ok(isNear(cover(1), cover(2, near)), JSON.stringify(near));
  for (const far of [
    { tempo_ratio: 1.1 }, { tempo_ratio: 1.5 }, { tempo_ratio: 4 }, { transposition_semitones: 3 },
  ]) assert.ok(!isNear(cover(1), cover(2, far)), JSON.stringify(far));
});

test('a small step comes before a larger one that fits better otherwise', () => {
  const candidates = [
    cover(2, { transposition_semitones: 7 }), cover(3, { transposition_semitones: 1 }),
  ];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
});

test('of two alike, the one of a kindred style comes first', () => {
  const wanted = wish({ centre: cover(1, { tags: ['piano', 'live'] }) });
  const candidates = [cover(2, { tags: ['metal'] }), cover(3, { tags: ['piano'] })];
  assert.deepEqual(order(candidates, wanted), [3, 2]);
});

test('who is about to run out comes after who stays', () => {
  const candidates = [cover(2, { spans_s: [[0, 25]] }), cover(3, { tempo_ratio: 1.5 })];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
});

test('ranks as the library does when it chooses from very many', () => {
  const file = new URL('../data/companion_cases.json', import.meta.url);
  const { covers, cases } = JSON.parse(readFileSync(file, 'utf8'));
  const candidates = covers.map((/** @type {any} */ each) => ({
    ...each,
    isSameRecording: each.same_recording,
    spans_s: each.spans_ms.map((/** @type {number[]} */ span) => span.map((edge) => edge / 1000)),
  }));
  for (const { wish: { near, at_ms, until_ms, exclude, tags, reach }, order: expected } of cases) {
    const centre = candidates.find((/** @type {any} */ { id }) => id === near) ?? cover(0);
    assert.deepEqual(order(candidates, wish({
      centre, reference_s: at_ms / 1000, stays_until_s: until_ms / 1000,
      exclude: new Set(exclude), tags, reach,
    })), expected);
  }
});
