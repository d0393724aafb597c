/**
 * What one sees of a recording that has no picture: the whole song as a ring, once round. The
 * line swells where this cover takes its time and narrows where it hurries, so every cover has a
 * shape of its own; where it lacks the song the ring is open.
 *
 * The ring is drawn twice beforehand, thin and thick; a frame shows the thin one faintly, and the
 * thick one as far as the song has come.
 */

import { accent, hueOf } from './accents.js';

/**
 * @typedef {import('./timeline-model.js').Timeline} Timeline
 * @typedef {{angle: number, swell: number, hue: number, downbeat: boolean, there: boolean}} Mark
 */

export const RING_WIDTH = 960;
export const RING_HEIGHT = 540;

const RADIUS = RING_HEIGHT * 0.36;
const DIM = 0.34;
const SWELL = 0.9;
const MOST_SWELL = 0.16;
const NOON = -Math.PI / 2;

export class Ring {
  /**
   * @param {Timeline} timeline
   * @param {import('./time-map.js').TimeMap} map
   */
  constructor(timeline, map) {
    this.timeline = timeline;
    this.marks = shapeOf(timeline, map);
    this.thin = layer((pen) => drawMarks(pen, this.marks, RADIUS * 0.032));
    this.thick = layer((pen) => drawMarks(pen, this.marks, RADIUS * 0.052));
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number | null} reference_s
   * @param {number} pulse
   */
  draw(canvas, reference_s, pulse) {
    const pen = canvas.getContext('2d');
    if (pen === null) return;
    const angle = angleOf(this.timeline, reference_s ?? 0);
    const beat = this.timeline.beatAt(reference_s ?? 0);
    const mark = this.marks[beat?.index ?? 0];
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, RING_WIDTH, RING_HEIGHT);
    pen.globalAlpha = DIM;
    pen.drawImage(this.thin, 0, 0);
    pen.globalAlpha = 1;
    pen.translate(RING_WIDTH / 2, RING_HEIGHT / 2);
    drawHeart(pen, mark?.hue ?? 60, pulse);
    if (reference_s === null) return;
    showUpTo(pen, this.thick, angle);
    drawHand(pen, angle, mark);
  }
}

/**
 * @param {Timeline} timeline
 * @param {number} reference_s
 */
function angleOf(timeline, reference_s) {
  return (reference_s / timeline.duration_s) * 2 * Math.PI + NOON;
}

/**
 * @param {Timeline} timeline
 * @param {import('./time-map.js').TimeMap} map
 * @returns {Mark[]} one per beat
 */
export function shapeOf(timeline, map) {
  const mean = meanRate(map);
  return timeline.beats_s.map((beat_s) => {
    const cover_s = map.firstCoverAt(beat_s);
    const rate = cover_s === null ? null : map.rateAt(cover_s);
    const haste = rate === null ? 0 : 1 - rate / mean;
    return {
      angle: angleOf(timeline, beat_s),
      swell: Math.max(-MOST_SWELL, Math.min(MOST_SWELL, SWELL * haste)),
      hue: hueOf(timeline.sectionAt(beat_s)?.label ?? ''),
      downbeat: timeline.isDownbeat(beat_s),
      there: cover_s !== null,
    };
  });
}

/** @param {import('./time-map.js').TimeMap} map */
function meanRate(map) {
  let reference_s = 0;
  let cover_s = 0;
  for (const each of map.segments) {
    reference_s += (each.reference_s.at(-1) ?? 0) - each.reference_s[0];
    cover_s += (each.cover_s.at(-1) ?? 0) - each.cover_s[0];
  }
  return cover_s ? reference_s / cover_s : 1;
}

/** @param {(pen: CanvasRenderingContext2D) => void} paint */
function layer(paint) {
  const canvas = document.createElement('canvas');
  canvas.width = RING_WIDTH;
  canvas.height = RING_HEIGHT;
  const pen = canvas.getContext('2d');
  if (pen !== null) {
    pen.translate(RING_WIDTH / 2, RING_HEIGHT / 2);
    pen.lineCap = 'round';
    paint(pen);
  }
  return canvas;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Mark[]} marks
 * @param {number} width
 */
function drawMarks(pen, marks, width) {
  marks.forEach((mark, index) => {
    pen.strokeStyle = accent(mark.hue);
    if (mark.downbeat && mark.there) stroke(pen, RADIUS * 0.014, at(mark, 0.07), at(mark, 0.13));
    const before = marks[index - 1];
    if (mark.there && before?.there) stroke(pen, width, at(before, 0), at(mark, 0));
  });
}

/**
 * @param {Mark} mark
 * @param {number} beyond the line, as a share of the radius
 */
function at(mark, beyond) {
  const reach = RADIUS * (1 + mark.swell + beyond);
  return { x: Math.cos(mark.angle) * reach, y: Math.sin(mark.angle) * reach };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} width
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 */
function stroke(pen, width, from, to) {
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(from.x, from.y);
  pen.lineTo(to.x, to.y);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} hue
 * @param {number} pulse
 */
function drawHeart(pen, hue, pulse) {
  const reach = RADIUS * (0.62 + 0.1 * pulse);
  const glow = pen.createRadialGradient(0, 0, 0, 0, 0, reach);
  glow.addColorStop(0, accent(hue, 0.28 + 0.4 * pulse));
  glow.addColorStop(0.55, accent(hue, 0.08 + 0.12 * pulse));
  glow.addColorStop(1, accent(hue, 0));
  pen.fillStyle = glow;
  pen.beginPath();
  pen.arc(0, 0, reach, 0, 2 * Math.PI);
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLCanvasElement} ring
 * @param {number} angle
 */
function showUpTo(pen, ring, angle) {
  pen.save();
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.arc(0, 0, RADIUS * 1.5, NOON - 0.05, angle);
  pen.clip();
  pen.drawImage(ring, -RING_WIDTH / 2, -RING_HEIGHT / 2);
  pen.restore();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} angle
 * @param {Mark | undefined} mark
 */
function drawHand(pen, angle, mark) {
  const reach = RADIUS * (1 + (mark?.swell ?? 0));
  const [x, y] = [Math.cos(angle) * reach, Math.sin(angle) * reach];
  pen.fillStyle = accent(mark?.hue ?? 60, 0.35);
  dot(pen, x, y, RADIUS * 0.1);
  pen.fillStyle = '#fff8ea';
  dot(pen, x, y, RADIUS * 0.052);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function dot(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}
