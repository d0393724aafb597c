import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keyDistance, rankCompanions, tempoDistance } from '../../static/companions.js';

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
    centre: cover(1), reference_s: 20, exclude: new Set([1]), heard: /** @type {number[]} */ ([]),
    tag: null, surprise: false, random: () => 0, ...more,
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

test('near in key comes first, counted in fifths', () => {
  const candidates = [cover(2, { transposition_semitones: 1 }), cover(3, { transposition_semitones: 7 })];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
  assert.equal(keyDistance(cover(1), cover(2, { transposition_semitones: 12 })), 0);
  assert.equal(keyDistance(cover(1), cover(2, { transposition_semitones: 6 })), 1);
});

test('half time is a close relative', () => {
  assert.ok(tempoDistance(cover(1), cover(2, { tempo_ratio: 0.5 }))
    < tempoDistance(cover(1), cover(2, { tempo_ratio: 0.7 })));
});

test('surprise turns it round', () => {
  const candidates = [cover(2, { tempo_ratio: 1.4 }), cover(3, { tempo_ratio: 1.05 })];
  assert.deepEqual(order(candidates, wish({ surprise: true })), [2, 3]);
});

test('who was just heard comes last', () => {
  assert.deepEqual(order([cover(2), cover(3)], wish({ heard: [3, 2] })), [3, 2]);
});

test('who is on stage is not offered', () => {
  assert.deepEqual(order([cover(1), cover(2)], wish()), [2]);
});

test('only covers with the chosen tag', () => {
  const candidates = [cover(2, { tags: ['piano'] }), cover(3)];
  assert.deepEqual(order(candidates, wish({ tag: 'piano' })), [2]);
  assert.deepEqual(order(candidates, wish({ tag: 'kazoo' })), []);
});

test('the same recording with another picture comes after real covers', () => {
  const candidates = [cover(2, { isSameRecording: true }), cover(3, { tempo_ratio: 1.2 })];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
});

test('who lacks this part is the last resort', () => {
  const candidates = [cover(2, { spans_s: [[40, 90]] }), cover(3, { tempo_ratio: 1.6 })];
  assert.deepEqual(order(candidates, wish()), [3, 2]);
});
