import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Level, meanSquare } from '../../static/loudness.js';
import { SLOW, WHOLE } from './covers.js';
import { setUp } from './fake-stage.js';

const REFERENCE = new Level(0);

/** @param {number} value */
function decibels(value) {
  return 20 * Math.log10(value);
}

test('a cover twice as strong in amplitude is turned down by 6 dB', () => {
  const level = new Level();
  for (let each = 0; each < 10; each += 1) level.compare(0.04, 0.01, REFERENCE, 0.17);
  assert.ok(Math.abs(decibels(level.gain) + 6.02) < 0.1, `${decibels(level.gain)}`);
});

test('what is compared with a third cover counts from the Reference', () => {
  const third = new Level();
  for (let each = 0; each < 10; each += 1) third.compare(0.04, 0.01, REFERENCE, 0.17);
  const level = new Level();
  for (let each = 0; each < 10; each += 1) level.compare(0.02, 0.04, third, 0.17);
  assert.ok(Math.abs((level.db ?? 0) - 3.01) < 0.1, `${level.db}`);
});

test('another leader, as far from the Reference as it is, changes nothing', () => {
  const leader = new Level();
  for (let each = 0; each < 10; each += 1) leader.compare(0.04, 0.01, REFERENCE, 0.17);
  const level = new Level();
  for (let each = 0; each < 20; each += 1) level.compare(0.02, 0.01, REFERENCE, 0.17);
  for (let each = 0; each < 10; each += 1) level.compare(0.02, 0.04, leader, 0.17);
  assert.ok(Math.abs((level.db ?? 0) - 3.01) < 0.01, `${level.db}`);
});

test('too little, or silence, says nothing', () => {
  const level = new Level();
  level.compare(0.04, 0.01, REFERENCE, 0.5);
  for (let each = 0; each < 50; each += 1) level.compare(0, 0.01, REFERENCE, 0.17);
  assert.equal(level.db, null);
  assert.equal(level.gain, 1);
});

test('nothing is turned up without end', () => {
  const level = new Level();
  for (let each = 0; each < 10; each += 1) level.compare(1e-5, 0.1, REFERENCE, 0.17);
  assert.ok(Math.abs(decibels(level.gain) - 6) < 0.01);
});

test('the Reference keeps its level', () => {
  const level = new Level(0);
  for (let each = 0; each < 10; each += 1) level.compare(0.04, 0.01, REFERENCE, 0.17);
  assert.equal(level.gain, 1);
});

test('mean square of a sine is half its amplitude squared', () => {
  const sine = Float32Array.from({ length: 4800 }, (_, index) => 0.5 * Math.sin(index / 10));
  assert.ok(Math.abs(meanSquare(sine) - 0.125) < 0.001);
});

test('a companion that follows is brought to the level of who sounds before it is heard', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  /** @type {any} */ (ensemble.slots.left.channel).power = 0.04;
  await clock.pass(8);
  const { gain } = /** @type {any} */ (ensemble.slots.left.channel);
  assert.ok(Math.abs(decibels(gain) + 6.02) < 0.1, `${decibels(gain)}`);
  assert.equal(/** @type {any} */ (ensemble.master.channel).gain, 1);
});

test('who follows at another rate is weighed as at its own tempo', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(8);
  const { left, right } = ensemble.slots;
  const slow = [left, right].find(({ rate }) => Math.abs(rate - 1) > 0.1);
  assert.ok(slow, `${left.rate}, ${right.rate}`);
  assert.equal(/** @type {any} */ (slow.channel).rate, slow.rate);
  assert.equal(/** @type {any} */ (ensemble.master.channel).rate, 1);
});
