import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FAST, SLOW, WHOLE, errorOf, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('a jump swaps pictures at once, and the sound on the next beat', async () => {
  const { ensemble, clock, mixer, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5.1);
  const wanted = ensemble.slots.right;
  ensemble.request('right');
  assert.equal(ensemble.slots.centre, wanted);
  assert.equal(nameIn(ensemble, 'right'), 'reference');
  assert.notEqual(ensemble.master, wanted, 'not before the beat');
  await clock.pass(0.6);
  assert.equal(ensemble.master, wanted);
  assert.equal(/** @type {any} */ (wanted.player).rate, 1);
  assert.deepEqual(mixer.channels.map(({ open }) => open).filter(Boolean), [1]);
  await clock.pass(1);
  assert.ok(errorOf(ensemble, 'right') < 0.02, 'the old one follows now');
});

test('who takes another rate late is told early, so that its tempo comes with its sound', async () => {
  for (const notice_s of [0, 0.1]) {
    const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
    await start();
    await clock.pass(5.1);
    const wanted = ensemble.slots.right;
    /** @type {any} */ (wanted.player).notice_s = notice_s;
    ensemble.switchAfter(0.4, 'right');
    await clock.pass(0.35);
    assert.equal(ensemble.master === wanted, notice_s === 0.1);
    await clock.pass(0.1);
    assert.equal(ensemble.master, wanted);
  }
});

test('while paused a jump is immediate and silent', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(5);
  ensemble.pause();
  await clock.pass(0.5);
  const wanted = ensemble.slots.left;
  ensemble.request('left');
  assert.equal(ensemble.master, wanted);
  await clock.pass(0.5);
  assert.ok(wanted.player.paused);
});

test('a jump before the first sound begins at the chosen place', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  ensemble.seek(30);
  ensemble.request('left');
  await start();
  await clock.pass(2);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 32) < 0.5, `${ensemble.reference_s}`);
});

test('a jump while play is still waiting for data: who leads by then plays', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  const first = /** @type {any} */ (ensemble.master.player);
  const play = first.play.bind(first);
  first.play = async () => {
    await new Promise((resolve) => { clock.scope.after(1000, () => resolve(null)); });
    return play();
  };
  const started = start();
  await clock.pass(0.5);
  ensemble.request('right');
  await clock.pass(2);
  assert.equal(await started, true);
  assert.notEqual(nameIn(ensemble, 'centre'), 'reference');
  assert.ok(ensemble.playing && !ensemble.master.player.paused);
});

test('a cover brings its own loudness to a player that had another', async () => {
  const { ensemble, clock, mixer, start } = await setUp([WHOLE, SLOW, FAST, WHOLE]);
  await start();
  const { left } = ensemble.slots;
  const channel = mixer.channels[ensemble.decks.indexOf(left)];
  channel.power = 1;
  await clock.pass(5);
  assert.ok(channel.gain < 0.2);
  const unheard = ensemble.pieces.find((piece) => ensemble.decks.every((deck) => deck.piece !== piece));
  await ensemble.bring(/** @type {any} */ (unheard), 'left');
  assert.equal(channel.gain, 1);
});

test('who is wanted by name comes from wherever', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(4);
  const far = ensemble.pieces.find((piece) => ensemble.decks.every((deck) => deck.piece !== piece));
  await ensemble.invite(/** @type {any} */ (far));
  await clock.pass(3);
  assert.equal(ensemble.master.piece, far);
});
