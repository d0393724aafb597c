import assert from 'node:assert/strict';
import { test } from 'node:test';

import { reportOf, reportSync } from '../../static/sync-report.js';
import { words } from '../../static/words.js';
import { SLOW, WHOLE } from './covers.js';
import { setUp } from './fake-stage.js';

test('a report names the cover, its place, and what it was heard against', async () => {
  const { ensemble, clock, start, log } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(5);
  assert.equal(reportOf(ensemble), null);
  ensemble.request('left');
  await clock.pass(3);
  const { piece, player } = ensemble.master;
  /** @type {any} */
  let sent;
  const send = /** @type {any} */ (async (/** @type {string} */ _path, /** @type {any} */ body) => {
    sent = body;
    return { ok: true, status: 201 };
  });
  await reportSync(ensemble, send);
  assert.equal(sent.cover_id, piece?.id);
  assert.equal(sent.other_id, 0);
  assert.equal(sent.cover_ms, Math.round(player.position_s * 1000));
  assert.equal(sent.reference_ms, Math.round((ensemble.reference_s ?? 0) * 1000));
  assert.equal(log.at(-1), words.reported);
});

test('a report that does not arrive says so', async () => {
  const { ensemble, clock, start, log } = await setUp([WHOLE, SLOW]);
  await start();
  await clock.pass(5);
  ensemble.request('left');
  await clock.pass(3);
  await reportSync(ensemble, /** @type {any} */ (async () => ({ ok: false, status: 429 })));
  assert.equal(log.at(-1), words.reportFailed(429));
});
