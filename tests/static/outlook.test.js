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
  ensemble.setAutoplay(true);
  await clock.pass(20);
  assert.equal(log.filter((each) => each === 'switched').length, 0);
  await clock.pass(1.3);
  assert.equal(log.filter((each) => each === 'switched').length, 1);
});

test('after a jump to just before its end, who goes on may still come into step', async () => {
  const { ensemble, clock, log, start } = await setUp([SHORT, WHOLE]);
  await start();
  await clock.pass(5);
  ensemble.request(nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right');
  await clock.pass(1);
  ensemble.seek(27.2);
  await clock.pass(5);
  assert.equal(log.filter((each) => each === 'loop').length, 0);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 32.2) < 0.5, `${ensemble.reference_s}`);
});

test('a short gap in the map of who sounds is no reason to jump', async () => {
  const { ensemble, clock, start } = await setUp([{ segments: [[1, 9, 1, 9], [9, 61, 9.25, 61.25]] }]);
  await start();
  await clock.pass(5);
  ensemble.request('left');
  await clock.pass(1);
  assert.equal(nameIn(ensemble, 'centre'), 'cover 1');
  const { seeks } = /** @type {any} */ (ensemble.master.player);
  await clock.pass(6);
  assert.equal(/** @type {any} */ (ensemble.master.player).seeks, seeks);
});

test('a recording that ends before its map does not end the music', async () => {
  const { ensemble, clock, start } = await setUp([]);
  await start();
  await clock.pass(1);
  /** @type {any} */ (ensemble.master.player).duration_s = 20;
  await clock.pass(22);
  assert.ok(!ensemble.master.player.paused);
  assert.ok((ensemble.reference_s ?? 99) < 8, `${ensemble.reference_s}`);
});
