/** Hashtags on the page: the ticker above the stage, and the drawer with all of them. */

import { byId, keepText, make } from './dom.js';
import { TagChoice } from './tag-choice.js';
import { words } from './words.js';

const MOST_IN_TICKER = 24;
const MOST_IN_DRAWER = 300;

export class Tags {
  /**
   * @param {import('./api.js').HashtagsJson} counted with nothing chosen
   * @param {(tags: string[], search: string) => Promise<import('./api.js').HashtagsJson>} count
   * @param {import('./ensemble.js').Ensemble} ensemble
   * @param {import('./scope.js').Scope} scope
   */
  constructor(counted, count, ensemble, scope) {
    this.ensemble = ensemble;
    this.count = count;
    this.choice = new TagChoice(counted);
    this.isAll = counted.hashtags.length < MOST_IN_DRAWER;
    this.ticker = byId('tags');
    this.list = byId('tag-list');
    this.search = /** @type {HTMLInputElement} */ (byId('tag-search'));
    const { hashtags, left } = counted;
    const telling = hashtags.filter(({ covers }) => covers < left);
    this.telling = new Set((telling.length ? telling : hashtags).map(({ name }) => name));
    for (const element of [this.ticker, this.list]) {
      scope.on(element, 'click', (event) => {
        const name = event.target.closest('[data-tag]')?.dataset.tag;
        if (name !== undefined) this.#change(() => this.choice.toggle(name));
      });
    }
    scope.on(this.search, 'input', () => {
      this.show();
      if (!this.isAll) void this.#count();
    });
    scope.on(byId('tag-shuffle'), 'click', () =>
      this.#change(() => this.choice.shuffle(ensemble.random)));
    scope.on(byId('tag-clear'), 'click', () => this.#change(() => {
      this.choice.chosen = [];
    }));
    this.show();
  }

  /** @param {string[]} names those that the song has are chosen */
  async choose(names) {
    if (names.length === 0) return;
    this.choice.chosen = names;
    await this.#count();
    this.ensemble.tags = this.choice.chosen;
  }

  /** @param {() => void} change */
  #change(change) {
    change();
    this.ensemble.setTags(this.choice.chosen);
    this.#showAgain();
    void this.#count().then((isLast) => {
      const { chosen, left } = this.choice;
      if (isLast) this.ensemble.say(chosen.length === 0 ? words.tagCleared : words.tagsChosen(chosen, left));
    });
  }

  /** @returns {Promise<boolean>} whether the library has counted for what is chosen now */
  async #count() {
    const { chosen } = this.choice;
    const search = this.search.value;
    const counted = await this.count(chosen, this.isAll ? '' : search).catch(() => null);
    if (counted === null || chosen !== this.choice.chosen || search !== this.search.value) return false;
    this.choice.take(counted);
    this.#showAgain();
    return true;
  }

  /** The focus stays on its tag. */
  #showAgain() {
    const focused = document.activeElement?.closest('[data-tag]');
    const [name, home] = [focused?.getAttribute('data-tag'), focused?.parentElement];
    const again = home?.closest('#tags, #tag-list');
    this.show();
    if (name) /** @type {HTMLElement | null} */ (again?.querySelector(`[data-tag="${CSS.escape(name)}"]`))?.focus();
  }

  show() {
    const offers = this.choice.offers();
    const ticker = offers.filter(({ name, chosen }) => chosen || this.telling.has(name));
    this.ticker.replaceChildren(...ticker.slice(0, MOST_IN_TICKER).map(tagButton));
    const found = this.choice.offers(this.search.value).slice(0, MOST_IN_DRAWER);
    this.list.replaceChildren(...found.map((offer) => make('li', {}, tagButton(offer), origin(offer))));
    const { chosen, left } = this.choice;
    keepText(byId('tag-state'), stateOf(found.length, chosen, left));
    byId('tag-clear').toggleAttribute('hidden', chosen.length === 0);
  }
}

/** @param {import('./tag-choice.js').Offer} offer */
function tagButton({ name, left, chosen }) {
  return make('button', {
    type: 'button',
    class: left === 0 ? 'tag empty' : 'tag',
    'aria-pressed': String(chosen),
    'data-tag': name,
  },
    make('bdi', { text: `#${name}` }), ' ',
    make('small', { text: String(left) }, make('span', { class: 'unseen', text: ` ${words.tagCovers(left)}` })),
  );
}

/** @param {import('./tag-choice.js').Offer} offer */
function origin({ origins, left }) {
  const text = left === 0 ? words.tagEmpty : words.tagFrom(origins);
  return make('small', { class: 'origin', text });
}

/**
 * @param {number} found
 * @param {string[]} chosen
 * @param {number} left
 */
function stateOf(found, chosen, left) {
  if (found === 0) return words.tagNotFound;
  return chosen.length === 0 ? words.tagHint : words.tagsChosen(chosen, left);
}
