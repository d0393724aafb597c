import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TagChoice } from '../../static/tag-choice.js';

const COVERS = [
  { tags: ['piano', 'live'] }, { tags: ['piano'] }, { tags: ['live', 'metal'] }, { tags: [] },
];
/** @type {import('../../static/api.js').HashtagJson[]} */
const HASHTAGS = [
  { name: 'piano', covers: 2, origins: { title: 1, description: 1 } },
  { name: 'live', covers: 2, origins: { title: 2 } },
  { name: 'metal', covers: 1, origins: { curator: 1 } },
];

test('tags are combined, and every tag says how many covers it would leave', () => {
  const choice = new TagChoice(HASHTAGS, COVERS);
  assert.deepEqual(choice.offers().map(({ name, left }) => [name, left]),
    [['piano', 2], ['live', 2], ['metal', 1]]);
  choice.toggle('piano');
  assert.equal(choice.left, 2);
  assert.deepEqual(choice.offers().map(({ name, left, chosen }) => [name, left, chosen]),
    [['piano', 2, true], ['live', 1, false], ['metal', 0, false]]);
  choice.toggle('live');
  assert.equal(choice.left, 1);
  choice.toggle('piano');
  assert.deepEqual(choice.chosen, ['live']);
});

test('a search finds parts of names, and what is chosen stays in sight', () => {
  const choice = new TagChoice(HASHTAGS, COVERS);
  choice.toggle('metal');
  assert.deepEqual(choice.offers('#PIA').map(({ name }) => name), ['metal', 'piano']);
});

test('where a tag came from is told', () => {
  const choice = new TagChoice(HASHTAGS, COVERS);
  assert.deepEqual(choice.offers()[0].origins, ['title', 'description']);
});

test('any one is another one than before', () => {
  const choice = new TagChoice(HASHTAGS, COVERS);
  choice.toggle('piano');
  choice.shuffle(() => 0);
  assert.deepEqual(choice.chosen, ['live']);
});

test('tags that the song does not have cannot be chosen by a link', () => {
  const choice = new TagChoice(HASHTAGS, COVERS);
  choice.set(['kazoo', 'live']);
  assert.deepEqual(choice.chosen, ['live']);
});
