/**
 * The map between a Cover's time and its Reference's time, as `catalog/time_map.py` defines it.
 *
 * Segments are ordered by cover time; inside one both times rise strictly; what lies outside every
 * segment is unmapped and answers `null`. Where two segments touch in cover time, the shared
 * instant belongs to the later one. Times are seconds.
 * `tests/data/timemap_cases.json` holds both implementations to the same answers.
 */

/**
 * @typedef {{reference_s: number[], cover_s: number[], confidence: number[]}} Segment
 * @typedef {{reference_ms: number[], cover_ms: number[], confidence: number[]}} CompactSegment
 */

/** Segments that break the contract. */
export class TimeMapError extends Error {}

export class TimeMap {
  /** @param {Segment[]} segments */
  constructor(segments) {
    segments.forEach(validate);
    segments.slice(1).forEach((later, index) => {
      if (later.cover_s[0] < last(segments[index].cover_s)) {
        throw new TimeMapError(`segments overlap in cover time at ${later.cover_s[0]} s`);
      }
    });
    /** @readonly */
    this.segments = segments;
  }

  /**
   * The map of the reference onto itself.
   * @param {number} duration_s
   */
  static identity(duration_s) {
    const both = [0, duration_s];
    return new TimeMap([{ reference_s: both, cover_s: both, confidence: [1, 1] }]);
  }

  /**
   * Read the compact form of the API: delta coded milliseconds, confidence in percent.
   * @param {CompactSegment[]} segments
   */
  static fromCompact(segments) {
    return new TimeMap(
      segments.map((each) => ({
        reference_s: expandDeltas(each.reference_ms),
        cover_s: expandDeltas(each.cover_ms),
        confidence: each.confidence.map((percent) => percent / 100),
      })),
    );
  }

  /**
   * Index of the segment that owns a cover time; of two that touch, the later.
   * @param {number} cover_s
   * @returns {number | null}
   */
  segmentAt(cover_s) {
    for (let index = this.segments.length - 1; index >= 0; index -= 1) {
      const times = this.segments[index].cover_s;
      if (times[0] <= cover_s && cover_s <= last(times)) return index;
    }
    return null;
  }

  /**
   * Reference time heard at a cover time.
   * @param {number} cover_s
   * @returns {number | null}
   */
  referenceAt(cover_s) {
    const index = this.segmentAt(cover_s);
    if (index === null) return null;
    const segment = this.segments[index];
    return interpolate(cover_s, segment.cover_s, segment.reference_s);
  }

  /**
   * Confidence 0..1 at a cover time, interpolated between knots.
   * @param {number} cover_s
   * @returns {number | null}
   */
  confidenceAt(cover_s) {
    const index = this.segmentAt(cover_s);
    if (index === null) return null;
    const segment = this.segments[index];
    return interpolate(cover_s, segment.cover_s, segment.confidence);
  }

  /**
   * Seconds of reference per second of cover; at a knot, the slope that follows it.
   * @param {number} cover_s
   * @returns {number | null}
   */
  rateAt(cover_s) {
    const index = this.segmentAt(cover_s);
    if (index === null) return null;
    const { reference_s, cover_s: times } = this.segments[index];
    const knot = Math.min(knotBefore(times, cover_s), times.length - 2);
    return (reference_s[knot + 1] - reference_s[knot]) / (times[knot + 1] - times[knot]);
  }

  /**
   * Policy `all`: every cover time that plays a reference time, in cover order.
   * @param {number} reference_s
   * @returns {number[]}
   */
  coversAt(reference_s) {
    return this.segments
      .filter((each) => each.reference_s[0] <= reference_s && reference_s <= last(each.reference_s))
      .map((each) => interpolate(reference_s, each.reference_s, each.cover_s));
  }

  /**
   * Policy `first`: the earliest such cover time.
   * @param {number} reference_s
   * @returns {number | null}
   */
  firstCoverAt(reference_s) {
    const found = this.coversAt(reference_s);
    return found.length ? Math.min(...found) : null;
  }

  /**
   * Policy `nearest`: the one closest to `near_cover_s`, the earlier of two equals.
   * @param {number} reference_s
   * @param {number} near_cover_s
   * @returns {number | null}
   */
  nearestCoverAt(reference_s, near_cover_s) {
    /** @type {number | null} */
    let nearest = null;
    for (const cover_s of this.coversAt(reference_s)) {
      const closer = nearest === null
        || Math.abs(cover_s - near_cover_s) < Math.abs(nearest - near_cover_s);
      if (closer) nearest = cover_s;
    }
    return nearest;
  }
}

/**
 * The first number is a value, each further one the distance to its predecessor.
 * @param {number[]} deltas_ms
 * @returns {number[]} seconds
 */
export function expandDeltas(deltas_ms) {
  let time_ms = 0;
  return deltas_ms.map((delta_ms) => {
    time_ms += delta_ms;
    return time_ms / 1000;
  });
}

/**
 * Index of the last time that is not after `time_s`; -1 before all of them.
 * @param {number[]} times_s ascending
 * @param {number} time_s
 */
export function knotBefore(times_s, time_s) {
  let low = 0;
  let high = times_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times_s[middle] <= time_s) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * @param {number} at
 * @param {number[]} from ascending
 * @param {number[]} to
 */
function interpolate(at, from, to) {
  const knot = Math.max(0, Math.min(knotBefore(from, at), from.length - 2));
  const share = (at - from[knot]) / (from[knot + 1] - from[knot]);
  return to[knot] + share * (to[knot + 1] - to[knot]);
}

/** @param {number[]} numbers */
function last(numbers) {
  return numbers[numbers.length - 1];
}

/** @param {Segment} segment */
function validate(segment) {
  for (const key of /** @type {const} */ (['reference_s', 'cover_s', 'confidence'])) {
    if (!(key in segment)) throw new TimeMapError(`segment without '${key}'`);
  }
  const { reference_s, cover_s, confidence } = segment;
  if (reference_s.length !== cover_s.length || cover_s.length !== confidence.length) {
    throw new TimeMapError('segment with unequal lists: all three must have one value per knot');
  }
  if (cover_s.length < 2) {
    throw new TimeMapError(`segment with ${cover_s.length} knots: at least 2 are needed`);
  }
  checkRising('reference_s', reference_s);
  checkRising('cover_s', cover_s);
  if (!confidence.every((each) => each >= 0 && each <= 1)) {
    throw new TimeMapError(`confidence must lie in 0..1, got ${confidence}`);
  }
}

/**
 * @param {string} name
 * @param {number[]} times_s
 */
function checkRising(name, times_s) {
  if (!times_s.every(Number.isFinite)) {
    throw new TimeMapError(`${name} holds a value that is not finite`);
  }
  const knot = times_s.findIndex((time_s, index) => index > 0 && time_s <= times_s[index - 1]);
  if (knot !== -1) {
    throw new TimeMapError(
      `${name} must be strictly increasing, but ${times_s[knot - 1]} is followed by ${times_s[knot]}`,
    );
  }
}
