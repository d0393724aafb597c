import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dropOf, pulseAt, Timeline } from '../../static/timeline-model.js';

const json = /** @type {any} */ ({
  beats_ms: [1000, 500, 500, 500, 500, 500, 500, 500],
  downbeats_ms: [1000, 2000],
  duration_ms: 6000,
  tempo_bpm: null,
  sections: [{ start_ms: 1000, end_ms: 3000, label: 'verse' }],
});

test('beats and bars come from deltas', () => {
  const timeline = new Timeline(json);
  assert.deepEqual(timeline.beats_s.slice(0, 3), [1, 1.5, 2]);
  assert.deepEqual(timeline.downbeats_s, [1, 3]);
  assert.equal(timeline.tempo_bpm, 120);
});

test('the sounding beat, and how far it is', () => {
  const timeline = new Timeline(json);
  assert.deepEqual(timeline.beatAt(1.75), { index: 1, time_s: 1.5, phase: 0.5 });
  assert.equal(timeline.beatAt(0.5), null);
  assert.ok(timeline.isDownbeat(3.001));
  assert.ok(!timeline.isDownbeat(2.5));
});

test('bar lines before and after', () => {
  const timeline = new Timeline(json);
  assert.equal(timeline.barLine(2, 1), 3);
  assert.equal(timeline.barLine(3.4, -1), 1);
  assert.equal(timeline.barLine(1.2, -5), 1);
});

test('sections end where the next begins', () => {
  const timeline = new Timeline(json);
  assert.equal(timeline.sectionAt(2.999)?.label, 'verse');
  assert.equal(timeline.sectionAt(3), null);
});

test('the pulse is largest on a bar\'s first beat, and as strong as the map is sure', () => {
  const timeline = new Timeline(json);
  assert.ok(pulseAt(timeline, 3, 1) > pulseAt(timeline, 2.5, 1));
  assert.ok(pulseAt(timeline, 3, 1) > pulseAt(timeline, 3.2, 1));
  assert.equal(pulseAt(timeline, 3, 0.5), 0.5 * pulseAt(timeline, 3, 1));
  assert.equal(pulseAt(timeline, 0.2, 1), 0);
});

/** @param {...[string, number]} parts labels and lengths */
function sectionsOf(...parts) {
  let end_s = 0;
  return parts.map(([label, length_s]) => {
    const start_s = end_s;
    end_s += length_s;
    const isOnly = parts.filter(([each]) => each === label).length === 1;
    return { start_s, end_s, label, name: isOnly ? label : `${label} ${start_s}` };
  });
}

test('the song drops into the chorus that was longest in coming', () => {
  const long = sectionsOf(['chorus', 8], ['verse', 20], ['chorus', 8], ['bridge', 30], ['chorus', 8]);
  assert.equal(dropOf(long)?.start_s, 66);
  const usual = sectionsOf(['intro', 10], ['verse', 20], ['chorus', 10], ['verse', 20], ['chorus', 10]);
  assert.equal(dropOf(usual)?.start_s, 30);
});

test('without a chorus it drops into what comes back most, and else nowhere', () => {
  const letters = sectionsOf(['A', 8], ['B', 20], ['A', 8], ['C', 4], ['B', 20], ['D', 60]);
  assert.equal(dropOf(letters)?.start_s, 40);
  assert.equal(dropOf(sectionsOf(['A', 8], ['B', 20])), null);
  assert.equal(dropOf([]), null);
});

test('the drop lasts a bar', () => {
  const sections = [
    { start_ms: 1000, end_ms: 3000, label: 'verse' }, { start_ms: 3000, end_ms: 6000, label: 'Chorus' },
  ];
  const downbeats_ms = [1000, 2000, 2000];
  assert.deepEqual(new Timeline({ ...json, downbeats_ms, sections }).drop, { start_s: 3, end_s: 5 });
  assert.equal(new Timeline(json).drop, null);
});
