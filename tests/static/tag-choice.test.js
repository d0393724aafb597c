import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TagChoice } from '../../static/tag-choice.js';

/** @type {import('../../static/api.js').HashtagsJson} */
const COUNTED = {
  hashtags: [
    { name: 'piano', covers: 2, left: 2, origins: { title: 1, description: 1 } },
    { name: 'live', covers: 2, left: 2, origins: { title: 2 } },
    { name: 'metal', covers: 1, left: 1, origins: { curator: 1 } },
  ],
  tags: [],
  left: 4,
};

test('what is chosen comes first at once, and the rest in the order of what it would leave', () => {
  const choice = new TagChoice(COUNTED);
  choice.toggle('metal');
  assert.deepEqual(choice.offers().map(({ name, left, chosen }) => [name, left, chosen]),
    [['metal', 1, true], ['piano', 2, false], ['live', 2, false]]);
  choice.toggle('metal');
  assert.deepEqual(choice.chosen, []);
});

test('every tag says how many covers it would leave, once the library has counted', () => {
  const choice = new TagChoice(COUNTED);
  choice.toggle('piano');
  const [piano, live] = COUNTED.hashtags;
  choice.take({ hashtags: [piano, { ...live, left: 1 }], tags: ['piano'], left: 2 });
  assert.equal(choice.left, 2);
  assert.deepEqual(choice.offers().map(({ name, left }) => [name, left]), [['piano', 2], ['live', 1]]);
});

test('a search finds parts of names, and what is chosen stays in sight', () => {
  const choice = new TagChoice(COUNTED);
  choice.toggle('metal');
  assert.deepEqual(choice.offers('#PIA').map(({ name }) => name), ['metal', 'piano']);
});

test('where a tag came from is told', () => {
  const choice = new TagChoice(COUNTED);
  assert.deepEqual(choice.offers()[0].origins, ['title', 'description']);
});

test('any one is another one than before', () => {
  const choice = new TagChoice(COUNTED);
  choice.toggle('piano');
  choice.shuffle(() => 0);
  assert.deepEqual(choice.chosen, ['live']);
});

test('tags that the song does not have cannot be chosen by a link', () => {
  const choice = new TagChoice(COUNTED);
  choice.chosen = ['kazoo', 'live'];
  choice.take({ ...COUNTED, tags: ['live'] });
  assert.deepEqual(choice.chosen, ['live']);
});
