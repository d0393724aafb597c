/** The ticker of hashtags; choosing one steers who comes next, choosing it again lets go. */

import { make } from './dom.js';
import { words } from './words.en.js';

const MOST = 40;

/**
 * @param {HTMLElement} element
 * @param {import('./api.js').HashtagJson[]} hashtags
 * @param {import('./scope.js').Scope} scope
 * @param {(tag: string | null) => void} choose
 */
export function showTags(element, hashtags, scope, choose) {
  element.setAttribute('aria-label', words.tags);
  const buttons = hashtags.slice(0, MOST).map(({ name, covers }) => make('button', {
    type: 'button', class: 'tag', 'aria-pressed': 'false', 'data-tag': name,
  }, make('bdi', { text: `#${name}` }), make('small', { text: String(covers) })));
  element.replaceChildren(...buttons);
  for (const button of buttons) {
    scope.on(button, 'click', () => {
      const chosen = button.getAttribute('aria-pressed') !== 'true';
      for (const each of buttons) each.setAttribute('aria-pressed', String(each === button && chosen));
      choose(chosen ? button.dataset.tag ?? null : null);
    });
  }
}
