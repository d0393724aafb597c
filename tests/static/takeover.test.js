import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IDLE_MS, Takeover } from '../../static/takeover.js';
import { WHOLE } from './covers.js';
import { setUp } from './fake-stage.js';

async function playing() {
  const parts = await setUp([WHOLE]);
  const scope = { ...parts.clock.scope, on: (/** @type {any} */ target, /** @type {any[]} */ ...rest) =>
    target.addEventListener(...rest) };
  const takeover = new Takeover(parts.ensemble, /** @type {any} */ (scope));
  await parts.start();
  return { ...parts, takeover };
}

/** @param {string} key */
function press(key) {
  return /** @type {any} */ ({ key });
}

test('autoplay takes over after a minute without a touch, and any key takes it back', async () => {
  const { ensemble, clock, takeover } = await playing();
  await clock.pass(IDLE_MS / 1000 - 1);
  assert.equal(ensemble.autoplay, false);
  await clock.pass(1.5);
  assert.equal(ensemble.autoplay, true);
  takeover.onKey(press('Tab'));
  assert.equal(ensemble.autoplay, true);
  takeover.onKey(press('x'));
  assert.equal(ensemble.autoplay, false);
  await clock.pass(IDLE_MS / 1000 + 1);
  assert.equal(ensemble.autoplay, true);
});

test('a touch begins the minute anew', async () => {
  const { ensemble, clock, takeover } = await playing();
  await clock.pass(50);
  takeover.takeBack();
  await clock.pass(50);
  assert.equal(ensemble.autoplay, false);
});

test('who has switched it off keeps it off', async () => {
  const { ensemble, clock, takeover } = await playing();
  takeover.choose();
  assert.equal(ensemble.autoplay, true);
  takeover.choose();
  await clock.pass(IDLE_MS / 1000 + 5);
  assert.equal(ensemble.autoplay, false);
});

test('nothing takes over while it is paused', async () => {
  const { ensemble, clock } = await playing();
  ensemble.pause();
  await clock.pass(IDLE_MS / 1000 + 5);
  assert.equal(ensemble.autoplay, false);
});

test('it waits while a mix decides, and a minute after it', async () => {
  const { ensemble, clock } = await playing();
  ensemble.hold(true);
  await clock.pass(IDLE_MS / 1000 + 5);
  assert.equal(ensemble.autoplay, false);
  ensemble.hold(false);
  ensemble.tell('mix-over');
  await clock.pass(IDLE_MS / 1000 + 1);
  assert.equal(ensemble.autoplay, true);
});
