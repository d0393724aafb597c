import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lastMoment, LEAD_S, nextMoment } from '../../static/switching.js';
import { TimeMap } from '../../static/time-map.js';

const identity = TimeMap.identity(60);
const quick = Array.from({ length: 100 }, (_, beat) => beat * 0.5);
const slow = Array.from({ length: 40 }, (_, beat) => beat * 1.5);

/** @param {number} one @param {number} other */
function assertNear(one, other) {
  assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`);
}

test('the next beat, where it is near', () => {
  const moment = nextMoment(identity, 10.1, quick);
  assert.equal(moment.on, 'beat');
  assertNear(moment.wait_s, 0.4);
});

test('a beat that is too close to be scheduled is left to pass', () => {
  const moment = nextMoment(identity, 10.5 - LEAD_S / 2, quick);
  assertNear(moment.reference_s, 11);
});

test('the next half-beat, where the beat is far', () => {
  const moment = nextMoment(identity, 15.1, slow);
  assert.equal(moment.on, 'half-beat');
  assertNear(moment.wait_s, 0.65);
});

test('waits are counted on the cover that sounds', () => {
  const half = new TimeMap([{ reference_s: [0, 60], cover_s: [2, 122], confidence: [1, 1] }]);
  const moment = nextMoment(half, 2 + 2 * 10.3, quick);
  assert.equal(moment.on, 'beat');
  assertNear(moment.wait_s, 0.4);
});

test('without beats it is now', () => {
  assert.deepEqual(nextMoment(identity, 10, []), { wait_s: LEAD_S, reference_s: 10, on: 'now' });
  assert.equal(nextMoment(identity, 59.9, quick.slice(0, 100)).on, 'now');
});

test('the last beat before the cover leaves the song', () => {
  const moment = lastMoment(identity, 57.7, [57, 58, 59, 60], 2.3);
  assertNear(moment?.reference_s ?? 0, 59);
  assert.equal(lastMoment(identity, 59.97, quick, 0.03), null);
});
