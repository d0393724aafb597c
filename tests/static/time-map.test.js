import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { TimeMap, TimeMapError } from '../../static/time-map.js';

const contract = JSON.parse(
  readFileSync(new URL('../data/timemap_cases.json', import.meta.url), 'utf8'),
);

const questions = {
  reference_at: 'referenceAt',
  confidence_at: 'confidenceAt',
  rate_at: 'rateAt',
  covers_at: 'coversAt',
  first_cover_at: 'firstCoverAt',
  nearest_cover_at: 'nearestCoverAt',
};

/** @param {any} actual @param {any} expected @param {string} asked */
function assertClose(actual, expected, asked) {
  if (Array.isArray(expected)) {
    assert.equal(actual.length, expected.length, asked);
    expected.forEach((each, index) => assertClose(actual[index], each, asked));
  } else if (expected === null) {
    assert.equal(actual, null, asked);
  } else {
    assert.ok(Math.abs(actual - expected) < 1e-9, `${asked}: ${actual} is not ${expected}`);
  }
}

for (const each of contract.cases) {
  for (const [question, method] of Object.entries(questions)) {
    test(`${question}: ${each.name}`, () => {
      const map = /** @type {any} */ (new TimeMap(each.segments));
      for (const asked of each[question]) {
        assertClose(map[method](...asked.slice(0, -1)), asked.at(-1), `${method}(${asked})`);
      }
    });
  }
}

for (const each of contract.refused) {
  test(`refuses ${each.name}`, () => {
    assert.throws(() => new TimeMap(each.segments), (/** @type {any} */ error) => {
      assert.ok(error instanceof TimeMapError);
      assert.ok(error.message.includes(each.message), error.message);
      return true;
    });
  });
}

for (const each of contract.compact) {
  test(`expands ${each.name}`, () => {
    const { segments } = TimeMap.fromCompact(each.segments);
    each.expanded.forEach((/** @type {any} */ expected, /** @type {number} */ index) => {
      for (const key of /** @type {const} */ (['reference_s', 'cover_s', 'confidence'])) {
        assertClose(segments[index][key], expected[key], key);
      }
    });
  });
}
