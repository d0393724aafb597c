/** Keys for the list of covers: move, tick, decide and take back, without a page in between. */

import { byId, keepText } from '../dom.js';
import { ask, isTyping } from './api.js';

/** @typedef {'approve' | 'reject' | 'undo'} Deed */

const DEEDS = new Map([['a', 'approve'], ['r', 'reject'], ['u', 'undo']]);
const SAID = { approve: 'Published', reject: 'Rejected', undo: 'Taken back' };

const list = document.getElementById('list');
const rows = /** @type {HTMLTableRowElement[]} */ (
  [...document.querySelectorAll('tr[data-cover]')]
);
/** The last ones decided here, so that `u` takes back what was just done. */
const decided = /** @type {HTMLTableRowElement[]} */ ([]);
let here = -1;

/** @param {number} index */
function goTo(index) {
  rows[here]?.classList.remove('here');
  here = Math.max(0, Math.min(index, rows.length - 1));
  const row = rows[here];
  row.classList.add('here');
  row.querySelector('a')?.focus({ preventScroll: true });
  row.scrollIntoView({ block: 'nearest' });
}

/**
 * @param {HTMLTableRowElement} row
 * @param {string} deed
 */
async function decide(row, deed) {
  const title = row.querySelector('a')?.textContent ?? '';
  row.classList.add('busy');
  try {
    const cover = await ask('POST', `/covers/${row.dataset.cover}/decisions`, { do: deed });
    show(row, cover.status);
    if (deed === 'undo') decided.splice(decided.indexOf(row), 1);
    else decided.push(row);
    keepText(byId('live'), `${SAID[/** @type {Deed} */ (deed)]}: ${title}`);
    if (deed !== 'undo') goTo(here + 1);
  } catch (error) {
    keepText(byId('live'), `${title}: ${/** @type {Error} */ (error).message}`);
  } finally {
    row.classList.remove('busy');
  }
}

/**
 * @param {HTMLTableRowElement} row
 * @param {string} status
 */
function show(row, status) {
  const badge = row.querySelector('.badge');
  if (badge === null) return;
  badge.className = `badge ${status}`;
  badge.textContent = status.replace('_', ' ');
  row.classList.toggle('decided', status !== 'in_review');
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (isTyping(event) || rows.length === 0) return;
  const { key } = event;
  const row = rows[here];
  if (key === 'j' || key === 'ArrowDown') goTo(here + 1);
  else if (key === 'k' || key === 'ArrowUp') goTo(here - 1);
  else if (key === 'u' && decided.length > 0) void decide(decided[decided.length - 1], 'undo');
  else if (row !== undefined && DEEDS.has(key)) void decide(row, /** @type {string} */ (DEEDS.get(key)));
  else if (key === 'Enter' && event.target === document.body) rows[0].querySelector('a')?.click();
  else if (row !== undefined && key === 'x') row.querySelector('input')?.click();
  else return;
  event.preventDefault();
}

function countTicks() {
  const count = document.querySelectorAll('input[name="cover"]:checked').length;
  keepText(byId('tick-count'), count === 0 ? 'With what is ticked:' : `With ${count} ticked:`);
}

if (list !== null && rows.length > 0) {
  const all = /** @type {HTMLInputElement} */ (byId('tick-all'));
  all.hidden = false;
  all.setAttribute('aria-label', 'Tick all');
  all.addEventListener('change', () => {
    for (const row of rows) {
      const box = row.querySelector('input');
      if (box !== null) box.checked = all.checked;
    }
    countTicks();
  });
  list.addEventListener('change', countTicks);
  byId('keys').hidden = false;
  document.addEventListener('keydown', onKey);
  for (const [index, row] of rows.entries()) row.addEventListener('focusin', () => {
    rows[here]?.classList.remove('here');
    here = index;
    row.classList.add('here');
  });
}
