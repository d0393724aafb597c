import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from '../../static/words.js';
import { FAST, LATE, SLOW, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('a second wish during a switch is fulfilled after it', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(5.1);
  ensemble.request('right');
  ensemble.request('left');
  await clock.pass(2.5);
  assert.equal(log.filter((each) => each === 'switched').length, 2);
});

test('a cover that lacks this part says so and does not take over, then comes back', async () => {
  const { ensemble, clock, log, start } = await setUp([LATE, LATE]);
  await start();
  await clock.pass(4);
  assert.equal(ensemble.slots.left.state, 'absent');
  assert.ok(Math.abs((ensemble.slots.left.back_s ?? 0) - 16) < 0.5);
  ensemble.request('left');
  assert.ok(log.some((each) => each.includes(words.missingHere)));
  assert.equal(nameIn(ensemble, 'centre'), 'reference');
  await clock.pass(18);
  assert.ok(ensemble.slots.left.isInStep);
});

test('a wish is for the cover, not for the side', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(3.2);
  ensemble.refresh();
  while ((ensemble.reference_s ?? 0) < 4.85) await clock.pass(0.01);
  assert.ok(ensemble.spare.isInStep, 'somebody comes in on the next bar line');
  const wanted = ensemble.slots.left;
  /** @type {any} */ (wanted.player).position_s -= 0.4;
  await clock.pass(0.06);
  ensemble.request('left');
  await clock.pass(3);
  assert.equal(ensemble.master, wanted);
});

test('a wish that the next pass fulfils is not fulfilled again', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(61);
  const side = ensemble.slots.left.reserved ? 'left' : 'right';
  const wanted = ensemble.slots[side];
  ensemble.request(side);
  await clock.pass(4);
  assert.equal(ensemble.master, wanted);
});

test('who is wanted by name may take as long to be fetched as anybody', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(4);
  const far = ensemble.pieces.find((piece) => ensemble.decks.every((deck) => deck.piece !== piece));
  for (const player of clock.players) player.loading_s = 4;
  await ensemble.invite(/** @type {any} */ (far));
  assert.ok(log.includes(words.loading));
  await clock.pass(8);
  assert.equal(ensemble.master.piece, far);
});

test('instant cuts at once, wherever the beat is', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(5.1);
  ensemble.instant = true;
  ensemble.request('left');
  await clock.pass(0.1);
  assert.equal(log.filter((each) => each === 'switched').length, 1);
  assert.equal(/** @type {any} */ (ensemble.master.channel).open, 1);
});
