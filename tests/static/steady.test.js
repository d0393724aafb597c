import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Piece } from '../../static/repertoire.js';
import { reportOf } from '../../static/sync-report.js';
import { FAST, SLOW, errorOf } from './covers.js';
import { setUp } from './fake-stage.js';

const WHOLE_SPAN = [[1, 61]];
const READY = { ...SLOW, rendition: WHOLE_SPAN };
const ALSO_READY = { ...FAST, rendition: WHOLE_SPAN };

/** @param {any} ensemble @param {'left' | 'centre' | 'right'} slot */
const addressIn = (ensemble, slot) => ensemble.slots[slot].player.address;

/** @param {any} ensemble */
const atSides = (ensemble) => [addressIn(ensemble, 'left'), addressIn(ensemble, 'right')].sort();

test('covers come with their rendition once it is wished, at the tempo of the reference', async () => {
  const { ensemble, clock, start } = await setUp([READY, ALSO_READY]);
  await start();
  await clock.pass(3);
  assert.deepEqual(atSides(ensemble), ['/media/1', '/media/2']);
  ensemble.setSteady(true);
  await clock.pass(15);
  assert.deepEqual(atSides(ensemble), ['/renditions/1', '/renditions/2']);
  for (const { player, error_s } of [ensemble.slots.left, ensemble.slots.right]) {
    assert.ok(Math.abs(/** @type {any} */ (player).rate - 1) < 0.01);
    assert.ok(Math.abs(error_s ?? 1) < 0.02);
  }
  ensemble.setSteady(false);
  await clock.pass(15);
  assert.deepEqual(atSides(ensemble), ['/media/1', '/media/2']);
});

test('a rendition that sounds plays at rate 1 beside natural covers in step', async () => {
  const { ensemble, clock, start } = await setUp([READY, FAST], { steady: true });
  await start();
  await clock.pass(6);
  const side = ensemble.slots.left.piece?.id === 1 ? 'left' : 'right';
  const other = side === 'left' ? 'right' : 'left';
  assert.equal(addressIn(ensemble, side), '/renditions/1');
  assert.equal(addressIn(ensemble, other), '/media/2');
  assert.ok(errorOf(ensemble, side) < 0.02);
  ensemble.request(side);
  await clock.pass(1);
  assert.equal(ensemble.master.piece?.id, 1);
  assert.equal(/** @type {any} */ (ensemble.master.player).rate, 1);
  assert.ok(Math.abs((ensemble.reference_s ?? 0) - ensemble.master.player.position_s) < 1e-9);
  await clock.pass(3);
  assert.ok(errorOf(ensemble, other) < 0.02);
});

test('a rendition that cannot be played leaves the cover itself on offer', async () => {
  const { ensemble, clock, start } = await setUp([READY, FAST], { steady: true });
  await start();
  await clock.pass(4);
  const broken = ensemble.decks.find((deck) => deck.piece?.id === 1);
  /** @type {any} */ (broken?.player).trouble();
  await clock.pass(4);
  assert.deepEqual(atSides(ensemble), ['/media/1', '/media/2']);
});

test('a report names the place in the recording itself', async () => {
  const { ensemble, clock, start } = await setUp([READY, FAST], { steady: true });
  await start();
  await clock.pass(6);
  ensemble.request(ensemble.slots.left.piece?.id === 1 ? 'left' : 'right');
  await clock.pass(2);
  const report = reportOf(ensemble);
  assert.equal(report?.cover_id, 1);
  const expected_s = 2 + ((ensemble.reference_s ?? 0) - 1) * 75 / 60;
  assert.ok(Math.abs((report?.cover_ms ?? 0) / 1000 - expected_s) < 0.002);
});

test('a cover of the API brings its rendition, spans and key along', () => {
  const json = /** @type {any} */ ({
    id: 7, media_url: '/media/7', tempo_ratio: 0.8, transposition_semitones: 3, spans_ms: [[0, 9000]],
    tags: ['piano'], relation: 'performance', time_map_url: '/map',
    rendition: {
      media_url: '/renditions/7?v=1', media_type: 'audio/mp4', transposition_semitones: 0,
      segments: [
        { reference_ms: [500, 4500], cover_ms: [500, 4500], confidence: [90, 90] },
        { reference_ms: [6000, 3000], cover_ms: [6000, 3000], confidence: [90, 90] },
      ],
    },
  });
  const { steady } = Piece.ofCover(json);
  assert.deepEqual(steady?.spans_s, [[0.5, 5], [6, 9]]);
  assert.equal(steady?.address, '/renditions/7?v=1');
  assert.deepEqual([steady?.tempo_ratio, steady?.transposition_semitones, steady?.tags], [1, 0, ['piano']]);
  assert.equal(Piece.ofCover({ ...json, rendition: null }).steady, null);
});
