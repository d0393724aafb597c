/** The reference's beats on its waveform: move, add and remove them, begin bars. */

import { byId, make } from '../dom.js';
import { Scope } from '../scope.js';
import { clock, isTyping } from './api.js';
import { addBeat, moveBeat, readBeats, removeBeat, toggleBar, writeBeats } from './beats.js';
import { nearestBeat } from './anchors.js';
import { everyFrame } from './frames.js';
import { Strip, fetchPeaks } from './strip.js';

const scope = new Scope();
const place = byId('timeline-editor');
const box = /** @type {HTMLTextAreaElement} */ (byId('beats'));
const duration_s = Number(place.dataset.durationS);
const audio = make('audio', { src: place.dataset.media ?? '', preload: 'auto' });
const where = make('span', { class: 'numbers', role: 'status' });
const play = make('button', { type: 'button', class: 'main-button' }, 'Play ', make('kbd', { text: 'space' }));

let beats = readBeats(box.value);

const strip = new Strip(scope, duration_s, 'The reference, with its beats', {
  onSeek: (time_s) => seek(time_s),
  onDrag: (mark, time_s, done) => {
    mark.time_s = time_s;
    if (done) change(moveBeat(beats, mark.id, time_s));
    else strip.draw();
  },
});

/** @param {import('./beats.js').Beat[]} changed */
function change(changed) {
  beats = changed;
  box.value = writeBeats(beats);
  draw();
}

function draw() {
  strip.marks = beats.map((beat, id) => ({ id, time_s: beat.time_s, kind: beat.bar ? 'bar mapped' : 'mapped' }));
  strip.draw();
}

/** @param {number} time_s */
function seek(time_s) {
  audio.currentTime = Math.max(0, Math.min(time_s, duration_s));
  show();
}

function show() {
  strip.follow(audio.currentTime);
  const beat = nearestBeat(beats.map((each) => each.time_s), audio.currentTime);
  where.textContent = `${clock(audio.currentTime)} · beat ${beat + 1} of ${beats.length}`;
}

/** @param {number} steps */
function step(steps) {
  const times_s = beats.map((each) => each.time_s);
  seek(times_s[Math.max(0, Math.min(nearestBeat(times_s, audio.currentTime) + steps, times_s.length - 1))] ?? 0);
}

function toggle() {
  if (audio.paused) void audio.play();
  else audio.pause();
}

const here = () => nearestBeat(beats.map((each) => each.time_s), audio.currentTime);

/** @type {Record<string, () => void>} */
const keys = {
  ' ': toggle,
  ArrowRight: () => step(1),
  ArrowLeft: () => step(-1),
  b: () => change(addBeat(beats, audio.currentTime)),
  d: () => change(toggleBar(beats, here())),
  Delete: () => change(removeBeat(beats, here())),
  '+': () => strip.zoom(1 / 1.5),
  '-': () => strip.zoom(1.5),
};

scope.on(document, 'keydown', (/** @type {KeyboardEvent} */ event) => {
  const act = keys[event.key];
  if (act === undefined || isTyping(event)) return;
  if (/** @type {HTMLElement} */ (event.target).closest('button, a, summary') && event.key === ' ') return;
  event.preventDefault();
  act();
});
scope.on(box, 'input', () => {
  beats = readBeats(box.value);
  draw();
});
scope.on(play, 'click', toggle);
scope.on(audio, 'play', () => { play.firstChild && (play.firstChild.textContent = 'Pause '); });
scope.on(audio, 'pause', () => { play.firstChild && (play.firstChild.textContent = 'Play '); });
everyFrame(() => { if (!audio.paused) show(); });

place.replaceChildren(strip.view, make('div', { class: 'row-form' }, play, where));
place.hidden = false;
byId('timeline-keys').hidden = false;
draw();
seek(beats[0]?.time_s ?? 0);
strip.peaks = await fetchPeaks(place.dataset.peaks ?? '');
strip.draw();
