/** Mixes on the page: record one, name it, share it; and play one that somebody made. */

import { fetchMixes, post } from './api.js';
import { byId, keepText, make } from './dom.js';
import { MixPlayer } from './mix-player.js';
import { MixRecorder } from './mix-recorder.js';
import { clockText } from './timeline-view.js';
import { pageUrl, words } from './words.js';

/** @typedef {import('./ensemble.js').Ensemble} Ensemble */

export class MixView {
  /** @type {MixRecorder | null} */
  #recorder = null;

  /** Stopped, and not saved yet. @type {MixRecorder | null} */
  #recorded = null;

  /** @type {MixPlayer | null} */
  #player = null;

  /**
   * @param {Ensemble} ensemble
   * @param {string} slug
   * @param {import('./scope.js').Scope} scope
   */
  constructor(ensemble, slug, scope) {
    this.ensemble = ensemble;
    this.slug = slug;
    this.scope = scope;
    this.name = /** @type {HTMLInputElement} */ (byId('mix-name'));
    scope.on(byId('record'), 'click', () => this.#toggle());
    scope.on(byId('mix-form'), 'submit', (event) => {
      event.preventDefault();
      void this.#save();
    });
    for (const name of ['switched', 'sought']) scope.on(ensemble, name, () => this.#note());
    scope.on(ensemble, 'playing', () => {
      if (ensemble.playing) this.#recorder?.go(ensemble.now_s());
      else this.#recorder?.rest(ensemble.now_s());
    });
    scope.on(ensemble, 'mix-over', () => ensemble.say(words.mixOver));
    scope.on(byId('drawer'), 'panel', ({ detail }) => detail === 'mixes' && this.#list());
    this.#show(false);
  }

  /** What others made of this song. */
  async #list() {
    const mixes = await fetchMixes(this.slug).catch(() => null);
    const entries = (mixes ?? []).map(({ name, url, duration_ms }) => make('li', {},
      make('a', { href: pageUrl(url) }, make('bdi', { text: name })),
      make('small', { class: 'origin', text: clockText(duration_ms / 1000) })));
    const nothing = mixes === null ? words.serverGone : words.mixesNone;
    byId('mix-list').replaceChildren(
      ...(entries.length ? entries : [make('li', { class: 'quiet', text: nothing })]),
    );
  }

  /**
   * Play a mix from its beginning, as soon as the first sound is allowed.
   * @param {import('./api.js').MixJson} mix
   */
  arm(mix) {
    const player = new MixPlayer(this.ensemble, mix.steps, mix.duration_ms, this.scope);
    this.#player = player;
    keepText(byId('mix-title'), mix.name);
    byId('mix-title').removeAttribute('hidden');
    this.scope.on(this.ensemble, 'begun', () => {
      player.begin();
      if (player.missing) this.ensemble.say(words.mixMissing(player.missing));
    }, { once: true });
    return player.first;
  }

  /** The fan takes over from a mix that plays. */
  takeBack() {
    this.#player?.end();
  }

  #toggle() {
    const { ensemble } = this;
    if (this.#recorder !== null) {
      this.#recorder.rest(ensemble.now_s());
      this.#recorded = this.#recorder;
      this.#recorder = null;
      this.#show(false);
      byId('mix-form').removeAttribute('hidden');
      this.name.focus();
      return;
    }
    if (!ensemble.playing) return ensemble.say(words.mixPlayFirst);
    this.#recorder = new MixRecorder(ensemble.timeline.beats_s);
    this.#note();
    this.#show(true);
    return ensemble.say(words.mixRecording);
  }

  #note() {
    const { master, now_s, playing } = this.ensemble;
    if (master.piece === null || !playing) return;
    this.#recorder?.note(master.piece.id, master.reference_s ?? 0, now_s());
  }

  async #save() {
    const recorder = this.#recorded;
    if (recorder === null) return;
    const state = byId('mix-state');
    keepText(state, words.mixSaving);
    try {
      const answer = await post(`songs/${this.slug}/mixes`, {
        name: this.name.value,
        duration_ms: Math.round(recorder.played_s(this.ensemble.now_s()) * 1000),
        steps: recorder.steps,
      });
      const json = await answer.json();
      if (!answer.ok) throw new Error(json.error.message);
      this.#recorded = null;
      byId('mix-form').setAttribute('hidden', '');
      const link = /** @type {HTMLAnchorElement} */ (byId('mix-link'));
      link.href = json.url;
      link.removeAttribute('hidden');
      keepText(link, new URL(json.url, location.href).href);
      keepText(state, words.mixSaved);
      void this.#list();
    } catch (error) {
      keepText(state, `${words.mixNotSaved} ${error instanceof Error ? error.message : ''}`);
    }
  }

  /** @param {boolean} recording */
  #show(recording) {
    document.body.classList.toggle('recording', recording);
    byId('record').setAttribute('aria-pressed', String(recording));
    keepText(byId('record-word'), recording ? words.mixStop : words.mixRecord);
  }
}
