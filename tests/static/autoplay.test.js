import assert from 'node:assert/strict';
import { test } from 'node:test';

import { boundariesOf } from '../../static/phrases.js';
import { Timeline } from '../../static/timeline-model.js';
import { FAST, SLOW, WHOLE } from './covers.js';
import { setUp } from './fake-stage.js';

/** Twenty covers, the further in tempo the later. */
const MANY = Array.from({ length: 20 }, (_, index) => {
  const duration_s = 60 * (1 + 0.02 * index);
  return { segments: [[1, 61, 1, 1 + duration_s]] };
});

/** @param {any} ensemble */
function heardIds(ensemble) {
  return ensemble.heard.map((/** @type {{id: number}} */ { id }) => id);
}

test('boundaries are sections, and every eighth bar of long ones but shortly before the next', () => {
  const timeline = new Timeline(/** @type {any} */ ({
    beats_ms: [0, ...Array(159).fill(500)],
    downbeats_ms: [0, ...Array(39).fill(2000)],
    duration_ms: 80000,
    sections: [
      { start_ms: 0, end_ms: 20000, label: 'verse' }, { start_ms: 20000, end_ms: 80000, label: 'chorus' },
    ],
  }));
  assert.deepEqual(boundariesOf(timeline), [
    { time_s: 0, isSection: true },
    { time_s: 20, isSection: true },
    { time_s: 36, isSection: false },
    { time_s: 52, isSection: false },
    { time_s: 68, isSection: false },
  ]);
});

test('autoplay jumps on boundaries only, and at phrases by chance', async () => {
  const { ensemble, clock, start } = await setUp(MANY);
  await start();
  ensemble.setAutoplay(true);
  /** @type {number[]} */
  const places_s = [];
  ensemble.addEventListener('switched', () => places_s.push(ensemble.reference_s ?? 1));
  await clock.pass(300);
  assert.ok(places_s.length >= 10, `${places_s}`);
  const ends_s = 60;
  for (const place_s of places_s) {
    const near = [1, 21, 37, ends_s].some((each) => Math.abs(each - place_s) < 0.7);
    assert.ok(near, `a jump at ${place_s}`);
  }
});

test('autoplay plays nobody twice while there are others', async () => {
  const { ensemble, clock, start } = await setUp(MANY);
  await start();
  ensemble.setAutoplay(true);
  await clock.pass(400);
  const ids = heardIds(ensemble);
  assert.ok(ids.length >= 12, `${ids}`);
  assert.equal(new Set(ids).size, ids.length, `${ids}`);
});

test('autoplay reaches further with every jump, then begins again near', async () => {
  const { ensemble, clock, start } = await setUp([WHOLE, SLOW, FAST, WHOLE, SLOW]);
  await start();
  ensemble.setAutoplay(true);
  /** @type {number[]} */
  const reaches = [];
  ensemble.addEventListener('switched', () => reaches.push(ensemble.reach));
  await clock.pass(700);
  const top = reaches.indexOf(Math.max(...reaches));
  assert.ok(reaches[top] > 0.7 && top > 6, `${reaches}`);
  assert.ok(Math.min(...reaches.slice(top)) < 0.2, `${reaches}`);
});

test('taking autoplay back brings near covers again', async () => {
  const { ensemble } = await setUp([WHOLE]);
  ensemble.setAutoplay(true);
  ensemble.reach = 0.6;
  ensemble.setAutoplay(false);
  assert.equal(ensemble.reach, 0);
});
