/**
 * Everything that has to be undone belongs to a scope: listeners, timers, frame loops.
 * Ending a scope ends all of it.
 */
export class Scope {
  /** @type {Set<() => void>} */
  #ends = new Set();

  /**
   * Keep a function to call at the end. Returns one that calls it now.
   * @param {() => void} undo
   * @returns {() => void}
   */
  add(undo) {
    const off = () => {
      if (this.#ends.delete(off)) undo();
    };
    this.#ends.add(off);
    return off;
  }

  /**
   * @param {EventTarget} target
   * @param {string} type
   * @param {(event: any) => void} handler
   * @param {AddEventListenerOptions} [options]
   */
  on(target, type, handler, options) {
    target.addEventListener(type, handler, options);
    return this.add(() => target.removeEventListener(type, handler, options));
  }

  /**
   * @param {number} delay_ms
   * @param {() => void} act
   */
  after(delay_ms, act) {
    const timer = setTimeout(() => {
      off();
      act();
    }, Math.max(0, delay_ms));
    const off = this.add(() => clearTimeout(timer));
    return off;
  }

  /**
   * @param {number} period_ms
   * @param {() => void} act
   */
  every(period_ms, act) {
    const timer = setInterval(act, period_ms);
    return this.add(() => clearInterval(timer));
  }

  end() {
    for (const off of [...this.#ends]) off();
  }
}
