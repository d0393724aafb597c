import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from '../../static/words.js';
import { FAST, LATE, SLOW, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('a cover that cannot be played is replaced; the song goes on', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(4);
  const broken = nameIn(ensemble, 'left');
  /** @type {any} */ (ensemble.slots.left.player).trouble();
  await clock.pass(3);
  assert.notEqual(nameIn(ensemble, 'left'), broken);
  assert.ok(ensemble.slots.left.isInStep);
  assert.ok(log.includes(words.failedReplaced(broken)));
  /** @type {any} */ (ensemble.master.player).trouble();
  await clock.pass(0.5);
  assert.notEqual(nameIn(ensemble, 'centre'), 'reference');
  assert.ok(!ensemble.master.player.paused);
});

test('a cover that breaks between a wish and its beat does not take over', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5.1);
  ensemble.request('right');
  assert.notEqual(ensemble.slots.centre, ensemble.master);
  /** @type {any} */ (ensemble.slots.centre.player).trouble();
  await clock.pass(3);
  assert.equal(nameIn(ensemble, 'centre'), 'reference');
  assert.ok(!log.includes('switched'));
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 8.1) < 0.1, `${ensemble.reference_s}`);
});

test('the one that sounds breaks before anybody follows: the song goes on from there', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  ensemble.seek(30);
  await start();
  await clock.pass(0.02);
  /** @type {any} */ (ensemble.master.player).trouble();
  await clock.pass(2);
  assert.notEqual(nameIn(ensemble, 'centre'), 'reference');
  assert.equal(ensemble.master.state, 'sounding');
  assert.ok(!ensemble.master.player.paused);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 32) < 0.5, `${ensemble.reference_s}`);
});

test('the one that sounds breaks while everybody else is missing: they are sought', async () => {
  const { ensemble, clock, start } = await setUp([LATE, LATE]);
  await start();
  await clock.pass(4);
  /** @type {any} */ (ensemble.master.player).trouble();
  await clock.pass(2);
  assert.equal(ensemble.playing, true);
  assert.ok(!ensemble.master.player.paused);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 22) < 0.5, `${ensemble.reference_s}`);
});

test('the one that sounds breaks with nobody beside: another goes on from there', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE]);
  await start();
  await clock.pass(4);
  for (const side of /** @type {const} */ (['left', 'right'])) ensemble.slots[side].clear();
  /** @type {any} */ (ensemble.master.player).trouble();
  await clock.pass(2);
  assert.equal(nameIn(ensemble, 'centre'), 'cover 1');
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 6) < 0.5, `${ensemble.reference_s}`);
});

test('when the only recording breaks, it stops', async () => {
  const { ensemble, clock, start } = await setUp([]);
  await start();
  await clock.pass(2);
  /** @type {any} */ (ensemble.master.player).trouble();
  await clock.pass(1);
  assert.equal(ensemble.playing, false);
  await ensemble.play();
  await clock.pass(1);
});

test('a cover that is still being fetched does not take over', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(4);
  const next = /** @type {any} */ (ensemble.pieces.find(
    (piece) => !ensemble.decks.some((deck) => deck.piece === piece),
  ));
  const { map } = next;
  next.map = null;
  next.loadMap = () => new Promise((resolve) => clock.scope.after(500, () => {
    next.map = map;
    resolve(map);
  }));
  /** @type {any} */ (ensemble.slots.left.player).trouble();
  ensemble.request('left');
  await clock.pass(0.3);
  assert.equal(nameIn(ensemble, 'centre'), 'reference');
  await clock.pass(2.5);
  assert.equal(nameIn(ensemble, 'centre'), next.name, 'as soon as it is in step');
});

test('the one that sounds runs dry: somebody beside goes on from there', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5);
  const dry = ensemble.master;
  /** @type {any} */ (dry.player).advance = () => {};
  await clock.pass(3);
  assert.equal(ensemble.master, dry, 'it may only be a moment');
  await clock.pass(3);
  assert.notEqual(ensemble.master, dry);
  assert.ok(log.includes(words.failedBecause('reference', words.loading)));
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 7) < 1, `${ensemble.reference_s}`);
});

test('a fan need not wait for one that has run dry', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5);
  /** @type {any} */ (ensemble.master.player).advance = () => {};
  await clock.pass(0.5);
  const wanted = ensemble.slots.right;
  ensemble.request('right');
  await clock.pass(1.5);
  assert.equal(ensemble.master, wanted);
  assert.ok(!wanted.player.paused);
});

test('a long pause is no trouble', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5);
  const { master } = ensemble;
  ensemble.pause();
  await clock.pass(20);
  await ensemble.play();
  await clock.pass(1);
  assert.equal(ensemble.master, master);
});
