import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAST, SLOW, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('at the end the song begins again with somebody who was beside', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(66);
  assert.equal(log.filter((each) => each === 'loop').length, 1);
  assert.notEqual(nameIn(ensemble, 'centre'), 'reference');
  const reference_s = ensemble.reference_s ?? 0;
  assert.ok(reference_s > 3 && reference_s < 7, `${reference_s}`);
  assert.ok(!ensemble.master.player.paused);
  await clock.pass(5);
  assert.ok(ensemble.slots.left.isInStep && ensemble.slots.right.isInStep);
});

test('alone, the reference begins again by itself', async () => {
  const { ensemble, clock, log, start } = await setUp([]);
  await start();
  await clock.pass(66);
  assert.equal(log.filter((each) => each === 'loop').length, 1);
  assert.ok((ensemble.reference_s ?? 99) < 8);
  assert.ok(!ensemble.master.player.paused);
});
