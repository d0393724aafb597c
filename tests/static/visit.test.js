import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Visit } from '../../static/visit.js';

test('a visit knows what was heard for how long, and its path', () => {
  const visit = new Visit();
  assert.equal(visit.hear(1, 0, 100), null);
  visit.move(8);
  assert.deepEqual(visit.hear(2, 8, 108), { id: 1, heard_ms: 8000 });
  visit.move(12);
  assert.deepEqual(visit.rest(112), { id: 2, heard_ms: 4000 });
  visit.move(20);
  assert.deepEqual(visit.path, [
    { id: 1, pass: 0, from_s: 0, to_s: 8 }, { id: 2, pass: 0, from_s: 8, to_s: 12 },
  ]);
  assert.equal(visit.covers.size, 2);
  assert.equal(visit.rest(120), null);
});

test('a moment is not a hearing', () => {
  const visit = new Visit();
  visit.hear(1, 0, 100);
  assert.equal(visit.hear(2, 0, 100.2), null);
});
