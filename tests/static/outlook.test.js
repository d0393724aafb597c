import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SHORT, SLOW, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('a cover that ends early hands over to one that goes on, on a beat', async () => {
  const { ensemble, clock, log, start } = await setUp([SHORT, WHOLE]);
  await start();
  await clock.pass(5);
  const side = nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right';
  ensemble.request(side);
  await clock.pass(1);
  assert.equal(nameIn(ensemble, 'centre'), 'cover 1');
  await clock.pass(26);
  assert.notEqual(nameIn(ensemble, 'centre'), 'cover 1');
  assert.ok((ensemble.reference_s ?? 0) > 30, `${ensemble.reference_s}`);
  assert.equal(log.filter((each) => each === 'loop').length, 0);
});

test('autoplay jumps at the section boundary', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW]);
  await start();
  ensemble.autoplay = true;
  await clock.pass(20);
  assert.equal(log.filter((each) => each === 'switched').length, 0);
  await clock.pass(1.3);
  assert.equal(log.filter((each) => each === 'switched').length, 1);
});
