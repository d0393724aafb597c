import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readPlace, writePlace } from '../../static/links.js';

test('a place survives its link', () => {
  const place = { cover: 7, left: 3, right: 9, at_s: 61.5, tags: ['piano', 'שיר'] };
  assert.deepEqual(readPlace(writePlace(place)), place);
});

test('what strangers write into a link is passed over where it makes no sense', () => {
  assert.deepEqual(readPlace('#cover=x&left=-1&at=NaN&right=99999999999&tags='), {
    cover: null, left: null, right: null, at_s: null, tags: [],
  });
  assert.equal(readPlace('#at=-5').at_s, null);
  assert.equal(readPlace('#cover=7&at=12').at_s, 12);
});
