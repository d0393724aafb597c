import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from '../../static/words.en.js';
import { setUp } from './fake-stage.js';

const WHOLE = { segments: [[1, 61, 3, 63]] };
const SLOW = { segments: [[1, 61, 2, 77]] };
const FAST = { segments: [[1, 61, 5, 53]] };
const LATE = { segments: [[20, 61, 1, 42]] };
const SHORT = { segments: [[1, 30, 0.5, 29.5]] };

/** @param {any} ensemble @param {'left' | 'centre' | 'right'} slot */
function nameIn(ensemble, slot) {
  return ensemble.slots[slot]?.piece?.name ?? null;
}

/** @param {any} ensemble how far the deck is from where the master is, in seconds */
function errorOf(ensemble, /** @type {'left' | 'right'} */ slot) {
  const deck = ensemble.slots[slot];
  return Math.abs(deck.map.nearestCoverAt(ensemble.reference_s, deck.player.position_s)
    - deck.player.position_s);
}

test('the reference begins in the centre, and companions come into step', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(5);
  assert.equal(nameIn(ensemble, 'centre'), 'reference');
  assert.equal(/** @type {any} */ (ensemble.master.player).rate, 1);
  for (const side of /** @type {const} */ (['left', 'right'])) {
    assert.ok(ensemble.slots[side]?.isInStep, side);
    assert.ok(errorOf(ensemble, side) < 0.01, `${errorOf(ensemble, side)}`);
  }
});

test('who has the first part is beside from the first beat on', async () => {
  const { ensemble, clock, start } = await setUp([LATE, LATE, SLOW, FAST]);
  await start();
  await clock.pass(3);
  assert.ok(ensemble.slots.left?.isInStep && ensemble.slots.right?.isInStep);
});

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
  assert.equal(/** @type {any} */ (wanted?.player).rate, 1);
  assert.deepEqual(mixer.channels.map(({ open }) => open).filter(Boolean), [1]);
  await clock.pass(1);
  assert.ok(errorOf(ensemble, 'right') < 0.02, 'the old one follows now');
});

test('the old centre stays for a bar, then a new companion is there in step', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(5.1);
  ensemble.request('right');
  await clock.pass(1);
  assert.equal(nameIn(ensemble, 'right'), 'reference');
  await clock.pass(5);
  assert.notEqual(nameIn(ensemble, 'right'), 'reference');
  assert.ok(ensemble.slots.right?.isInStep);
});

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
  assert.equal(ensemble.slots.left?.state, 'absent');
  assert.ok(Math.abs((ensemble.slots.left?.back_s ?? 0) - 16) < 0.5);
  ensemble.request('left');
  assert.ok(log.some((each) => each.includes(words.missingHere)));
  assert.equal(nameIn(ensemble, 'centre'), 'reference');
  await clock.pass(18);
  assert.ok(ensemble.slots.left?.isInStep);
});

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
  assert.ok(ensemble.slots.left?.isInStep && ensemble.slots.right?.isInStep);
});

test('alone, the reference begins again by itself', async () => {
  const { ensemble, clock, log, start } = await setUp([]);
  await start();
  await clock.pass(66);
  assert.equal(log.filter((each) => each === 'loop').length, 1);
  assert.ok((ensemble.reference_s ?? 99) < 8);
  assert.ok(!ensemble.master.player.paused);
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

test('autoplay jumps at the section boundary', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW]);
  await start();
  ensemble.autoplay = true;
  await clock.pass(20);
  assert.equal(log.filter((each) => each === 'switched').length, 0);
  await clock.pass(1.3);
  assert.equal(log.filter((each) => each === 'switched').length, 1);
});

test('seeking moves everybody; a part the centre lacks is taken over by one that has it', async () => {
  const { ensemble, clock, start } = await setUp([LATE, WHOLE]);
  await start();
  await clock.pass(5);
  ensemble.seek(40);
  await clock.pass(4);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 44) < 0.3);
  assert.ok(ensemble.slots.left?.isInStep && ensemble.slots.right?.isInStep);
  ensemble.request(nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right');
  await clock.pass(1);
  assert.equal(nameIn(ensemble, 'centre'), 'cover 1');
  ensemble.seek(5);
  await clock.pass(3);
  assert.notEqual(nameIn(ensemble, 'centre'), 'cover 1');
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 8) < 0.5, `${ensemble.reference_s}`);
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
  assert.ok(ensemble.slots.left?.isInStep && ensemble.slots.right?.isInStep);
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
  assert.ok(wanted?.player.paused);
});

test('a cover that cannot be played is replaced; the song goes on', async () => {
  const { ensemble, clock, log, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(4);
  const broken = nameIn(ensemble, 'left');
  /** @type {any} */ (ensemble.slots.left?.player).trouble();
  await clock.pass(3);
  assert.notEqual(nameIn(ensemble, 'left'), broken);
  assert.ok(ensemble.slots.left?.isInStep);
  assert.ok(log.includes(words.failedReplaced(broken)));
  /** @type {any} */ (ensemble.master.player).trouble();
  await clock.pass(0.5);
  assert.notEqual(nameIn(ensemble, 'centre'), 'reference');
  assert.ok(!ensemble.master.player.paused);
});

test('a tag steers who comes next', async () => {
  const tagged = { ...WHOLE, tags: ['piano'] };
  const { ensemble, clock, start } = await setUp([SLOW, FAST, tagged]);
  await start();
  await clock.pass(4);
  ensemble.setTag('piano');
  await clock.pass(9);
  assert.ok([nameIn(ensemble, 'left'), nameIn(ensemble, 'right')].includes('cover 3'));
});

test('a tag that nobody else has is said once, and nobody leaves', async () => {
  const { ensemble, clock, log, start } = await setUp([SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(4);
  ensemble.setTag('kazoo');
  await clock.pass(6);
  assert.equal(log.filter((each) => each === words.noneLeftForTag('kazoo')).length, 1);
  assert.ok(ensemble.slots.left?.isInStep && ensemble.slots.right?.isInStep);
});

test('who lacks the song for long makes room for somebody who has it', async () => {
  const { ensemble, clock, start } = await setUp([SHORT, WHOLE, SLOW]);
  await start();
  await clock.pass(4);
  const side = nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right';
  assert.equal(nameIn(ensemble, side), 'cover 1');
  await clock.pass(34);
  assert.notEqual(nameIn(ensemble, side), 'cover 1');
  assert.ok(ensemble.slots[side]?.isInStep);
});

test('who is passed over three times leaves too', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST, WHOLE, SLOW]);
  await start();
  await clock.pass(5);
  const left = nameIn(ensemble, 'left');
  for (let jump = 0; jump < 3; jump += 1) {
    ensemble.request('right');
    await clock.pass(4);
  }
  await clock.pass(8);
  assert.notEqual(nameIn(ensemble, 'left'), left);
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
