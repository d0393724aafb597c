import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TimeMap } from '../../static/time-map.js';
import {
  correction, decide, followingRate, nextStart, SEEK_ABOVE_S, songLeft, TRIM,
} from '../../static/transport.js';

/** @param {number[][]} segments reference start and end, cover start and end */
function mapOf(...segments) {
  return new TimeMap(segments.map(([r0, r1, c0, c1]) => ({
    reference_s: [r0, r1], cover_s: [c0, c1], confidence: [1, 1],
  })));
}

const lead = { reference_s: 20, velocity: 1, advancing: true };

/** @param {Partial<import('../../static/transport.js').Follower>} more */
function follower(more) {
  return {
    map: mapOf([0, 100, 0, 100]), position_s: 20, ready: true, last_seek_s: -10,
    seek_latency_s: 0.1, ...more,
  };
}

/** @param {any} order */
function rateOf(order) {
  assert.equal(order.kind, 'follow');
  return order.rate;
}

test('a follower in place plays at the ratio of the slopes', () => {
  const slow = mapOf([0, 100, 0, 125]);
  assert.equal(rateOf(decide(lead, follower({ map: slow, position_s: 25 }), 0)), 1.25);
  const fast = { ...lead, velocity: 0.5 };
  assert.equal(rateOf(decide(fast, follower({}), 0)), 0.5);
});

test('half time and double time are only slopes', () => {
  assert.equal(followingRate(lead, mapOf([0, 100, 0, 200]), 20), 2);
  assert.equal(followingRate(lead, mapOf([0, 100, 0, 50]), 20), 0.5);
});

test('a late follower hurries, an early one waits, both within the trim', () => {
  assert.ok(rateOf(decide(lead, follower({ position_s: 19.99 }), 0)) > 1);
  assert.ok(rateOf(decide(lead, follower({ position_s: 20.01 }), 0)) < 1);
  assert.equal(correction(0.01), 0.02);
  assert.equal(correction(0.09), 0.09);
  assert.equal(correction(0.04), TRIM);
  assert.equal(correction(-0.04), -TRIM);
  assert.ok(correction(0.9) > TRIM, 'far off, nobody hears it hurry');
});

test('it seeks only when more than a second is missing, and aims ahead of a moving target', () => {
  assert.equal(decide(lead, follower({ position_s: 20 - SEEK_ABOVE_S + 0.01 }), 0).kind, 'follow');
  assert.deepEqual(decide(lead, follower({ position_s: 3 }), 0), { kind: 'seek', to_s: 20.1 });
});

test('after a seek it gives the player time', () => {
  assert.equal(decide(lead, follower({ position_s: 3, last_seek_s: 9 }), 10).kind, 'hold');
  assert.equal(decide(lead, follower({ position_s: 3, last_seek_s: 8 }), 10).kind, 'seek');
});

test('a player that is loading is left alone', () => {
  assert.equal(decide(lead, follower({ ready: false }), 0).kind, 'hold');
});

test('nobody corrects while the master stands still', () => {
  assert.equal(decide({ ...lead, advancing: false }, follower({ position_s: 19.9 }), 0).kind, 'rest');
  assert.equal(decide({ ...lead, reference_s: null }, follower({}), 0).kind, 'rest');
});

test('a cover that lacks this part is absent, and waits where it comes in again', () => {
  const map = mapOf([0, 10, 0, 10], [23, 60, 10, 47]);
  assert.deepEqual(
    decide(lead, follower({ map, position_s: 10 }), 0),
    { kind: 'absent', back_s: 3, park_s: 10 },
  );
  assert.deepEqual(
    decide({ ...lead, reference_s: 12 }, follower({ map, position_s: 10 }), 0),
    { kind: 'absent', back_s: 11, park_s: null },
  );
  assert.deepEqual(
    decide({ ...lead, reference_s: 70 }, follower({ map }), 0),
    { kind: 'absent', back_s: null, park_s: null },
  );
  assert.equal(nextStart(map, 12), 23);
});

test('of a repeated part, a follower takes the place nearest to it', () => {
  const map = mapOf([0, 50, 0, 50], [10, 50, 50, 90]);
  assert.equal(decide(lead, follower({ map, position_s: 60.02 }), 0).kind, 'follow');
  assert.equal(decide(lead, follower({ map, position_s: 20.02 }), 0).kind, 'follow');
});

test('how long a cover goes on: touching segments belong together, a gap ends it', () => {
  const map = mapOf([0, 10, 5, 15], [4, 10, 15, 21], [10, 20, 40, 50]);
  assert.deepEqual(songLeft(map, 6), { left_s: 15, reference_s: 10 });
  assert.deepEqual(songLeft(map, 45), { left_s: 5, reference_s: 20 });
  assert.equal(songLeft(map, 30), null);
});
