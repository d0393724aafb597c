/**
 * A strip of a recording that can be moved and zoomed: its waveform, and marks on it that can be
 * dragged. Pure view: it tells what was done, and draws what it is given.
 */

import { make, makeSvg } from '../dom.js';

export const PEAKS_PER_S = 100;
const HEIGHT = 96;
const WIDTH = 1000;
const GRIP_PX = 9;
const SHORTEST_S = 2;

/**
 * @typedef {{time_s: number, kind: string, label?: string, id: number}} Mark
 * @typedef {{
 *   onSeek?: (time_s: number) => void,
 *   onDrag?: (mark: Mark, time_s: number, done: boolean) => void,
 * }} Deeds
 */

export class Strip {
  start_s = 0;
  span_s;

  /** @type {Mark[]} */
  marks = [];

  /** @type {Uint8Array} */
  peaks = new Uint8Array();

  /** @type {{mark: Mark, moved: boolean} | null} */
  #dragged = null;

  #wave = makeSvg('path', { class: 'wave' });
  #marks = makeSvg('g');
  #head = makeSvg('line', { class: 'head', y1: 0, y2: HEIGHT, visibility: 'hidden' });

  /**
   * @param {import('../scope.js').Scope} scope
   * @param {number} duration_s
   * @param {string} label
   * @param {Deeds} deeds
   */
  constructor(scope, duration_s, label, deeds) {
    this.duration_s = duration_s;
    this.span_s = Math.min(duration_s, 20);
    this.deeds = deeds;
    this.svg = makeSvg(
      'svg',
      { class: 'strip', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
      this.#wave, this.#marks, this.#head,
    );
    this.slider = make('input', {
      type: 'range', min: 0, max: Math.max(0, duration_s - this.span_s), step: 0.1, value: 0, 'aria-label': `${label}: part shown`,
    });
    this.view = make('div', { class: 'strip-box' }, this.svg, this.slider);
    scope.on(this.slider, 'input', () => this.show(Number(this.slider.value)));
    scope.on(this.svg, 'pointerdown', (event) => this.#press(event));
    scope.on(this.svg, 'pointermove', (event) => this.#move(event));
    scope.on(this.svg, 'pointerup', (event) => this.#release(event));
    scope.on(this.svg, 'wheel', (event) => this.#wheel(event), { passive: false });
  }

  /**
   * @param {number} start_s
   * @param {number} [span_s]
   */
  show(start_s, span_s = this.span_s) {
    this.span_s = Math.max(SHORTEST_S, Math.min(span_s, this.duration_s));
    this.start_s = Math.max(0, Math.min(start_s, this.duration_s - this.span_s));
    this.slider.max = String(Math.max(0, this.duration_s - this.span_s));
    this.slider.value = String(this.start_s);
    this.draw();
  }

  /** @param {number} factor above 1 shows more */
  zoom(factor) {
    const middle_s = this.start_s + this.span_s / 2;
    const span_s = this.span_s * factor;
    this.show(middle_s - span_s / 2, span_s);
  }

  /** @param {number} time_s */
  follow(time_s) {
    if (time_s < this.start_s || time_s > this.start_s + this.span_s * 0.92) {
      this.show(time_s - this.span_s * 0.1);
    }
    const x = this.#x(time_s);
    this.#head.setAttribute('visibility', x < 0 || x > WIDTH ? 'hidden' : 'visible');
    this.#head.setAttribute('x1', String(x));
    this.#head.setAttribute('x2', String(x));
  }

  draw() {
    this.#wave.setAttribute('d', this.#wavePath());
    const end_s = this.start_s + this.span_s;
    const shown = this.marks.filter(({ time_s }) => time_s >= this.start_s && time_s <= end_s);
    this.#marks.replaceChildren(...shown.flatMap((mark) => {
      const x = this.#x(mark.time_s);
      const top = mark.kind.includes('bar') ? 0 : 22;
      return [makeSvg('line', { class: `mark ${mark.kind}`, x1: x, x2: x, y1: top, y2: HEIGHT })];
    }));
  }

  /** @param {number} time_s */
  #x(time_s) {
    return (WIDTH * (time_s - this.start_s)) / this.span_s;
  }

  #wavePath() {
    const steps = Math.min(WIDTH, Math.round(this.span_s * PEAKS_PER_S));
    const points = [];
    for (let step = 0; step < steps; step += 1) {
      const from = Math.floor((this.start_s + (this.span_s * step) / steps) * PEAKS_PER_S);
      const to = Math.max(from + 1, Math.floor((this.start_s + (this.span_s * (step + 1)) / steps) * PEAKS_PER_S));
      let loudest = 0;
      for (let peak = from; peak < to; peak += 1) loudest = Math.max(loudest, this.peaks[peak] ?? 0);
      const half = 1 + (loudest / 255) * (HEIGHT / 2 - 4);
      const x = ((WIDTH * step) / steps).toFixed(1);
      points.push(`M${x} ${(HEIGHT / 2 - half).toFixed(1)}V${(HEIGHT / 2 + half).toFixed(1)}`);
    }
    return points.join('');
  }

  /** @param {PointerEvent} event */
  #time(event) {
    const box = this.svg.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.max(0, Math.min(this.start_s + share * this.span_s, this.duration_s));
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const time_s = this.#time(event);
    const reach_s = (GRIP_PX / this.svg.getBoundingClientRect().width) * this.span_s;
    const near = this.marks
      .filter((mark) => Math.abs(mark.time_s - time_s) <= reach_s)
      .sort((one, other) => Math.abs(one.time_s - time_s) - Math.abs(other.time_s - time_s))[0];
    if (near === undefined || this.deeds.onDrag === undefined) {
      this.deeds.onSeek?.(time_s);
      return;
    }
    this.svg.setPointerCapture(event.pointerId);
    this.#dragged = { mark: near, moved: false };
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (this.#dragged === null) return;
    this.#dragged.moved = true;
    this.deeds.onDrag?.(this.#dragged.mark, this.#time(event), false);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (this.#dragged === null) return;
    const { mark, moved } = this.#dragged;
    this.#dragged = null;
    if (moved) this.deeds.onDrag?.(mark, this.#time(event), true);
    else this.deeds.onSeek?.(mark.time_s);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    if (event.ctrlKey) this.zoom(event.deltaY > 0 ? 1.25 : 0.8);
    else this.show(this.start_s + ((event.deltaY + event.deltaX) / 600) * this.span_s);
  }
}

/**
 * A recording's waveform, empty where there is none.
 * @param {string} address
 */
export async function fetchPeaks(address) {
  const response = await fetch(address);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : new Uint8Array();
}
