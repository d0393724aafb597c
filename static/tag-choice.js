/**
 * Which hashtags are chosen, and how many covers each one would leave: chosen tags are combined,
 * a cover has to have all of them. Pure.
 */

/** @typedef {{name: string, left: number, chosen: boolean, origins: string[]}} Offer */

export class TagChoice {
  /** @type {Set<string>} */
  #chosen = new Set();

  /**
   * @param {import('./api.js').HashtagJson[]} hashtags
   * @param {{tags: string[]}[]} covers
   */
  constructor(hashtags, covers) {
    this.hashtags = hashtags;
    this.covers = covers;
  }

  get chosen() {
    return [...this.#chosen];
  }

  /** @param {string} name */
  toggle(name) {
    if (!this.#chosen.delete(name)) this.#chosen.add(name);
  }

  /** @param {string[]} names */
  set(names) {
    const known = new Set(this.hashtags.map(({ name }) => name));
    this.#chosen = new Set(names.filter((name) => known.has(name)));
  }

  clear() {
    this.#chosen.clear();
  }

  /** How many covers have everything that is chosen. */
  get left() {
    return this.#matching().length;
  }

  /**
   * @param {string} search a part of the names
   * @returns {Offer[]} chosen ones first, then by the number of covers they would leave
   */
  offers(search = '') {
    const wanted = search.trim().replace(/^#/, '').normalize('NFKC').toLocaleLowerCase();
    const left = countTags(this.#matching());
    return this.hashtags
      .filter(({ name }) => name.includes(wanted) || this.#chosen.has(name))
      .map(({ name, origins = {} }) => ({
        name,
        left: left.get(name) ?? 0,
        chosen: this.#chosen.has(name),
        origins: Object.keys(origins),
      }))
      .sort((one, other) => Number(other.chosen) - Number(one.chosen) || other.left - one.left);
  }

  /**
   * One tag at random that leaves somebody, another than before.
   * @param {() => number} random
   */
  shuffle(random) {
    const before = this.chosen;
    const some = this.hashtags.filter(({ name, covers }) => covers > 0 && !before.includes(name));
    if (some.length === 0) return;
    this.set([some[Math.floor(random() * some.length)].name]);
  }

  #matching() {
    return this.covers.filter(({ tags }) => this.chosen.every((tag) => tags.includes(tag)));
  }
}

/** @param {{tags: string[]}[]} covers */
function countTags(covers) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { tags } of covers) {
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return counts;
}
