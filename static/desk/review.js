/** The page of one cover: keys, listening against the reference, the playhead on the plot. */

import { byId, keepText } from '../dom.js';
import { Scope } from '../scope.js';
import { TimeMap, expandDeltas } from '../time-map.js';
import { ask, clock, isTyping } from './api.js';
import { Editor } from './editor.js';
import { everyFrame } from './frames.js';
import { Pair } from './pair.js';

const STEPS = /** @type {Record<string, string>} */ ({
  following: 'in step', resting: '', absent: 'the cover has not this part', loading: 'loading …', sounding: '', empty: '',
});

const scope = new Scope();
const review = await ask('GET', `/covers/${byId('review').dataset.cover}`);
const map = TimeMap.fromCompact(review.segments);
const pair = new Pair(scope, {
  reference_url: review.reference.media_url,
  cover_url: review.media_url,
  duration_s: (review.reference.duration_ms ?? 0) / 1000,
  map,
});
const editor = document.getElementById('editor') === null ? null : new Editor(scope, pair, {
  beats_s: expandDeltas(review.reference.beats_ms),
  downbeats_s: expandDeltas(review.reference.downbeats_ms),
  duration_s: (review.duration_ms ?? 0) / 1000,
  peaks_url: review.peaks_url,
});

byId('listen-bar').hidden = false;
byId('plain-players').hidden = true;
const play = byId('play');
const sides = { reference: byId('hear-reference'), cover: byId('hear-cover') };

/** @param {import('./pair.js').Side} side */
function hear(side) {
  pair.hear(side);
  for (const [name, button] of Object.entries(sides)) {
    button.setAttribute('aria-pressed', String(name === side));
  }
}

async function toggle() {
  await pair.toggle();
  editor?.rest();
  const [word] = play.childNodes;
  word.textContent = pair.playing ? 'Pause ' : 'Play ';
}

/** @param {number} seconds */
function jump(seconds) {
  if (pair.heard === 'cover') pair.seekCover(Math.max(0, (pair.cover_s ?? 0) + seconds));
  else pair.seek(Math.max(0, (pair.reference_s ?? 0) + seconds));
}

scope.on(play, 'click', () => void toggle());
scope.on(sides.reference, 'click', () => hear('reference'));
scope.on(sides.cover, 'click', () => hear('cover'));

/** @type {Record<string, () => void>} */
const keys = {
  ' ': () => void toggle(),
  c: () => hear(pair.heard === 'cover' ? 'reference' : 'cover'),
  ArrowRight: () => jump(5),
  ArrowLeft: () => jump(-5),
  t: () => editor?.tap(),
  n: () => document.getElementById('following')?.click(),
  a: () => press('approve'),
  r: () => press('reject'),
  u: () => press('undo'),
};

/** @param {string} deed */
function press(deed) {
  /** @type {HTMLButtonElement | null} */ (document.querySelector(`#decide button[value="${deed}"]`))?.click();
}

scope.on(document, 'keydown', (/** @type {KeyboardEvent} */ event) => {
  const act = keys[event.key];
  if (act === undefined || isTyping(event) || event.repeat) return;
  if (event.key === ' ' && /** @type {HTMLElement} */ (event.target).closest('button, a, summary')) return;
  event.preventDefault();
  act();
  if (event.key === 't') showSides();
});

function showSides() {
  for (const [name, button] of Object.entries(sides)) {
    button.setAttribute('aria-pressed', String(name === pair.heard));
  }
}

const plot = document.getElementById('plot');
if (plot !== null) scope.on(plot, 'click', (/** @type {MouseEvent} */ event) => {
  const { left, right, referenceS } = numbersOf(plot);
  const box = plot.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * plotWidth(plot);
  pair.seek(Math.max(0, ((x - left) / (right - left)) * referenceS));
});

/** @param {HTMLElement} element */
function numbersOf(element) {
  const names = ['left', 'right', 'top', 'bottom', 'referenceS', 'coverS'];
  return Object.fromEntries(names.map((name) => [name, Number(element.dataset[name])]));
}

/** @param {HTMLElement} element */
function plotWidth(element) {
  return Number(element.getAttribute('viewBox')?.split(' ')[2]);
}

everyFrame(() => {
  const { reference_s, cover_s } = pair;
  const shown = `${reference_s === null ? 'not the song' : clock(reference_s)} · cover ${cover_s === null ? '–' : clock(cover_s)}`;
  keepText(byId('where'), shown);
  keepText(byId('step'), pair.playing ? STEPS[pair.follower.state] ?? '' : '');
  if (cover_s !== null && pair.playing) editor?.strip.follow(cover_s);
  if (plot !== null) drawHead(plot, reference_s, cover_s);
});

/**
 * @param {HTMLElement} drawing
 * @param {number | null} reference_s
 * @param {number | null} cover_s
 */
function drawHead(drawing, reference_s, cover_s) {
  const { left, right, top, bottom, referenceS, coverS } = numbersOf(drawing);
  byId('playhead').setAttribute('visibility', 'visible');
  place('playhead-x', 'x', reference_s === null ? null : left + ((right - left) * reference_s) / referenceS);
  place('playhead-y', 'y', cover_s === null ? null : bottom - ((bottom - top) * cover_s) / coverS);
}

/**
 * @param {string} id
 * @param {'x' | 'y'} axis
 * @param {number | null} at
 */
function place(id, axis, at) {
  const line = byId(id);
  line.setAttribute('visibility', at === null ? 'hidden' : 'inherit');
  if (at === null) return;
  line.setAttribute(`${axis}1`, at.toFixed(1));
  line.setAttribute(`${axis}2`, at.toFixed(1));
}
