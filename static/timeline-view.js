/** The song at the foot of the stage: sections, beats, and for each lane where a cover has it. */

import { accent, hueOf } from './accents.js';
import { make, makeSvg } from './dom.js';
import { spansByConfidence } from './warp-plot.js';
import { words } from './words.js';

/** @typedef {import('./timeline-model.js').Timeline} Timeline */

const LANE_HEIGHT = 10;

export class TimelineView {
  /** @type {Map<string, SVGElement>} */
  #lanes = new Map();

  /** @type {Map<string, import('./time-map.js').TimeMap | null>} */
  #shown = new Map();

  /**
   * @param {HTMLElement} element
   * @param {Timeline} timeline
   * @param {import('./scope.js').Scope} scope
   * @param {(reference_s: number) => void} seek
   */
  constructor(element, timeline, scope, seek) {
    this.timeline = timeline;
    this.seek = seek;
    this.track = make('div', { class: 'track' });
    this.head = make('div', { class: 'head' });
    this.ahead = make('div', { class: 'ahead' });
    this.sections = timeline.sections.map((section) => this.#section(section, scope));
    this.track.append(
      make('div', { class: 'sections' }, ...this.sections),
      beatMarks(timeline),
      ...['left', 'centre', 'right'].map((slot) => this.#lane(slot)),
      this.ahead,
      this.head,
    );
    element.append(this.track);
    this.#scrub(scope);
  }

  /**
   * @param {import('./timeline-model.js').Section} section
   * @param {import('./scope.js').Scope} scope
   */
  #section(section, scope) {
    const name = words.section(section.label) + section.name.slice(section.label.length);
    const button = make('button', {
      class: 'section',
      type: 'button',
      'aria-label': words.goTo(name, clockText(section.start_s)),
    }, make('bdi', { text: name }));
    this.#span(button, section.start_s, section.end_s);
    button.style.setProperty('--own', accent(hueOf(section.label)));
    scope.on(button, 'click', () => this.seek(section.start_s));
    return button;
  }

  /**
   * @param {HTMLElement} element
   * @param {number} start_s
   * @param {number} end_s
   */
  #span(element, start_s, end_s) {
    element.style.left = `${(100 * start_s) / this.timeline.duration_s}%`;
    element.style.width = `${(100 * (end_s - start_s)) / this.timeline.duration_s}%`;
  }

  /** @param {string} slot */
  #lane(slot) {
    const lane = makeSvg('svg', {
      class: `lane lane-${slot}`,
      viewBox: `0 0 ${this.timeline.duration_s} ${LANE_HEIGHT}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    });
    this.#lanes.set(slot, lane);
    return lane;
  }

  /**
   * Show where the recording in a slot has the song.
   * @param {string} slot
   * @param {import('./repertoire.js').Piece | null} piece
   */
  fillLane(slot, piece) {
    const lane = this.#lanes.get(slot);
    const map = piece?.map ?? null;
    if (lane === undefined || this.#shown.get(slot) === map) return;
    this.#shown.set(slot, map);
    const spans = map === null ? [] : spansByConfidence(map);
    lane.replaceChildren(...spans.map(({ start_s, end_s, kind }) => makeSvg('rect', {
      x: start_s, y: 0, width: end_s - start_s, height: LANE_HEIGHT, class: kind,
    })));
  }

  /** @param {number | null} reference_s */
  draw(reference_s) {
    if (reference_s === null) return;
    const share = Math.max(0, Math.min(1, reference_s / this.timeline.duration_s));
    this.head.style.transform = `translateX(${100 * share}cqw)`;
    this.ahead.style.transform = `scaleX(${1 - share})`;
  }

  /** @param {import('./timeline-model.js').Section | null} current */
  mark(current) {
    this.timeline.sections.forEach((section, index) => {
      if (section === current) this.sections[index].setAttribute('aria-current', 'true');
      else this.sections[index].removeAttribute('aria-current');
    });
  }

  /** @param {import('./scope.js').Scope} scope */
  #scrub(scope) {
    let dragging = false;
    const go = (/** @type {PointerEvent} */ event) => {
      const box = this.track.getBoundingClientRect();
      const share = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
      return share * this.timeline.duration_s;
    };
    scope.on(this.track, 'pointerdown', (event) => {
      if (event.target instanceof Element && event.target.closest('.section')) return;
      dragging = true;
      this.track.setPointerCapture(event.pointerId);
      this.draw(go(event));
    });
    scope.on(this.track, 'pointermove', (event) => dragging && this.draw(go(event)));
    scope.on(this.track, 'pointerup', (event) => {
      if (dragging) this.seek(go(event));
      dragging = false;
    });
    scope.on(this.track, 'pointercancel', () => {
      dragging = false;
    });
  }
}

/** @param {Timeline} timeline */
function beatMarks(timeline) {
  const marks = timeline.beats_s.map((beat_s) => {
    const tall = timeline.isDownbeat(beat_s);
    return `M${beat_s.toFixed(3)} ${tall ? 0 : 5}V10`;
  });
  return makeSvg('svg', {
    class: 'beats',
    viewBox: `0 0 ${timeline.duration_s} 10`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  }, makeSvg('path', { d: marks.join('') }));
}

/** @param {number} time_s */
export function clockText(time_s) {
  const whole = Math.floor(time_s);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
