import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAST, LATE, SHORT, SLOW, WHOLE, errorOf, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('the reference begins in the centre, and companions come into step', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5);
  assert.equal(nameIn(ensemble, 'centre'), 'reference');
  assert.equal(/** @type {any} */ (ensemble.master.player).rate, 1);
  for (const side of /** @type {const} */ (['left', 'right'])) {
    assert.ok(ensemble.slots[side].isInStep, side);
    assert.ok(errorOf(ensemble, side) < 0.01, `${errorOf(ensemble, side)}`);
  }
});

test('it plays for ten minutes without losing the song', async () => {
  const { ensemble, clock, log, mixer, start } = await setUp([WHOLE, SLOW, SHORT, LATE, FAST]);
  await start();
  let silent = 0;
  for (let second = 0; second < 600; second += 1) {
    await clock.pass(1);
    if (second % 7 === 3) ensemble.request(second % 2 ? 'left' : 'right');
    const { master } = ensemble;
    const open = /** @type {any} */ (master.channel).open === 1 || mixer.channels.some((each) => each.open);
    if (ensemble.reference_s === null || !open || master.player.paused) silent += 1;
  }
  assert.ok(silent <= 3, `${silent} of 600 seconds without the song`);
  assert.ok(log.filter((each) => each === 'loop').length >= 7);
});

test('pause holds everybody, play goes on in step', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(5);
  ensemble.pause();
  await clock.pass(1);
  const before_s = ensemble.reference_s;
  await clock.pass(2);
  assert.equal(ensemble.reference_s, before_s);
  assert.ok(ensemble.decks.every((deck) => deck.player.paused));
  await ensemble.play();
  await clock.pass(1.5);
  assert.ok(ensemble.slots.left.isInStep && ensemble.slots.right.isInStep);
});

test('followers do not seek while they are near', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5);
  const seeks = clock.players.map((player) => player.seeks);
  await clock.pass(40);
  assert.deepEqual(clock.players.map((player) => player.seeks), seeks);
  assert.equal(ensemble.playing, true);
});

test('play that comes while a pause fades is not undone by its end', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(4);
  ensemble.pause();
  await clock.pass(0.01);
  ensemble.pause();
  await clock.pass(0.01);
  const player = /** @type {any} */ (ensemble.master.player);
  let allow = () => {};
  player.play = () => {
    player.paused = false;
    return new Promise((resolve) => { allow = () => resolve(true); });
  };
  const played = ensemble.play();
  await clock.pass(0.02);
  allow();
  await played;
  assert.ok(ensemble.playing && !player.paused);
});

test('a headset that pauses and plays at once is not stopped by the pause', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(2);
  const player = /** @type {any} */ (ensemble.master.player);
  player.press(false);
  await clock.pass(0.01);
  assert.equal(ensemble.playing, false);
  player.paused = false; // what it plays is told a moment later
  await clock.pass(0.05);
  assert.equal(player.paused, false);
  player.press(true);
  await clock.pass(0.5);
  assert.ok(ensemble.playing && !player.paused);
});
