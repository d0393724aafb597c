import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Away } from '../../static/api.js';
import { FAST, LATE, SLOW, WHOLE } from './covers.js';
import { setUp } from './fake-stage.js';

test('who has the first part is beside from the first beat on', async () => {
  const { ensemble, clock, start } = await setUp([LATE, LATE, SLOW, FAST]);
  await start();
  await clock.pass(3);
  assert.ok(ensemble.slots.left.isInStep && ensemble.slots.right.isInStep);
});

/**
 * Maps that have to be fetched from now on, while the library is away or is not.
 * @param {any} ensemble
 */
function libraryOf({ pieces, decks }) {
  const library = { isAway: false, asked: 0 };
  for (const piece of pieces) {
    if (decks.some((/** @type {any} */ deck) => deck.piece === piece)) continue;
    const { map } = piece;
    piece.loadMap = async () => {
      library.asked += 1;
      if (library.isAway) throw new Away('no answer');
      return map;
    };
  }
  return library;
}

test('while the library is away nobody is given up', async () => {
  const { ensemble, clock, start } = await setUp(Array(12).fill(WHOLE));
  await start();
  await clock.pass(4);
  const library = libraryOf(ensemble);
  library.isAway = true;
  ensemble.surprise();
  await clock.pass(6);
  assert.ok(library.asked > 0 && library.asked < 10, `asked ${library.asked} times`);
  assert.ok(ensemble.pieces.every(({ failed }) => !failed));
  library.isAway = false;
  const before = { left: ensemble.slots.left.piece, right: ensemble.slots.right.piece };
  ensemble.surprise();
  await clock.pass(12);
  for (const side of /** @type {const} */ (['left', 'right'])) {
    assert.ok(ensemble.slots[side].isInStep);
    assert.notEqual(ensemble.slots[side].piece, before[side]);
  }
});

test('an empty side is filled as soon as somebody is free', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST]);
  await start();
  await clock.pass(4);
  ensemble.slots.left.clear();
  await clock.pass(6);
  assert.ok(ensemble.slots.left.isInStep);
});

test('what failed without a network is tried again, from the beginning if nobody is left', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(4);
  const players = ensemble.decks.map(({ player }) => /** @type {any} */ (player));
  for (let round = 0; round < 3; round += 1) {
    for (const player of players) player.trouble();
    await clock.pass(0.1);
  }
  assert.ok(ensemble.pieces.every(({ failed }) => failed) && !ensemble.playing);
  ensemble.retry();
  await clock.pass(1);
  await ensemble.play();
  await clock.pass(3);
  assert.ok(ensemble.playing && !ensemble.master.player.paused);
  assert.ok((ensemble.reference_s ?? 0) > 3);
});
