import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { recall, remember } from '../../static/device.js';
import { Outbox } from '../../static/outbox.js';
import { FakeClock } from './fake-stage.js';

/** @type {any[]} */
let sent = [];
let status = 202;

/** @type {any} */
const send = async (/** @type {string} */ _path, /** @type {any} */ batch) => {
  sent.push(batch);
  if (status === 0) throw new Error('offline');
  return { status };
};

beforeEach(() => {
  sent = [];
  status = 202;
  remember('outbox', []);
});

test('events go out in one batch and are forgotten once they are counted', async () => {
  const outbox = new Outbox(new FakeClock().scope, send);
  outbox.add({ kind: 'heard', recording_id: 1, heard_ms: 5 });
  outbox.add({ kind: 'switched', recording_id: 2 });
  await outbox.flush();
  assert.equal(sent.length, 1);
  assert.equal(sent[0].events.length, 2);
  assert.deepEqual(recall('outbox', null), []);
});

test('what did not arrive is sent again under the same name, also by the next page', async () => {
  for (const failing of [0, 429, 503]) {
    remember('outbox', []);
    sent = [];
    status = failing;
    const outbox = new Outbox(new FakeClock().scope, send);
    outbox.add({ kind: 'heard', recording_id: 1, heard_ms: 5 });
    await outbox.flush();
    status = 202;
    const next = new Outbox(new FakeClock().scope, send);
    await next.flush();
    assert.equal(sent[0].batch_id, sent.at(-1).batch_id, `${failing}`);
    assert.deepEqual(recall('outbox', null), [], `${failing}`);
  }
});

test('what is refused for good is not sent for ever', async () => {
  status = 422;
  const outbox = new Outbox(new FakeClock().scope, send);
  outbox.add({ kind: 'heard', recording_id: 1, heard_ms: 5 });
  await outbox.flush();
  assert.deepEqual(recall('outbox', null), []);
});

test('batches are told apart also where a page may not ask for a UUID', async () => {
  const outbox = new Outbox(new FakeClock().scope, send);
  for (let count = 0; count < 3; count += 1) {
    outbox.add({ kind: 'switched', recording_id: 2 });
    await outbox.flush();
  }
  const ids = sent.map(({ batch_id }) => batch_id);
  assert.equal(new Set(ids).size, 3);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});
