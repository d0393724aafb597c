import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from '../../static/words.js';
import { FAST, SLOW, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

/** Everybody may play only while leading. @param {any[]} covers */
async function setUpWaiting(covers) {
  const stage = await setUp(covers);
  for (const player of stage.clock.players) player.waits = true;
  await stage.start();
  return stage;
}

/** @param {any} ensemble */
function playing(ensemble) {
  return ensemble.decks.filter((/** @type {any} */ deck) => !deck.player.paused).length;
}

test('who may play only alone waits beside, and never two play', async () => {
  const { ensemble, clock } = await setUpWaiting([WHOLE, SLOW, FAST]);
  let most = 0;
  for (let n = 0; n < 1600; n += 1) {
    await clock.pass(0.005);
    most = Math.max(most, playing(ensemble));
    if (n === 600 || n === 1100) ensemble.request('right');
  }
  assert.equal(most, 1);
  assert.equal(ensemble.slots.left.state, 'waiting');
});

test('who waits and who is to follow is fetched once the song goes on', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  /** @type {any} */ (ensemble.slots.left.player).waits = true;
  await clock.pass(1);
  const beside = [ensemble.slots.left, ensemble.slots.right].map(({ player }) => /** @type {any} */ (player));
  assert.deepEqual(beside.map(({ isPrepared }) => isPrepared), [false, false]);
  await start();
  await clock.pass(4);
  ensemble.slots.right.player.load('/media/2', null);
  await clock.pass(0.1);
  assert.deepEqual(beside.map(({ isPrepared }) => isPrepared), [true, true]);
});

test('a jump to one that waits comes in on the beat, and the picture with it', async () => {
  const { ensemble, clock, log } = await setUpWaiting([WHOLE, SLOW]);
  await clock.pass(5.1);
  const wanted = ensemble.slots.right;
  /** @type {any} */ (wanted.player).start_s = 0.3;
  ensemble.request('right');
  assert.notEqual(ensemble.slots.centre, wanted, 'what plays stays in the centre');
  await clock.pass(0.8);
  assert.equal(ensemble.master, wanted);
  assert.equal(ensemble.slots.centre, wanted);
  assert.ok(log.includes('switched'));
  const reference_s = /** @type {number} */ (ensemble.reference_s);
  assert.ok(reference_s > 5.5 && reference_s < 6.5, `${reference_s}`);
});

test('one that may not begin is replaced, and the old one goes on', async () => {
  const { ensemble, clock, log } = await setUpWaiting([WHOLE, SLOW, FAST]);
  await clock.pass(5.1);
  const wanted = ensemble.slots.right;
  const { name } = /** @type {any} */ (wanted.piece);
  Object.assign(wanted.player, { allowed: false, condition: 'blocked' });
  ensemble.request('right');
  await clock.pass(2);
  assert.equal(nameIn(ensemble, 'centre'), 'reference');
  assert.ok(!ensemble.master.player.paused);
  assert.notEqual(nameIn(ensemble, 'right'), name);
  assert.ok(log.includes(words.failedBecause(name, words.youtube.blocked)), log.join());
  assert.ok(!log.includes('switched'));
});

test('hosted and waiting covers share one song', async () => {
  const stage = await setUp([WHOLE, SLOW, FAST]);
  const { ensemble, clock } = stage;
  /** @type {any} */ (ensemble.slots.left.player).waits = true;
  await stage.start();
  await clock.pass(5.1);
  assert.ok(ensemble.slots.right.isInStep);
  ensemble.request('left');
  await clock.pass(2);
  const led = ensemble.master;
  assert.ok(led.player.waits);
  ensemble.request('right');
  assert.equal(ensemble.slots.centre, led, 'it plays, so it is seen');
  await clock.pass(2);
  assert.notEqual(ensemble.master, led);
  assert.ok(led.player.paused, 'and beside it does not');
});

test('the first one cannot be played at all: pressing play plays another', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  const player = /** @type {any} */ (ensemble.master.player);
  player.play = () => {
    player.trouble('forbidden');
    return Promise.resolve(false);
  };
  assert.equal(await start(), true);
  await clock.pass(2);
  assert.notEqual(nameIn(ensemble, 'centre'), 'reference');
  assert.ok(ensemble.playing && !ensemble.master.player.paused);
});

for (const reason of Object.keys(words.youtube)) {
  test(`trouble "${reason}" is said in words and ends in a replacement`, async () => {
    const { ensemble, clock, log } = await setUpWaiting([WHOLE, SLOW, FAST]);
    await clock.pass(3);
    const broken = nameIn(ensemble, 'centre');
    /** @type {any} */ (ensemble.master.player).trouble(reason);
    await clock.pass(2);
    assert.notEqual(nameIn(ensemble, 'centre'), broken);
    assert.ok(ensemble.playing && !ensemble.master.player.paused);
    const why = /** @type {Record<string, string>} */ (words.youtube)[reason];
    const said = log.findIndex((each) => each.includes(why));
    assert.ok(said > log.indexOf('switched'), 'after who sounds now, so that it is seen');
  });
}
