/** The monitor, live: one stream of server-sent events; where there is none, asking again. */

import { byId, keepAttribute, keepText, make } from '../dom.js';
import { ask } from './api.js';

const ASK_EVERY_MS = 4000;

/**
 * @typedef {{
 *   id: number, what: string, song: string, url: string, stage: string, status: string,
 *   progress: number, attempts: number,
 * }} JobJson
 * @typedef {{jobs: JobJson[], counts: Record<string, number>, in_review: number}} Snapshot
 */

const body = /** @type {HTMLTableSectionElement} */ (byId('jobs').querySelector('tbody'));

/** @param {Snapshot} now */
function show(now) {
  const before = new Map([...body.rows].map((row) => [row.dataset.job, row]));
  const rows = now.jobs.map((job) => {
    const row = before.get(String(job.id)) ?? makeRow(job);
    fill(row, job);
    return row;
  });
  body.replaceChildren(...rows);
  byId('idle').hidden = rows.length > 0;
  for (const [status, count] of Object.entries(now.counts)) {
    const shown = document.querySelector(`[data-status="${status}"] b`);
    if (shown !== null) keepText(shown, String(count));
  }
  const waiting = document.getElementById('in-review');
  if (waiting !== null) keepText(waiting, String(now.in_review));
}

/** @param {JobJson} job */
function makeRow(job) {
  return make(
    'tr',
    { 'data-job': job.id },
    make('th', { scope: 'row', class: 'name' }, make('a', { href: job.url }, make('bdi', { text: job.what }))),
    make('td', { text: job.song }),
    make('td', { text: job.stage }),
    make('td'),
    make('td', {}, make('progress', { max: 1, value: 0, 'aria-label': job.stage })),
    make('td', { class: 'number' }),
  );
}

/**
 * @param {HTMLTableRowElement} row
 * @param {JobJson} job
 */
function fill(row, job) {
  keepText(row.cells[3], job.status);
  const progress = row.querySelector('progress');
  if (progress !== null) keepAttribute(progress, 'value', String(job.progress));
  keepText(row.cells[5], String(job.attempts));
}

/** @param {string} text */
function tell(text) {
  keepText(byId('connection'), text);
}

function listen() {
  const source = new EventSource('/desk/jobs/events');
  source.addEventListener('open', () => tell('Live.'));
  source.addEventListener('jobs', (event) => show(JSON.parse(/** @type {MessageEvent} */ (event).data)));
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return tell('Not connected; trying again …');
    return void askAgain();
  });
  window.addEventListener('pagehide', () => source.close());
}

/** Where too many monitors are open, or the login has ended. */
async function askAgain() {
  try {
    show(await ask('GET', '/jobs'));
    tell('Shown every few seconds.');
  } catch (error) {
    tell(`Not live: ${/** @type {Error} */ (error).message}`);
  }
  setTimeout(() => void askAgain(), ASK_EVERY_MS);
}

listen();
