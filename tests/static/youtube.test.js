import assert from 'node:assert/strict';
import { test } from 'node:test';

import { YouTubeClock } from '../../static/youtube-clock.js';
import { command, infoOf, read, reasonOf } from '../../static/youtube-messages.js';
import { Rates, obeys } from '../../static/youtube-rates.js';
import { decide } from '../../static/transport.js';
import { TimeMap } from '../../static/time-map.js';

const frame = {};
const expected = { origin: 'https://player.example', source: frame, id: 'covers-1' };
const data = JSON.stringify({ event: 'onStateChange', info: 1, id: 'covers-1', channel: 'widget' });
const arrival = { origin: 'https://player.example', source: frame, data };

test('a message of the right window, origin and player is read', () => {
  assert.deepEqual(read(arrival, expected), { event: 'onStateChange', info: 1 });
});

test('a message of another origin, window or player is none', () => {
  assert.equal(read({ ...arrival, origin: 'https://evil.example' }, expected), null);
  assert.equal(read({ ...arrival, source: {} }, expected), null);
  assert.equal(read({ ...arrival, data: data.replace('covers-1', 'covers-2') }, expected), null);
});

test('what is no message is none', () => {
  for (const odd of ['', '{', 'null', '"text"', '7', { event: 'onReady' }, undefined]) {
    assert.equal(read({ ...arrival, data: odd }, expected), null);
  }
});

test('only numbers are taken from what a player delivers', () => {
  const info = infoOf({
    currentTime: 4.5, playerState: '1', playbackRate: Infinity, availablePlaybackRates: [1, 'x', -2, 2],
  });
  assert.deepEqual(info, { currentTime: 4.5, availablePlaybackRates: [1, 2] });
  assert.deepEqual(infoOf(null), {});
});

test('commands name their player', () => {
  assert.deepEqual(JSON.parse(command('covers-1', 'seekTo', 3, true)), {
    event: 'command', func: 'seekTo', args: [3, true], id: 'covers-1', channel: 'widget',
  });
});

test('each error has its reason', () => {
  assert.deepEqual([2, 5, 100, 101, 150, 153, 9].map(reasonOf), [
    'unknown', 'broken', 'removed', 'forbidden', 'forbidden', 'refused', 'broken',
  ]);
});

test('a place is estimated between the places that are told', () => {
  const clock = new YouTubeClock();
  clock.set(10, 100);
  clock.run(true, 100);
  for (let n = 1; n <= 8; n += 1) clock.note(10 + 0.265 * n, 100 + 0.265 * n);
  assert.ok(Math.abs(clock.positionAt(102.3) - 12.3) < 0.001);
  assert.ok(clock.positionAt(110) < 13.2, 'and not for ever');
});

test('a doubtful place moves the estimate a little, a jump moves it wholly', () => {
  const clock = new YouTubeClock();
  clock.run(true, 0);
  clock.note(1.05, 1);
  assert.ok(Math.abs(clock.positionAt(1) - 1.02) < 0.001);
  clock.note(31, 2);
  assert.equal(clock.positionAt(2), 31);
});

test('a player that says it plays and stands still is not guessed on', () => {
  const clock = new YouTubeClock();
  clock.set(5, 0);
  clock.run(true, 0);
  for (let n = 1; n <= 12; n += 1) clock.note(5, 0.25 * n);
  assert.equal(clock.positionAt(3.2), 5);
  assert.ok(clock.stillFor(3.2) > 2);
  clock.note(5.2, 3.25);
  assert.equal(clock.stillFor(3.3), 0);
});

test('a paused player does not stand still, it is paused', () => {
  const clock = new YouTubeClock();
  clock.set(5, 0);
  clock.note(5, 1);
  assert.equal(clock.stillFor(9), 0);
});

test('steps keep a wanted rate on average', () => {
  const rates = new Rates();
  rates.kind = 'steps';
  let went_s = 0;
  let furthest_s = 0;
  let changes = 0;
  let before = 1;
  const used = new Set();
  for (let n = 0; n < 1000; n += 1) {
    const rate = rates.choose(1.06, n * 0.03);
    used.add(rate);
    changes += rate === before ? 0 : 1;
    before = rate;
    went_s += rate * 0.03;
    furthest_s = Math.max(furthest_s, Math.abs(went_s - 1.06 * 0.03 * (n + 1)));
  }
  assert.deepEqual([...used].sort(), [1, 1.25]);
  assert.ok(furthest_s < 0.08, `${furthest_s} s off`);
  assert.ok(changes < 30 / 0.3, `${changes} changes in 30 s`);
});

test('who takes any rate is asked for it, who takes none for rate 1', () => {
  const rates = new Rates();
  rates.kind = 'fine';
  assert.equal(rates.choose(1.06, 0), 1.06);
  rates.kind = 'none';
  assert.equal(rates.choose(1.06, 0), 1);
});

test('a rate is obeyed when it is gone at', () => {
  assert.ok(obeys(1.1, 1.085));
  assert.ok(!obeys(1.1, 1));
});

test('without rates a follower is sought beyond its dead band, and not too often', () => {
  const map = new TimeMap([{ reference_s: [0, 100], cover_s: [0, 100], confidence: [1, 1] }]);
  const pace = { seek_above_s: 0.12, seek_pause_s: 3 };
  const lead = { reference_s: 20, velocity: 1, advancing: true };
  const follower = { map, position_s: 20, ready: true, last_seek_s: 0, seek_latency_s: 0.2, pace };
  assert.equal(decide(lead, { ...follower, position_s: 19.9 }, 9).kind, 'follow');
  assert.deepEqual(decide(lead, { ...follower, position_s: 19.8 }, 9), { kind: 'seek', to_s: 20.2 });
  assert.equal(decide(lead, { ...follower, position_s: 19.8 }, 2).kind, 'follow', 'only just sought');
});
