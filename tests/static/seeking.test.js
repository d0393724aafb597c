import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LATE, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('seeking moves everybody; a part the centre lacks is taken over by one that has it', async () => {
  const { ensemble, clock, start } = await setUp([LATE, WHOLE]);
  await start();
  await clock.pass(5);
  ensemble.seek(40);
  await clock.pass(4);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 44) < 0.3);
  assert.ok(ensemble.slots.left.isInStep && ensemble.slots.right.isInStep);
  ensemble.request(nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right');
  await clock.pass(1);
  assert.equal(nameIn(ensemble, 'centre'), 'cover 1');
  ensemble.seek(5);
  await clock.pass(3);
  assert.notEqual(nameIn(ensemble, 'centre'), 'cover 1');
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 8) < 0.5, `${ensemble.reference_s}`);
});

test('it stays quiet until the last of several jumps has arrived', async () => {
  const { ensemble, clock, mixer, start } = await setUp([WHOLE]);
  await start();
  await clock.pass(5);
  ensemble.seek(20);
  await clock.pass(0.03);
  ensemble.seek(22);
  await clock.pass(0.75);
  assert.equal(mixer.ducked, false);
  ensemble.seek(24);
  await clock.pass(0.04);
  assert.equal(mixer.ducked, true);
});
