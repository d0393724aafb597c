/**
 * Saving data: a recording is fetched when it is wanted and not before. Until then one sees its
 * still; a jump to it takes a moment more, in which it finds the beat as any companion does.
 */

import { DeckPlayer } from './deck-player.js';
import { recall } from './device.js';

/** Chosen on this device, else what the visitor's system asks for. */
export const saver = { on: recall('saver', /** @type {boolean | null} */ (null)) ?? isAskedFor() };

function isAskedFor() {
  const { connection } = /** @type {{connection?: {saveData?: boolean}}} */ (
    /** @type {unknown} */ (navigator));
  return connection?.saveData === true || matchMedia('(prefers-reduced-data: reduce)').matches;
}

export class SavingPlayer extends DeckPlayer {
  /** @type {{address: string, poster: string | null, at_s: number} | null} */
  #held = null;

  get waits() {
    return this.#held !== null || super.waits;
  }

  get position_s() {
    return this.#held?.at_s ?? super.position_s;
  }

  /**
   * @param {string} address
   * @param {string | null} poster
   */
  load(address, poster) {
    this.#held = null;
    if (!saver.on) return super.load(address, poster);
    super.unload();
    this.own.element.poster = poster ?? '';
    this.#held = { address, poster, at_s: 0 };
    return undefined;
  }

  unload() {
    this.#held = null;
    super.unload();
  }

  /** It is needed now. @returns {boolean} whether it has to be fetched for that */
  want() {
    if (this.#held === null) return false;
    const { address, poster, at_s } = this.#held;
    this.#held = null;
    super.load(address, poster);
    super.seek(at_s);
    return true;
  }

  async play() {
    this.want();
    return super.play();
  }

  /** @param {number} to_s */
  seek(to_s) {
    if (this.#held === null) super.seek(to_s);
    else this.#held.at_s = to_s;
  }
}
