/**
 * Which hashtags are chosen, and how many covers each one would leave: chosen tags are combined,
 * a cover has to have all of them. The library counts. Pure.
 */

/**
 * @typedef {import('./api.js').HashtagsJson} HashtagsJson
 * @typedef {{name: string, left: number, chosen: boolean, origins: string[]}} Offer
 */

export class TagChoice {
  /** @type {string[]} */
  chosen = [];

  /** @param {HashtagsJson} counted with nothing chosen */
  constructor(counted) {
    this.counted = counted;
  }

  /** How many covers have everything that is chosen. */
  get left() {
    return this.counted.left;
  }

  /** @param {string} name */
  toggle(name) {
    this.chosen = this.chosen.includes(name)
      ? this.chosen.filter((each) => each !== name) : [...this.chosen, name];
  }

  /**
   * What the library counts for some tags; of those it does not have none can be chosen.
   * @param {HashtagsJson} counted
   */
  take(counted) {
    this.counted = counted;
    this.chosen = counted.tags;
  }

  /**
   * @param {string} search a part of the names
   * @returns {Offer[]} chosen ones first, then by the number of covers they would leave
   */
  offers(search = '') {
    const wanted = search.trim().replace(/^#/, '').normalize('NFKC').toLocaleLowerCase();
    return this.counted.hashtags
      .map(({ name, left, origins }) => ({
        name, left, chosen: this.chosen.includes(name), origins: Object.keys(origins),
      }))
      .filter(({ name, chosen }) => chosen || name.includes(wanted))
      .sort((one, other) => Number(other.chosen) - Number(one.chosen) || other.left - one.left);
  }

  /**
   * One tag at random, another than before.
   * @param {() => number} random
   */
  shuffle(random) {
    const some = this.counted.hashtags.filter(({ name }) => !this.chosen.includes(name));
    if (some.length) this.chosen = [some[Math.floor(random() * some.length)].name];
  }
}
