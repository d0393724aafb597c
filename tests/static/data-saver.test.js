import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from '../../static/words.js';
import { SHORT, SLOW, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

/** @param {any} deck whether it waits to be fetched */
const isHeld = (deck) => deck.player.waits;

test('companions are not fetched, and who is jumped to comes on the beat once it is', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW], { saves: true });
  await start();
  await clock.pass(5.1);
  assert.ok(!isHeld(ensemble.master) && isHeld(ensemble.slots.left) && isHeld(ensemble.slots.right));
  assert.equal(ensemble.slots.left.state, 'waiting');
  const wanted = ensemble.slots.left;
  ensemble.request('left');
  assert.ok(log.includes(words.loading));
  assert.notEqual(ensemble.master, wanted, 'the old one sounds meanwhile');
  await clock.pass(3);
  assert.equal(ensemble.master, wanted);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 7.9) < 0.05, `${ensemble.reference_s}`);
  assert.ok(isHeld(ensemble.slots.right));
});

test('who goes on where a cover ends is fetched in time', async () => {
  const { ensemble, clock, log, start } = await setUp([SHORT, WHOLE], { saves: true });
  await start();
  await clock.pass(5);
  ensemble.request(nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right');
  await clock.pass(3);
  assert.equal(nameIn(ensemble, 'centre'), 'cover 1');
  await clock.pass(25);
  assert.notEqual(nameIn(ensemble, 'centre'), 'cover 1');
  assert.equal(log.filter((each) => each === 'loop').length, 0);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 33) < 0.2, `${ensemble.reference_s}`);
});

test('the next pass is fetched before it begins', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE], { saves: true });
  await start();
  await clock.pass(64);
  assert.equal(log.filter((each) => each === 'loop').length, 1);
  assert.ok((ensemble.reference_s ?? 99) < 5, `${ensemble.reference_s}`);
  assert.ok(ensemble.playing && !ensemble.master.player.paused);
});

test('what a mix brings is fetched at once', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW], { saves: true });
  await start();
  await clock.pass(2);
  const piece = ensemble.pieces[2];
  await ensemble.bring(piece, 'left');
  await clock.pass(3);
  assert.ok(ensemble.slots.left.isNear);
});
