import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAST, SHORT, SLOW, WHOLE, nameIn } from './covers.js';
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

test('a pause just before the next pass holds everybody', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW]);
  await start();
  while (!log.includes('loop')) await clock.pass(0.01);
  ensemble.pause();
  await clock.pass(1);
  assert.ok(ensemble.decks.every((deck) => deck.player.paused));
});

test('somebody else begins when who stood by breaks', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(60);
  const first = ensemble.decks.find((deck) => deck.reserved);
  /** @type {any} */ (first?.player).trouble();
  await clock.pass(6);
  assert.equal(log.filter((each) => each === 'loop').length, 1);
  const reference_s = ensemble.reference_s ?? 0;
  assert.ok(reference_s > 3 && reference_s < 7, `${reference_s}`);
});

test('who stands by for the next pass is not sent away before it', async () => {
  const almost = { segments: [[1, 61.5, 5, 45.33]], tags: ['fast'] };
  const { ensemble, clock, start } = await setUp([almost, SLOW, WHOLE]);
  await start();
  ensemble.setTags(['fast']);
  await clock.pass(6);
  ensemble.request(nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right');
  await clock.pass(1);
  assert.equal(nameIn(ensemble, 'centre'), 'cover 1');
  ensemble.setTags([]);
  ensemble.seek(56.9);
  await clock.pass(0.5);
  const first = ensemble.decks.find((deck) => deck.reserved);
  await clock.pass(5);
  assert.ok((ensemble.reference_s ?? 99) < 10);
  assert.equal(ensemble.master, first);
});

test('who needs a moment to sound is not sought again as it comes in', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(60);
  const first = /** @type {any} */ (ensemble.decks.find((deck) => deck.reserved)?.player);
  const { play } = first;
  first.play = async () => {
    clock.scope.after(70, () => play.call(first));
    return true;
  };
  const { seeks } = first;
  while (!log.includes('loop')) await clock.pass(0.01);
  await clock.pass(1);
  assert.equal(ensemble.master.player, first);
  assert.equal(first.seeks, seeks);
});

test('who stood by for a next pass that does not come follows again', async () => {
  const { ensemble, clock, start } = await setUp([SHORT, WHOLE, SLOW]);
  await start();
  await clock.pass(4);
  await ensemble.invite(ensemble.pieces[1]);
  await clock.pass(4);
  assert.equal(ensemble.master.piece, ensemble.pieces[1]);
  ensemble.seek(26);
  await clock.pass(1.5);
  const { left, right } = ensemble.slots;
  for (const deck of [left, right]) deck.player.seek(deck.player.position_s - 0.9);
  while ((ensemble.reference_s ?? 0) < 29.1) await clock.pass(0.01);
  const [waiting, other] = left.reserved ? [left, /** @type {const} */ ('right')]
    : [right, /** @type {const} */ ('left')];
  assert.ok(waiting.reserved);
  ensemble.switchNow(other);
  await clock.pass(4);
  assert.ok(!waiting.reserved && waiting.isInStep);
});
