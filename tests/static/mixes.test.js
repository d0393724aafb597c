import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MixPlayer } from '../../static/mix-player.js';
import { MixRecorder } from '../../static/mix-recorder.js';
import { FAST, SLOW, WHOLE } from './covers.js';
import { setUp } from './fake-stage.js';

/** Its recording begins half a minute before the song. */
const AHEAD = { segments: [[1, 61, 31, 91]] };
const COVERS = [WHOLE, SLOW, FAST, WHOLE];

/** A scope on the fake clock that can also listen. @param {any} clock */
function scopeOf(clock) {
  return /** @type {any} */ ({
    ...clock.scope,
    on: (/** @type {EventTarget} */ target, /** @type {string} */ type, /** @type {any} */ act, /** @type {any} */ options) => {
      target.addEventListener(type, act, options);
      return () => target.removeEventListener(type, act, options);
    },
  });
}

/** What is heard, as `[recording, reference time]` at every switch and jump. @param {any} ensemble */
function listen(ensemble) {
  /** @type {[number, number][]} */
  const heard = [];
  for (const name of ['switched', 'sought']) {
    ensemble.addEventListener(name, () => {
      heard.push([ensemble.master.piece.id, ensemble.reference_s]);
    });
  }
  return heard;
}

test('a recorder puts switches on their beats and leaves pauses out', () => {
  const recorder = new MixRecorder([1, 1.5, 2, 2.5, 3]);
  recorder.note(7, 1.2, 100);
  recorder.note(8, 1.994, 100.794);
  recorder.rest(101);
  recorder.note(9, 3, 111);
  assert.deepEqual(recorder.steps, [
    { at_ms: 0, recording_id: 7, reference_ms: 1250 },
    { at_ms: 800, recording_id: 8, reference_ms: 2000 },
    { at_ms: 1000, recording_id: 9, reference_ms: 3000 },
  ]);
  assert.equal(recorder.played_s(112), 2);
});

test('a mix plays the same recordings at the same places of the song', async () => {
  const steps = [
    { at_ms: 0, recording_id: 0, reference_ms: 1000 },
    { at_ms: 8000, recording_id: 3, reference_ms: 9000 },
    { at_ms: 12000, recording_id: 2, reference_ms: 14000 },
    { at_ms: 20000, recording_id: 0, reference_ms: 20400 },
    { at_ms: 26000, recording_id: 1, reference_ms: 40000 },
  ];
  const { ensemble, clock, start, log } = await setUp(COVERS);
  const player = new MixPlayer(ensemble, steps, 30000, scopeOf(clock));
  ensemble.master.player.seek(1);
  const heard = listen(ensemble);
  await clock.pass(0.1);
  await start();
  player.begin();
  await clock.pass(29);
  const ids = heard.map(([id]) => id);
  assert.deepEqual(ids.filter((id, index) => id !== ids[index - 1]), [3, 2, 0, 1], `${heard}`);
  steps.slice(1, 4).forEach(({ recording_id, reference_ms }, index) => {
    const at = heard.find(([id], place) => id === recording_id && place >= index);
    assert.ok(at !== undefined && Math.abs(at[1] - reference_ms / 1000) < 0.06, `${at} for ${reference_ms}`);
  });
  const [last, to_s] = heard.at(-1) ?? [];
  assert.ok(last === 1 && Math.abs((to_s ?? 0) - 40) < 0.06, `${last} ${to_s}`);
  await clock.pass(4);
  assert.equal(player.isPlaying, false);
  assert.equal(ensemble.isHeld, false);
  assert.ok(log.length > 0);
});

test('steps of recordings that are gone are passed over and counted', async () => {
  const { ensemble, clock } = await setUp([WHOLE]);
  const steps = [0, 99, 1].map((recording_id, index) =>
    ({ at_ms: index * 1000, recording_id, reference_ms: 1000 + index * 1000 }));
  const player = new MixPlayer(ensemble, steps, 5000, scopeOf(clock));
  assert.equal(player.missing, 1);
  assert.equal(player.first?.recording_id, 0);
});

test('a fan who takes over ends the mix', async () => {
  const { ensemble, clock, start } = await setUp(COVERS);
  const steps = [{ at_ms: 0, recording_id: 0, reference_ms: 1000 }];
  const player = new MixPlayer(ensemble, steps, 50000, scopeOf(clock));
  await start();
  player.begin();
  assert.equal(ensemble.isHeld, true);
  player.end();
  assert.equal(ensemble.isHeld, false);
});

test('a mix goes on in time when somebody else takes over from one that broke', async () => {
  const { ensemble, clock, start } = await setUp([AHEAD, WHOLE]);
  const steps = [0, 1].map((recording_id, index) =>
    ({ at_ms: index * 10_000, recording_id, reference_ms: 1000 + index * 20_000 }));
  ensemble.master.player.seek(1);
  const player = new MixPlayer(ensemble, steps, 20_000, scopeOf(clock));
  await start();
  player.begin();
  await clock.pass(4);
  /** @type {any} */ (ensemble.master.player).trouble();
  await clock.pass(4);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 9) < 0.5, `${ensemble.reference_s}`);
  await clock.pass(4);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - 23) < 0.5, `${ensemble.reference_s}`);
  assert.equal(ensemble.master.piece?.id, 1);
  await clock.pass(6);
  assert.equal(player.isPlaying, true);
  await clock.pass(4);
  assert.equal(player.isPlaying, false);
});

test('a mix whose next recording cannot be had goes on without it', async () => {
  const { ensemble, clock, start } = await setUp(COVERS);
  const steps = [0, 4, 2].map((recording_id, index) =>
    ({ at_ms: index * 5000, recording_id, reference_ms: 1000 + index * 5000 }));
  const lost = ensemble.pieces[4];
  for (const deck of ensemble.decks) if (deck.piece === lost) deck.clear();
  let asked = 0;
  lost.loadMap = async () => {
    asked += 1;
    throw new Error('it is not there');
  };
  ensemble.master.player.seek(1);
  const player = new MixPlayer(ensemble, steps, 15_000, scopeOf(clock));
  await start();
  player.begin();
  await clock.pass(12);
  assert.equal(ensemble.master.piece?.id, 2);
  assert.ok(asked < 3, `asked for ${asked} times`);
});

test('a mix of which nothing is left does not hold the stage', async () => {
  const { ensemble, clock, start } = await setUp(COVERS);
  const steps = [{ at_ms: 0, recording_id: 99, reference_ms: 1000 }];
  const player = new MixPlayer(ensemble, steps, 5000, scopeOf(clock));
  await start();
  player.begin();
  await clock.pass(1);
  assert.equal(ensemble.isHeld, false);
});
