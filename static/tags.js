/** Hashtags on the page: the ticker above the stage, and the drawer with all of them. */

import { byId, keepText, make } from './dom.js';
import { TagChoice } from './tag-choice.js';
import { words } from './words.js';

const MOST_IN_TICKER = 24;
const MOST_IN_DRAWER = 300;

export class Tags {
  /**
   * @param {import('./api.js').HashtagJson[]} hashtags
   * @param {import('./ensemble.js').Ensemble} ensemble
   * @param {import('./scope.js').Scope} scope
   */
  constructor(hashtags, ensemble, scope) {
    const covers = ensemble.pieces.filter(({ isReference }) => !isReference);
    this.ensemble = ensemble;
    this.choice = new TagChoice(hashtags, covers);
    this.ticker = byId('tags');
    this.list = byId('tag-list');
    this.search = /** @type {HTMLInputElement} */ (byId('tag-search'));
    const telling = hashtags.filter(({ covers: count }) => count < covers.length);
    this.telling = new Set((telling.length ? telling : hashtags).map(({ name }) => name));
    for (const element of [this.ticker, this.list]) {
      scope.on(element, 'click', (event) => {
        const name = event.target.closest('[data-tag]')?.dataset.tag;
        if (name !== undefined) this.#change(() => this.choice.toggle(name));
      });
    }
    scope.on(this.search, 'input', () => this.show());
    scope.on(byId('tag-shuffle'), 'click', () =>
      this.#change(() => this.choice.shuffle(ensemble.random)));
    scope.on(byId('tag-clear'), 'click', () => this.#change(() => this.choice.clear()));
    this.show();
  }

  /** @param {string[]} names */
  choose(names) {
    this.choice.set(names);
    this.ensemble.tags = this.choice.chosen;
    this.show();
  }

  /** @param {() => void} change */
  #change(change) {
    const focused = document.activeElement?.closest('[data-tag]');
    const [name, home] = [focused?.getAttribute('data-tag'), focused?.parentElement];
    change();
    const { chosen, left } = this.choice;
    this.ensemble.setTags(chosen);
    this.ensemble.say(chosen.length === 0 ? words.tagCleared : words.tagsChosen(chosen, left));
    this.show();
    if (name) /** @type {HTMLElement | null} */ (home?.querySelector(`[data-tag="${CSS.escape(name)}"]`))?.focus();
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
