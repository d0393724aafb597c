import assert from 'node:assert/strict';
import { test } from 'node:test';

import { anchorsOfTaps, nearestBeat, readAnchors, withAnchor, writeAnchors } from '../../static/desk/anchors.js';
import { addBeat, moveBeat, readBeats, removeBeat, toggleBar, writeBeats } from '../../static/desk/beats.js';

const BEATS = [{ time_s: 1, bar: true }, { time_s: 1.5, bar: false }, { time_s: 2, bar: true }];

test('fixed beats are read as people write them, and written back', () => {
  const read = readAnchors('0:02.5 4.125\n 5, 7.25\n\nnonsense\n3');
  assert.deepEqual(read, [{ reference_s: 2.5, cover_s: 4.125 }, { reference_s: 5, cover_s: 7.25 }]);
  assert.deepEqual(readAnchors(writeAnchors(read)), read);
});

test('a fixed beat replaces those that it cannot stand beside', () => {
  const anchors = [{ reference_s: 1, cover_s: 2 }, { reference_s: 3, cover_s: 4 }];
  assert.deepEqual(withAnchor(anchors, { reference_s: 3, cover_s: 3 }), [
    { reference_s: 1, cover_s: 2 }, { reference_s: 3, cover_s: 3 },
  ]);
  assert.deepEqual(withAnchor(anchors, { reference_s: 2, cover_s: 3.9 }), [
    { reference_s: 1, cover_s: 2 }, { reference_s: 2, cover_s: 3.9 },
  ]);
});

test('taps are consecutive beats, and none beyond the last', () => {
  assert.deepEqual(anchorsOfTaps([1, 2, 3], 1, [5, 6, 7]), [
    { reference_s: 2, cover_s: 5 }, { reference_s: 3, cover_s: 6 },
  ]);
  assert.equal(nearestBeat([1, 2, 3], 2.4), 1);
});

test('beats are read and written with their bars', () => {
  assert.deepEqual(readBeats('1.000 |\n1.500\n2.000 |'), BEATS);
  assert.deepEqual(readBeats(writeBeats(BEATS)), BEATS);
});

test('a beat is never dragged past its neighbours', () => {
  assert.equal(moveBeat(BEATS, 1, 9)[1].time_s, 1.9);
  assert.equal(moveBeat(BEATS, 1, 0)[1].time_s, 1.1);
  assert.equal(moveBeat(BEATS, 0, -1)[0].time_s, 0);
  assert.equal(BEATS[1].time_s, 1.5, 'the list itself is not changed');
});

test('beats are added in order, removed, and begin bars', () => {
  assert.deepEqual(addBeat(BEATS, 1.75).map(({ time_s }) => time_s), [1, 1.5, 1.75, 2]);
  assert.equal(addBeat(BEATS, 1.55), BEATS, 'too near to be another one');
  assert.equal(removeBeat(BEATS, 1).length, 2);
  assert.equal(toggleBar(BEATS, 1)[1].bar, true);
});
