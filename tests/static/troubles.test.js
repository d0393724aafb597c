import assert from 'node:assert/strict';
import { test } from 'node:test';

import { words } from '../../static/words.en.js';
import { FAST, SLOW, WHOLE, nameIn } from './covers.js';
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
