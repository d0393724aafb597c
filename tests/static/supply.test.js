import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bounded, ordersFor, Supply } from '../../static/supply.js';
import { Piece } from '../../static/repertoire.js';
import { TimeMap } from '../../static/time-map.js';
import { WHOLE } from './covers.js';
import { setUp } from './fake-stage.js';

/** @param {number} id @param {object} [more] @returns {any} */
function cover(id, more = {}) {
  return {
    id, tempo_ratio: 1, transposition_semitones: 0, spans_s: [[0, 100]], tags: [],
    isSameRecording: false, ...more,
  };
}

/** @param {object} [more] @returns {any} */
function wish(more = {}) {
  return {
    centre: cover(1), reference_s: 20, stays_until_s: 32, exclude: new Set([1]), heard: [],
    now_s: 100, tags: [], reach: 0, random: () => 0, ...more,
  };
}

const many = Array.from({ length: 30 }, (_, index) => cover(index + 1));
const far = Array.from({ length: 5 }, (_, index) => cover(100 + index, { tempo_ratio: 1.5 }));

test('a pool that is short of near or of far ones asks for them', () => {
  assert.deepEqual(ordersFor([], wish()).map(({ reach }) => reach), [0, 1]);
  assert.deepEqual(ordersFor(many, wish()).map(({ reach }) => reach), [1]);
  assert.deepEqual(ordersFor(far, wish({ reach: 0.3 })).map(({ reach }) => reach), [0.3]);
  assert.deepEqual(ordersFor([...many, ...far], wish()), []);
});

test('who has not the tag or the part, was heard, or failed does not count', () => {
  const pool = [...many, ...far];
  assert.equal(ordersFor(pool, wish({ tags: ['piano'] })).length, 2);
  assert.equal(ordersFor(pool, wish({ stays_until_s: 101 })).length, 2);
  assert.equal(ordersFor(pool, wish({ heard: pool.map(({ id }) => ({ id, at_s: 90 })) })).length, 2);
  assert.equal(ordersFor(pool.map((each) => ({ ...each, failed: true })), wish()).length, 2);
});

test('the pool forgets who came first, but not the reference nor who is needed', () => {
  const pool = [cover(0, { isReference: true }), ...many];
  assert.deepEqual(bounded(pool, new Set([2]), 4).map(({ id }) => id), [0, 2, 29, 30]);
  assert.equal(bounded(pool, new Set(), 100).length, 31);
});

/** A library with covers 10, 11, ... of which every tenth has the tag. @param {number} count */
async function longSong(count) {
  const { ensemble, clock, log, start } = await setUp([]);
  /** @type {any[]} */
  const asked = [];
  let isAway = false;
  const library = Array.from({ length: count }, (_, index) => ({
    id: index + 10, tags: index % 10 ? [] : ['rare'], tempo_ratio: index % 4 ? 1 : 1.5,
  }));
  ensemble.supply = new Supply(ensemble, 'long', {
    total: count + 1,
    named: [],
    pieceOf: pieceOf(clock),
    ask: async (_slug, order) => {
      asked.push(order);
      if (isAway) throw new Error('offline');
      return /** @type {any} */ (library.filter(({ id, tags }) => !order.exclude.includes(id)
        && order.tags.every((tag) => tags.includes(tag))).slice(0, order.limit));
    },
  });
  const leave = () => {
    isAway = true;
  };
  return { ensemble, clock, log, start, asked, leave };
}

/** @param {any} clock */
function pieceOf(clock) {
  return (/** @type {any} */ { id, tags, tempo_ratio }) => {
    for (const player of clock.players) player.durations_s[`/media/${id}`] = 66;
    const piece = new Piece(
      /** @type {any} */ ({ id, title: `cover ${id}`, performer: `cover ${id}`, media_url: `/media/${id}` }),
      {
        isReference: false, tempo_ratio, transposition_semitones: 0, spans_s: [[1, 61]], tags,
        map_url: null, isSameRecording: false,
      },
    );
    const [r0, r1, c0, c1] = WHOLE.segments[0];
    piece.map = new TimeMap([{ reference_s: [r0, r1], cover_s: [c0, c1], confidence: [1, 1] }]);
    return piece;
  };
}

test('a long song has companions from the first beat on, and its pool stays small', async () => {
  const { ensemble, clock, start, asked } = await longSong(2000);
  await ensemble.prepare(ensemble.pieces[0], 0);
  assert.ok(ensemble.slots.left.piece && ensemble.slots.right.piece);
  await start();
  ensemble.setAutoplay(true);
  for (let minute = 0; minute < 6; minute += 1) {
    await clock.pass(60);
    ensemble.surprise();
  }
  assert.ok(new Set(ensemble.heard.map(({ id }) => id)).size > 8);
  assert.ok(ensemble.pieces.length <= 121, `${ensemble.pieces.length} in the pool`);
  assert.ok(ensemble.pieces[0].isReference);
  assert.ok(asked.length < 60, `asked ${asked.length} times`);
});

test('a tag that nobody in the pool has is fetched, and only then there may be nobody left', async () => {
  const { ensemble, clock, log, start } = await longSong(200);
  await ensemble.prepare(ensemble.pieces[0], 0);
  await start();
  await clock.pass(3);
  ensemble.setTags(['rare']);
  await clock.pass(12);
  for (const side of /** @type {const} */ (['left', 'right'])) {
    assert.deepEqual(ensemble.slots[side].piece?.tags, ['rare'], side);
  }
  assert.ok(!log.some((said) => said.includes('rare')), log.join());
  ensemble.setTags(['kazoo']);
  await clock.pass(12);
  assert.ok(log.some((said) => said.includes('kazoo')), log.join());
});

test('without the library the pool goes on', async () => {
  const { ensemble, clock, start, leave } = await longSong(200);
  await ensemble.prepare(ensemble.pieces[0], 0);
  leave();
  await start();
  ensemble.setAutoplay(true);
  await clock.pass(120);
  assert.ok(ensemble.heard.length > 2);
});
