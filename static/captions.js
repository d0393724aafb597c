/** Captions of who is in the centre, where its recording has some and the visitor wants them. */

import { recall, remember } from './device.js';
import { byId, keepText, make } from './dom.js';
import { language, words } from './words.js';

export class Captions {
  #on = recall('captions', false);

  /** @type {HTMLTrackElement | null} */
  #track = null;

  #line = byId('caption');

  /**
   * @param {import('./ensemble.js').Ensemble} ensemble
   * @param {import('./scope.js').Scope} scope
   */
  constructor(ensemble, scope) {
    this.ensemble = ensemble;
    scope.on(byId('captions'), 'click', () => this.#toggle());
    scope.on(ensemble, 'slots', () => this.#show());
    this.#show();
  }

  #toggle() {
    this.#on = !this.#on;
    remember('captions', this.#on);
    this.#show();
    this.ensemble.say(this.#on ? words.captionsOn : words.captionsOff);
  }

  /** A rendition is on the Reference's time, and captions are on the cover's own. */
  #show() {
    const { piece, player } = this.ensemble.slots.centre;
    byId('captions').setAttribute('aria-pressed', String(this.#on));
    const wanted = this.#on && piece?.natural === piece && piece?.json.media_url
      ? `/captions/${piece.id}?language=${language}` : null;
    if (wanted === (this.#track?.getAttribute('src') ?? null)) return;
    this.#track?.remove();
    this.#track = null;
    keepText(this.#line, '');
    if (wanted === null) return;
    const track = make('track', { kind: 'captions', src: wanted });
    this.#track = track;
    player.view.append(track);
    track.track.mode = 'hidden'; // read, but drawn by us: also over what has no picture
    track.track.oncuechange = () => keepText(this.#line, textOf(track.track.activeCues));
  }
}

/** @param {TextTrackCueList | null} cues */
function textOf(cues) {
  return [...cues ?? []].map((cue) =>
    /** @type {VTTCue} */ (cue).getCueAsHTML().textContent).join('\n');
}
