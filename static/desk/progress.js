/** A page that waits for a job: shows how far it is, and loads again when it is done. */

import { ask } from './api.js';
import { isTouched } from './drafts.js';

const ASK_EVERY_MS = 1500;
const line = /** @type {HTMLElement | null} */ (document.querySelector('[data-watch]'));

/**
 * Look again and again, also after an answer that did not come.
 * @param {(shown: HTMLElement) => Promise<boolean>} look says whether there is more to see
 * @param {HTMLElement} shown
 */
async function keepLooking(look, shown) {
  while (await look(shown).catch(() => true)) {
    await new Promise((wait) => { setTimeout(wait, ASK_EVERY_MS); });
  }
}

/** @param {HTMLElement} shown */
async function lookAtJob(shown) {
  const { jobs } = await ask('GET', `/jobs?watch=${shown.dataset.watch}`);
  const job = jobs.find((/** @type {{id: number}} */ each) => String(each.id) === shown.dataset.watch);
  const words = shown.querySelector('span');
  if (job === undefined) {
    if (!isTouched()) location.reload();
    else if (words !== null) words.textContent = 'done: load the page again to see it';
    return false;
  }
  shown.querySelector('progress')?.setAttribute('value', job.progress);
  if (words !== null) words.textContent = `${job.stage}: ${job.status}`;
  return true;
}

/**
 * A song's page shows its covers as they come: it is loaded anew whenever one moves on.
 * @param {HTMLElement} shown
 */
async function lookAtSong(shown) {
  const { jobs } = await ask('GET', '/jobs');
  const own = jobs.filter((/** @type {{song: string}} */ each) => each.song === shown.dataset.song);
  const state = JSON.stringify(own.map((/** @type {{id: number}} */ each) => each.id));
  if (shown.dataset.state !== undefined && shown.dataset.state !== state && !isTouched()) {
    location.reload();
    return false;
  }
  shown.dataset.state = state;
  return true;
}

const song = /** @type {HTMLElement | null} */ (document.querySelector('[data-song]'));
if (song !== null) void keepLooking(lookAtSong, song);
if (line !== null) setTimeout(() => void keepLooking(lookAtJob, line), ASK_EVERY_MS);
