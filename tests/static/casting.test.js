import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAST, LATE, SLOW } from './covers.js';
import { setUp } from './fake-stage.js';

test('who has the first part is beside from the first beat on', async () => {
  const { ensemble, clock, start } = await setUp([LATE, LATE, SLOW, FAST]);
  await start();
  await clock.pass(3);
  assert.ok(ensemble.slots.left.isInStep && ensemble.slots.right.isInStep);
});
