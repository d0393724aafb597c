import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deck } from '../../static/deck.js';

const TICK_S = 1 / 30;

/**
 * A deck that followed for some seconds, near in a share of each three seconds.
 * @param {number} seconds
 * @param {number} share
 */
function followed(seconds, share) {
  const deck = new Deck(/** @type {any} */ ({}));
  for (let now_s = 0; now_s < seconds; now_s += TICK_S) {
    deck.state = 'following';
    deck.error_s = now_s % 3 < 3 * share ? 0.01 : 0.2;
    deck.noteSteadiness(now_s);
  }
  return deck;
}

test('who never comes near cannot be held', () => {
  assert.equal(followed(6, 0).isUnsteady, false);
  assert.equal(followed(10, 0).isUnsteady, true);
});

test('nor can who is brought near for a moment now and then', () => {
  assert.equal(followed(40, 0.3).isUnsteady, true);
  assert.equal(followed(40, 0.8).isUnsteady, false);
});

test('a pause says nothing', () => {
  const deck = followed(6, 0);
  deck.noteSteadiness(100);
  assert.equal(deck.isUnsteady, false);
});
