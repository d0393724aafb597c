/**
 * The drawer beside the stage: hashtags, this visit, mixes, settings, keys. It lies beside the
 * players and never over them; Escape and the back button close it, and the focus returns.
 */

import { byId } from './dom.js';

export class Drawer {
  /** @type {string | null} */
  #open = null;

  /** @type {Element | null} */
  #cameFrom = null;

  /** @param {import('./scope.js').Scope} scope */
  constructor(scope) {
    this.element = byId('drawer');
    this.openers = [.../** @type {NodeListOf<HTMLElement>} */ (
      document.querySelectorAll('[data-panel-opener]'))];
    this.panels = [.../** @type {NodeListOf<HTMLElement>} */ (
      this.element.querySelectorAll('[data-panel]'))];
    for (const opener of this.openers) {
      scope.on(opener, 'click', () => this.toggle(opener.dataset.panelOpener ?? ''));
    }
    scope.on(byId('drawer-close'), 'click', () => this.close());
    scope.on(window, 'popstate', () => this.#show(null));
    scope.on(document, 'keydown', (event) => {
      if (event.key === 'Escape' && this.#open !== null) this.close();
    });
  }

  get panel() {
    return this.#open;
  }

  /** @param {string} name */
  toggle(name) {
    if (this.#open === name) this.close();
    else this.open(name);
  }

  /** @param {string} name */
  open(name) {
    if (this.#open === null) {
      this.#cameFrom = document.activeElement;
      history.pushState({ drawer: true }, '');
    }
    this.#show(name);
    const heading = this.panels.find((panel) => panel.dataset.panel === name)?.querySelector('h2');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus();
  }

  close() {
    if (this.#open === null) return;
    this.#show(null);
    if (history.state?.drawer) history.back();
    if (this.#cameFrom instanceof HTMLElement) this.#cameFrom.focus();
  }

  /** @param {string | null} name */
  #show(name) {
    this.#open = name;
    document.body.classList.toggle('drawer-open', name !== null);
    this.element.toggleAttribute('hidden', name === null);
    for (const panel of this.panels) panel.toggleAttribute('hidden', panel.dataset.panel !== name);
    for (const opener of this.openers) {
      opener.setAttribute('aria-expanded', String(opener.dataset.panelOpener === name));
    }
    this.element.dispatchEvent(new CustomEvent('panel', { detail: name }));
  }
}
