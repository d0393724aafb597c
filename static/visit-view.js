/** This visit: its numbers, the path through the song, favourites and history of this device. */

import { recall, remember } from './device.js';
import { byId, make, makeSvg } from './dom.js';
import { Outbox } from './outbox.js';
import { Visit } from './visit.js';
import { words } from './words.js';

/**
 * @typedef {import('./ensemble.js').Ensemble} Ensemble
 * @typedef {{id: number, song: string, name: string, title: string, at_ms: number}} Remembered
 */

const MOST_HISTORY = 100;
const MOST_SHOWN = 30;
const MOVE_MS = 500;
const ROW = 10;
const MOST_ROWS = 24;

export class VisitView {
  visit = new Visit();

  /**
   * @param {Ensemble} ensemble
   * @param {string} slug
   * @param {import('./scope.js').Scope} scope
   */
  constructor(ensemble, slug, scope) {
    this.ensemble = ensemble;
    this.slug = slug;
    this.outbox = new Outbox(scope);
    this.#listen(scope);
    scope.on(byId('favourite'), 'click', () => this.#toggleFavourite());
    scope.on(byId('drawer'), 'panel', () => this.show());
    this.#showFavourite();
  }

  /** @param {import('./scope.js').Scope} scope */
  #listen(scope) {
    const { ensemble, visit } = this;
    const reference = ensemble.pieces.find(({ isReference }) => isReference);
    scope.on(ensemble, 'heard', () => this.#hear());
    scope.on(ensemble, 'sought', () => this.#hear());
    scope.on(ensemble, 'slots', () => this.#showFavourite());
    scope.on(ensemble, 'switched', () => {
      visit.switches += 1;
      const id = ensemble.master.piece?.id;
      if (id !== undefined) this.outbox.add({ kind: 'switched', recording_id: id });
    });
    scope.on(ensemble, 'loop', () => {
      visit.loops += 1;
      if (reference) this.outbox.add({ kind: 'loop', recording_id: reference.id });
    });
    scope.on(ensemble, 'playing', () => (ensemble.playing ? this.#hear() : this.#rest()));
    scope.on(window, 'pagehide', () => {
      this.#rest();
      void this.outbox.flush({ keepalive: true });
    });
    scope.every(MOVE_MS, () => {
      if (ensemble.playing && ensemble.reference_s !== null) visit.move(ensemble.reference_s);
      if (!byId('drawer').hidden) this.#drawPath();
    });
  }

  #hear() {
    const { piece, reference_s } = this.ensemble.master;
    if (piece === null || !this.ensemble.playing) return;
    this.#count(this.visit.hear(piece.id, reference_s ?? 0, this.ensemble.now_s()));
    const entry = this.#entryOf(piece);
    const history = recall('history', /** @type {Remembered[]} */ ([]));
    remember('history', [entry, ...history.filter(({ id }) => id !== piece.id)].slice(0, MOST_HISTORY));
  }

  #rest() {
    this.#count(this.visit.rest(this.ensemble.now_s()));
  }

  /** @param {{id: number, heard_ms: number} | null} heard */
  #count(heard) {
    if (heard !== null) {
      this.outbox.add({ kind: 'heard', recording_id: heard.id, heard_ms: heard.heard_ms });
    }
  }

  /**
   * @param {import('./repertoire.js').Piece} piece
   * @returns {Remembered}
   */
  #entryOf(piece) {
    return {
      id: piece.id, song: this.slug, name: piece.name, title: piece.json.title, at_ms: Date.now(),
    };
  }

  #toggleFavourite() {
    const { piece } = this.ensemble.slots.centre;
    if (piece === null) return;
    const favourites = recall('favourites', /** @type {Remembered[]} */ ([]));
    const without = favourites.filter(({ id }) => id !== piece.id);
    const added = without.length === favourites.length;
    remember('favourites', added ? [this.#entryOf(piece), ...without] : without);
    this.ensemble.say(added ? words.favouriteAdded(piece.name) : words.favouriteGone(piece.name));
    this.#showFavourite();
    this.show();
  }

  #showFavourite() {
    const id = this.ensemble.slots.centre.piece?.id;
    const favourites = recall('favourites', /** @type {Remembered[]} */ ([]));
    byId('favourite').setAttribute('aria-pressed', String(favourites.some((each) => each.id === id)));
  }

  show() {
    const { visit, ensemble } = this;
    const numbers = [
      [`${visit.covers.size}/${ensemble.total}`, words.heard],
      [String(visit.switches), words.switches(visit.switches)],
      [String(visit.loops), words.loops(visit.loops)],
    ];
    byId('visit-numbers').replaceChildren(...numbers.map(([number, word]) =>
      make('p', { class: 'counter' }, make('b', { text: number }), make('span', { text: word }))));
    this.#drawPath();
    fill('favourites', recall('favourites', []), words.noFavourites);
    fill('history', recall('history', []).slice(0, MOST_SHOWN), words.noHistory);
  }

  /** One row per pass; along it, who sounded from where to where. */
  #drawPath() {
    const { path } = this.visit;
    const last = path.at(-1)?.pass ?? 0;
    const first = Math.max(0, last - MOST_ROWS + 1);
    const width = this.ensemble.timeline.duration_s;
    const rows = path.filter(({ pass }) => pass >= first).map(({ id, pass, from_s, to_s }) => {
      const y = (pass - first) * ROW;
      const rect = makeSvg('rect', {
        x: from_s, y: y + 1, width: Math.max(0.4, to_s - from_s), height: ROW - 2,
        style: null, class: `voice-${id % 8}`,
      });
      const name = this.ensemble.pieces.find((piece) => piece.id === id)?.name ?? '';
      rect.append(makeSvg('title', { text: name }));
      return rect;
    });
    const height = Math.max(1, last - first + 1) * ROW;
    byId('visit-path').replaceChildren(makeSvg('svg', {
      viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img',
      'aria-label': words.pathOf(this.visit.switches, this.visit.loops), height: height * 1.6,
    }, ...rows));
  }
}

/**
 * @param {string} id
 * @param {Remembered[]} entries
 * @param {string} nothing
 */
function fill(id, entries, nothing) {
  byId(id).replaceChildren(...(entries.length ? entries.map(({ id: cover, song, name, title }) =>
    make('li', {}, make('a', { href: `/songs/${song}#cover=${cover}` },
      make('bdi', { text: name })), make('small', { class: 'origin', dir: 'auto', text: title })))
    : [make('li', { class: 'quiet', text: nothing })]));
}
