/** Correcting a cover's map: drag a beat to where it sounds, or tap along. */

import { byId, keepText, make } from '../dom.js';
import { anchorsOfTaps, nearestBeat, readAnchors, withAnchor, writeAnchors } from './anchors.js';
import { clock } from './api.js';
import { Strip, fetchPeaks } from './strip.js';

/**
 * @typedef {import('./pair.js').Pair} Pair
 * @typedef {import('./anchors.js').Anchor} Anchor
 */

/** People tap on what they hear, which left the machine a little before. */
const TAP_LATE_S = 0.02;

export class Editor {
  /** @type {Anchor[]} */
  anchors;

  /** @type {{first: number, taps_s: number[]} | null} */
  #tapping = null;

  #box = /** @type {HTMLTextAreaElement} */ (byId('anchors'));
  #said = make('p', { class: 'quiet', role: 'status' });
  #tap = make('button', { type: 'button', class: 'small-button' }, 'Tap beats ', make('kbd', { text: 't' }));

  /**
   * @param {import('../scope.js').Scope} scope
   * @param {Pair} pair
   * @param {{beats_s: number[], downbeats_s: number[], duration_s: number, peaks_url: string}} given
   *   beats of the reference, duration of the cover
   */
  constructor(scope, pair, { beats_s, downbeats_s, duration_s, peaks_url }) {
    this.pair = pair;
    this.beats_s = beats_s;
    this.bars = new Set(downbeats_s.map((each) => each.toFixed(3)));
    this.anchors = readAnchors(this.#box.value);
    this.strip = new Strip(scope, duration_s, 'The cover, with its beats', {
      onSeek: (time_s) => pair.seekCover(time_s),
      onDrag: (mark, time_s, done) => this.#drag(mark, time_s, done),
    });
    const wider = make('button', { type: 'button', class: 'small-button', 'aria-label': 'Show more', text: '−' });
    const closer = make('button', { type: 'button', class: 'small-button', 'aria-label': 'Show less, larger', text: '+' });
    scope.on(wider, 'click', () => this.strip.zoom(1.5));
    scope.on(closer, 'click', () => this.strip.zoom(1 / 1.5));
    scope.on(this.#tap, 'click', () => this.tap());
    scope.on(this.#box, 'input', () => {
      this.anchors = readAnchors(this.#box.value);
      this.#draw();
    });
    byId('editor').replaceChildren(
      this.strip.view, make('div', { class: 'row-form' }, this.#tap, wider, closer, this.#said),
    );
    byId('editor').hidden = false;
    void fetchPeaks(peaks_url).then((peaks) => {
      this.strip.peaks = peaks;
      this.strip.draw();
    });
    this.#draw();
    this.#say('Drag a beat to where it sounds. Tall lines begin a bar; thick ones are fixed.');
  }

  /** The first tap begins where the map says we are; each further one is the next beat. */
  tap() {
    const cover_s = this.pair.decks.cover.player.position_s - TAP_LATE_S;
    if (!this.pair.playing) {
      this.#tapping = null;
      this.pair.hear('cover');
      void this.pair.play();
      this.#say('The cover plays: tap t on each beat that you hear.');
      return;
    }
    this.pair.hear('cover');
    if (this.#tapping === null) {
      const here_s = this.pair.map.referenceAt(cover_s) ?? this.pair.decks.reference.player.position_s;
      this.#tapping = { first: nearestBeat(this.beats_s, here_s), taps_s: [] };
    }
    const { first, taps_s } = this.#tapping;
    taps_s.push(cover_s);
    for (const each of anchorsOfTaps(this.beats_s, first, taps_s)) {
      this.anchors = withAnchor(this.anchors, each);
    }
    this.#keep();
    this.#say(`${taps_s.length} beats tapped, from ${clock(this.beats_s[first])} of the reference.`);
  }

  /** Tapping begins anew after a pause. */
  rest() {
    this.#tapping = null;
  }

  /**
   * @param {import('./strip.js').Mark} mark
   * @param {number} time_s
   * @param {boolean} done
   */
  #drag(mark, time_s, done) {
    mark.time_s = time_s;
    if (!done) {
      mark.kind = `${mark.kind.includes('bar') ? 'bar ' : ''}fixed`;
      this.strip.draw();
      return;
    }
    const reference_s = this.beats_s[mark.id];
    this.anchors = withAnchor(this.anchors, { reference_s, cover_s: time_s });
    this.#keep();
    this.#say(`The beat at ${clock(reference_s)} of the reference is fixed at ${clock(time_s)}.`);
  }

  #keep() {
    this.#box.value = writeAnchors(this.anchors);
    this.#draw();
  }

  #draw() {
    const fixed = new Map(this.anchors.map((each) => [each.reference_s.toFixed(3), each.cover_s]));
    this.strip.marks = this.beats_s.flatMap((reference_s, id) => {
      const key = reference_s.toFixed(3);
      const bar = this.bars.has(key) ? 'bar ' : '';
      const at_s = fixed.get(key);
      if (at_s !== undefined) return [{ id, time_s: at_s, kind: `${bar}fixed` }];
      return this.pair.map.coversAt(reference_s).map((time_s) => ({ id, time_s, kind: `${bar}mapped` }));
    });
    this.strip.draw();
  }

  /** @param {string} text */
  #say(text) {
    keepText(this.#said, text);
  }
}
