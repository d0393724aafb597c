import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from '../../static/words.js';
import { FAST, SHORT, SLOW, WHOLE, nameIn } from './covers.js';
import { setUp } from './fake-stage.js';

test('the old centre stays for a bar, then a new companion is there in step', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(5.1);
  ensemble.request('right');
  await clock.pass(1);
  assert.equal(nameIn(ensemble, 'right'), 'reference');
  await clock.pass(5);
  assert.notEqual(nameIn(ensemble, 'right'), 'reference');
  assert.ok(ensemble.slots.right.isInStep);
});

test('a tag steers who comes next', async () => {
  const tagged = { ...WHOLE, tags: ['piano'] };
  const { ensemble, clock, start } = await setUp([SLOW, FAST, tagged]);
  await start();
  await clock.pass(4);
  ensemble.setTags(['piano']);
  await clock.pass(9);
  assert.ok([nameIn(ensemble, 'left'), nameIn(ensemble, 'right')].includes('cover 3'));
});

test('a tag that nobody else has is said once, and nobody leaves', async () => {
  const { ensemble, clock, log, start } = await setUp([SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(4);
  ensemble.setTags(['kazoo']);
  await clock.pass(6);
  assert.equal(log.filter((each) => each === words.noneLeftForTags(['kazoo'])).length, 1);
  assert.ok(ensemble.slots.left.isInStep && ensemble.slots.right.isInStep);
});

test('who lacks the song for long makes room for somebody who has it', async () => {
  const { ensemble, clock, start } = await setUp([SHORT, WHOLE, SLOW]);
  await start();
  await clock.pass(4);
  const side = nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right';
  assert.equal(nameIn(ensemble, side), 'cover 1');
  await clock.pass(34);
  assert.notEqual(nameIn(ensemble, side), 'cover 1');
  assert.ok(ensemble.slots[side].isInStep);
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

test('a switch that a pause hastens makes room like any other', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST, WHOLE]);
  await start();
  await clock.pass(5.1);
  ensemble.request('right');
  ensemble.pause();
  await ensemble.play();
  await clock.pass(7);
  assert.notEqual(nameIn(ensemble, 'right'), 'reference');
});

test('a tag also steers who already waits in the wings', async () => {
  const tagged = { segments: [[1, 61, 5, 45]], tags: ['piano'] };
  const { ensemble, clock, start } = await setUp([SLOW, FAST, WHOLE, tagged]);
  ensemble.pieces[4].transposition_semitones = 6;
  await start();
  await clock.pass(5.1);
  ensemble.request('right');
  await clock.pass(1);
  const untagged = ensemble.spare.piece?.name;
  assert.notEqual(untagged, 'cover 4');
  ensemble.setTags(['piano']);
  await clock.pass(6);
  const beside = [nameIn(ensemble, 'left'), nameIn(ensemble, 'right')];
  assert.ok(beside.includes('cover 4') && !beside.includes(untagged), `${beside}`);
});

test('who is leaving is not brought in again by a jump to the next bar line', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(3.2);
  const leaving = ensemble.slots.left;
  ensemble.refresh();
  while (ensemble.slots.left === leaving) await clock.pass(0.01);
  ensemble.seek(21);
  await clock.pass(1);
  assert.ok(nameIn(ensemble, 'left') !== null && nameIn(ensemble, 'right') !== null);
});

test('who is about to run out is replaced before it does', async () => {
  const { ensemble, clock, start } = await setUp([SHORT, WHOLE, SLOW]);
  await start();
  await clock.pass(4);
  const side = nameIn(ensemble, 'left') === 'cover 1' ? 'left' : 'right';
  ensemble.seek(15);
  await clock.pass(2);
  assert.equal(nameIn(ensemble, side), 'cover 1');
  await clock.pass(11);
  assert.ok((ensemble.reference_s ?? 99) < 30, 'cover 1 has the song until 30 s');
  assert.notEqual(nameIn(ensemble, side), 'cover 1');
  assert.ok(ensemble.slots[side].isInStep);
});

test('a surprise brings two from far away, and then near ones again', async () => {
  const near = { segments: [[1, 61, 1, 60]] };
  const far = { segments: [[1, 61, 1, 41]] };
  const { ensemble, clock, start } = await setUp([near, near, near, far, far, near, near]);
  await start();
  await clock.pass(4);
  ensemble.surprise();
  await clock.pass(12);
  const beside = [nameIn(ensemble, 'left'), nameIn(ensemble, 'right')].sort();
  assert.deepEqual(beside, ['cover 4', 'cover 5']);
  assert.equal(ensemble.surprises, 0);
});
