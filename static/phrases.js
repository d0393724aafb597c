/**
 * Where a song breathes: its sections and, inside long ones, every eighth bar. Pure.
 */

import { knotBefore } from './time-map.js';

/**
 * @typedef {{time_s: number, isSection: boolean}} Boundary
 */

const PHRASE_BARS = 8;
/** A phrase that ends so shortly before the next section is a part of it. */
const SHORTEST_BARS = 4;
const SAME_INSTANT_S = 0.03;

/**
 * @param {import('./timeline-model.js').Timeline} timeline
 * @returns {Boundary[]} by time
 */
export function boundariesOf({ sections, downbeats_s }) {
  return sections.flatMap(({ start_s, end_s }) => {
    const first = knotBefore(downbeats_s, start_s + SAME_INSTANT_S);
    const last = knotBefore(downbeats_s, end_s + SAME_INSTANT_S);
    /** @type {Boundary[]} */
    const found = [{ time_s: start_s, isSection: true }];
    for (let bar = first + PHRASE_BARS; bar <= last - SHORTEST_BARS; bar += PHRASE_BARS) {
      if (first >= 0) found.push({ time_s: downbeats_s[bar], isSection: false });
    }
    return found;
  });
}
