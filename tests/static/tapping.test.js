import assert from 'node:assert/strict';
import { test } from 'node:test';

import { latencyOf } from '../../static/tapping.js';

const CLICKS_S = Array.from({ length: 10 }, (_, index) => 5 + index * 0.75);

/** @param {number} late_s @param {number[]} wobble_s */
function taps(late_s, wobble_s = [0, 0.02, -0.02, 0.01, -0.01, 0, 0.02]) {
  return wobble_s.map((each, index) => CLICKS_S[index] + late_s - 0.03 + each);
}

test('late sound is measured from taps that come late', () => {
  assert.ok(Math.abs((latencyOf(CLICKS_S, taps(0.2)) ?? 0) - 0.2) < 0.015);
  assert.ok(Math.abs((latencyOf(CLICKS_S, taps(0)) ?? 1) - 0) < 0.015);
});

test('a tap that went astray does not spoil it', () => {
  assert.ok(Math.abs((latencyOf(CLICKS_S, [...taps(0.15), 20]) ?? 0) - 0.15) < 0.02);
});

test('few or uneven taps say nothing', () => {
  assert.equal(latencyOf(CLICKS_S, taps(0.2).slice(0, 4)), null);
  assert.equal(latencyOf(CLICKS_S, taps(0.2, [0.2, -0.1, 0.15, -0.08, 0.2, -0.1, 0.1])), null);
});
