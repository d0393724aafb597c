/** Numbers that grow with small delight: a bump, never a sound, never a window. */

import { keepText, make } from './dom.js';
import { words } from './words.js';

export class Counters {
  #switches = 0;
  #loops = 0;

  /** @type {Set<number>} */
  #heard = new Set();

  /**
   * @param {HTMLElement} element
   * @param {number} coverCount
   */
  constructor(element, coverCount) {
    this.coverCount = coverCount;
    this.heard = entry();
    this.switches = entry();
    this.loops = entry();
    element.replaceChildren(this.heard.box, this.switches.box, this.loops.box);
    this.#show();
  }

  noteSwitch() {
    this.#switches += 1;
    this.#show(this.switches.box);
  }

  noteLoop() {
    this.#loops += 1;
    this.#show(this.loops.box);
  }

  /** @param {number} id of the cover that sounds now */
  noteHeard(id) {
    const isNew = !this.#heard.has(id);
    this.#heard.add(id);
    this.#show(isNew ? this.heard.box : undefined);
  }

  /** @param {HTMLElement} [grown] */
  #show(grown) {
    keepText(this.heard.number, `${this.#heard.size}/${this.coverCount}`);
    keepText(this.heard.word, words.heard);
    keepText(this.switches.number, String(this.#switches));
    keepText(this.switches.word, words.switches(this.#switches));
    keepText(this.loops.number, String(this.#loops));
    keepText(this.loops.word, words.loops(this.#loops));
    grown?.animate?.(
      [{ transform: 'scale(1)' }, { transform: 'scale(1.25)' }, { transform: 'scale(1)' }],
      { duration: 350, easing: 'ease-out' },
    );
  }
}

function entry() {
  const number = make('b');
  const word = make('span');
  return { box: make('span', { class: 'counter' }, number, word), number, word };
}
