/**
 * What one sees of a recording that has no picture: the whole song as a ring, once round. The
 * line swells where this cover takes its time and narrows where it hurries, so every cover has a
 * shape of its own; where it lacks the song the ring is open.
 */

import { accent, hueOf } from './accents.js';
import { knotBefore } from './time-map.js';

/**
 * @typedef {import('./timeline-model.js').Timeline} Timeline
 * @typedef {{angle: number, swell: number, hue: number, downbeat: boolean, there: boolean}} Mark
 */

const SWELL = 0.9;
const MOST_SWELL = 0.16;

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
      angle: (beat_s / timeline.duration_s) * 2 * Math.PI - Math.PI / 2,
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

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Mark[]} marks
 * @param {Timeline} timeline
 * @param {{reference_s: number | null, pulse: number}} moment
 */
export function drawRing(canvas, marks, timeline, { reference_s, pulse }) {
  const pen = canvas.getContext('2d');
  if (pen === null) return;
  const radius = Math.min(canvas.width, canvas.height) * 0.34;
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.translate(canvas.width / 2, canvas.height / 2);
  pen.lineCap = 'round';
  const played = reference_s === null ? -1 : knotBefore(timeline.beats_s, reference_s);
  drawHeart(pen, radius, marks[Math.max(0, played)]?.hue ?? 60, pulse);
  marks.forEach((mark, index) => drawMark(pen, radius, marks[index - 1], mark, index <= played));
  if (reference_s !== null) drawHand(pen, radius, timeline, reference_s, marks[Math.max(0, played)]);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} radius
 * @param {number} hue
 * @param {number} pulse
 */
function drawHeart(pen, radius, hue, pulse) {
  const reach = radius * (0.62 + 0.1 * pulse);
  const glow = pen.createRadialGradient(0, 0, 0, 0, 0, reach);
  glow.addColorStop(0, accent(hue, 0.3 + 0.35 * pulse));
  glow.addColorStop(0.6, accent(hue, 0.08 + 0.1 * pulse));
  glow.addColorStop(1, accent(hue, 0));
  pen.fillStyle = glow;
  pen.beginPath();
  pen.arc(0, 0, reach, 0, 2 * Math.PI);
  pen.fill();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} radius
 * @param {Mark | undefined} before
 * @param {Mark} mark
 * @param {boolean} played
 */
function drawMark(pen, radius, before, mark, played) {
  const at = radius * (1 + mark.swell);
  const [x, y] = [Math.cos(mark.angle), Math.sin(mark.angle)];
  pen.strokeStyle = accent(mark.hue, played ? 1 : 0.38);
  if (mark.downbeat && mark.there) {
    pen.lineWidth = radius * 0.012;
    pen.beginPath();
    pen.moveTo(x * (at + radius * 0.06), y * (at + radius * 0.06));
    pen.lineTo(x * (at + radius * 0.12), y * (at + radius * 0.12));
    pen.stroke();
  }
  if (!mark.there || !before?.there) return;
  const from = radius * (1 + before.swell);
  pen.lineWidth = radius * (played ? 0.045 : 0.028);
  pen.beginPath();
  pen.moveTo(Math.cos(before.angle) * from, Math.sin(before.angle) * from);
  pen.lineTo(x * at, y * at);
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} radius
 * @param {Timeline} timeline
 * @param {number} reference_s
 * @param {Mark | undefined} mark
 */
function drawHand(pen, radius, timeline, reference_s, mark) {
  const angle = (reference_s / timeline.duration_s) * 2 * Math.PI - Math.PI / 2;
  const at = radius * (1 + (mark?.swell ?? 0));
  pen.fillStyle = '#fff8ea';
  pen.shadowColor = accent(mark?.hue ?? 60);
  pen.shadowBlur = radius * 0.12;
  pen.beginPath();
  pen.arc(Math.cos(angle) * at, Math.sin(angle) * at, radius * 0.05, 0, 2 * Math.PI);
  pen.fill();
  pen.shadowBlur = 0;
}
