/** A stage without a browser: players, timers and a mixer on a clock that the test winds. */

import { Deck } from '../../static/deck.js';
import { Ensemble } from '../../static/ensemble.js';
import { Piece, SteadyPiece } from '../../static/repertoire.js';
import { TimeMap } from '../../static/time-map.js';
import { Timeline } from '../../static/timeline-model.js';

const STEP_S = 0.005;
const LOADING_S = 0.2;
const SEEKING_S = 0.06;

export class FakeClock {
  now_s = 0;

  /** @type {{due_s: number, period_s: number | null, act: () => void}[]} */
  timers = [];

  /** @type {FakePlayer[]} */
  players = [];

  /** Stands in for a `Scope`. */
  scope = /** @type {any} */ ({
    every: (/** @type {number} */ ms, /** @type {() => void} */ act) => this.#add(ms, act, true),
    after: (/** @type {number} */ ms, /** @type {() => void} */ act) => this.#add(ms, act, false),
  });

  /**
   * @param {number} ms
   * @param {() => void} act
   * @param {boolean} again
   */
  #add(ms, act, again) {
    const timer = {
      due_s: this.now_s + Math.max(0, ms) / 1000, period_s: again ? ms / 1000 : null, act,
    };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Let time pass, with room for promises after every step. @param {number} duration_s */
  async pass(duration_s) {
    const end_s = this.now_s + duration_s;
    while (this.now_s < end_s) {
      this.now_s += STEP_S;
      for (const player of this.players) player.advance(STEP_S);
      for (const timer of this.timers.filter((each) => each.due_s <= this.now_s)) {
        if (timer.period_s === null) this.timers = this.timers.filter((each) => each !== timer);
        else timer.due_s += timer.period_s;
        timer.act();
      }
      await Promise.resolve();
    }
  }
}

export class FakePlayer {
  position_s = 0;
  rate = 1;
  paused = true;
  ended = false;
  duration_s = 0;
  loading_s = LOADING_S;
  seeks = 0;
  address = '';
  #busy_s = 0;

  /** @type {(plays: boolean) => void} */
  #self = () => {};

  /** @type {(reason?: string) => void} */
  trouble = () => {};

  /** @type {() => void} */
  #sought = () => {};

  view = /** @type {any} */ (null);
  waits = false;
  start_s = 0;
  notice_s = 0;
  pace = null;
  condition = /** @type {string | null} */ (null);
  allowed = true;

  isPrepared = false;

  /** Nothing is fetched before it is wanted. */
  saves = false;

  prepare() {
    this.isPrepared = true;
  }

  /** @param {(plays: boolean) => void} report */
  onSelf(report) {
    this.#self = report;
  }

  /** Somebody presses pause or play in the player itself. @param {boolean} plays */
  press(plays) {
    this.paused = !plays;
    this.#self(plays);
  }

  /** @param {Record<string, number>} durations_s by address */
  constructor(durations_s) {
    this.durations_s = durations_s;
  }

  get ready() {
    return this.#busy_s <= 0 && this.duration_s > 0;
  }

  /** @param {string} address */
  load(address) {
    this.address = address;
    this.duration_s = this.durations_s[address];
    this.position_s = 0;
    this.ended = false;
    this.paused = true;
    if (this.saves) this.waits = true;
    this.#busy_s = this.saves ? Infinity : this.loading_s;
  }

  /** What `SavingPlayer` does: it is fetched now, and goes on from where it was to begin. */
  want() {
    if (this.#busy_s !== Infinity) return false;
    this.waits = false;
    this.#busy_s = this.loading_s;
    return true;
  }

  unload() {
    this.duration_s = 0;
    this.paused = true;
  }

  async play() {
    this.want();
    this.paused = !this.allowed;
    return this.allowed;
  }

  pause() {
    this.paused = true;
  }

  /** @param {number} to_s */
  seek(to_s) {
    this.seeks += 1;
    this.position_s = Math.min(to_s, this.duration_s);
    this.ended = false;
    if (this.#busy_s !== Infinity) this.#busy_s = SEEKING_S;
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rate = rate;
  }

  /** @param {(reason?: string) => void} report */
  onTrouble(report) {
    this.trouble = report;
  }

  /** @param {() => void} report */
  onSought(report) {
    this.#sought = report;
  }

  /** @param {number} step_s */
  advance(step_s) {
    if (this.#busy_s > 0) {
      this.#busy_s -= step_s;
      if (this.#busy_s <= 0) this.#sought();
    } else if (!this.paused && !this.ended) {
      this.position_s = Math.min(this.position_s + step_s * this.rate, this.duration_s);
      this.ended = this.position_s >= this.duration_s;
      this.paused = this.ended;
    }
  }
}

/** A mixer whose channels are numbers: 1 for the open one. @param {FakeClock} clock */
function fakeMixer(clock) {
  /** @type {{open: number, gain: number, power: number, rate: number, measure: (rate: number) => number, setLevel: (gain: number) => void}[]} */
  const channels = [];
  return {
    get now_s() {
      return clock.now_s;
    },
    channels,
    ducked: false,
    addChannel() {
      const channel = {
        open: 0,
        gain: 1,
        power: 0.01,
        rate: 1,
        measure: (/** @type {number} */ rate) => {
          channel.rate = rate;
          return channel.power;
        },
        setLevel: (/** @type {number} */ gain) => {
          channel.gain = gain;
        },
      };
      channels.push(channel);
      return channel;
    },
    crossfade(/** @type {any} */ from, /** @type {any} */ to) {
      from.open = 0;
      to.open = 1;
    },
    openOnly(/** @type {any} */ open) {
      for (const channel of channels) channel.open = channel === open ? 1 : 0;
    },
    wake() {},
    duck() {
      this.ducked = true;
    },
    unduck() {
      this.ducked = false;
    },
  };
}

const DURATION_S = 62;

/**
 * A song of 60 seconds with a beat every half second, and covers with given segments
 * `[reference start, reference end, cover start, cover end]`, and spans of a rendition.
 * @param {{segments: number[][], tags?: string[], rendition?: number[][]}[]} covers
 * @param {{steady?: boolean, saves?: boolean}} [wish]
 */
export async function setUp(covers, { steady = false, saves = false } = {}) {
  const timeline = new Timeline(/** @type {any} */ ({
    beats_ms: [1000, ...Array(118).fill(500)],
    downbeats_ms: [1000, ...Array(29).fill(2000)],
    duration_ms: DURATION_S * 1000,
    tempo_bpm: 120,
    sections: [
      { start_ms: 1000, end_ms: 21000, label: 'verse' },
      { start_ms: 21000, end_ms: 60000, label: 'chorus' },
    ],
  }));
  /** @type {Record<string, number>} */
  const durations_s = { '/media/0': DURATION_S };
  const reference = Piece.ofReference(
    /** @type {any} */ ({ id: 0, title: 'reference', performer: 'reference', media_url: '/media/0' }),
    DURATION_S,
  );
  const pieces = [reference, ...covers.map(({ segments, tags = [], rendition }, index) => {
    durations_s[`/media/${index + 1}`] = segments[segments.length - 1][3] + 2;
    const piece = coverOf(index + 1, segments, tags);
    if (rendition) {
      durations_s[`/renditions/${index + 1}`] = rendition[rendition.length - 1][1] + 1;
      piece.steady = renditionOf(piece, rendition);
    }
    return piece;
  })];
  const clock = new FakeClock();
  clock.players = Array.from({ length: 4 }, () => new FakePlayer(durations_s));
  for (const player of clock.players) player.saves = saves;
  const decks = clock.players.map((player) => new Deck(/** @type {any} */ (player)));
  const ensemble = new Ensemble({
    timeline, pieces, decks, scope: clock.scope, random: () => 0, now_s: () => clock.now_s,
  });
  /** @type {string[]} */
  const log = [];
  for (const name of ['switched', 'loop', 'message']) {
    ensemble.addEventListener(name, (event) => {
      log.push(name === 'message' ? /** @type {CustomEvent} */ (event).detail : name);
    });
  }
  ensemble.setSteady(steady);
  await ensemble.prepare(reference, 0);
  const mixer = fakeMixer(clock);
  return { ensemble, clock, mixer, log, start: () => ensemble.start(/** @type {any} */ (mixer)) };
}

/**
 * @param {number} id
 * @param {number[][]} segments
 * @param {string[]} tags
 */
function coverOf(id, segments, tags) {
  const piece = new Piece(
    /** @type {any} */ ({ id, title: `cover ${id}`, performer: `cover ${id}`, media_url: `/media/${id}` }),
    {
      isReference: false,
      tempo_ratio: (segments[0][1] - segments[0][0]) / (segments[0][3] - segments[0][2]),
      transposition_semitones: 0,
      spans_s: segments.map(([start_s, end_s]) => [start_s, end_s]),
      tags,
      map_url: null,
      isSameRecording: false,
    },
  );
  piece.map = new TimeMap(segments.map(([r0, r1, c0, c1]) => ({
    reference_s: [r0, r1], cover_s: [c0, c1], confidence: [1, 1],
  })));
  return piece;
}

/**
 * @param {Piece} piece
 * @param {number[][]} spans
 */
function renditionOf(piece, spans) {
  return new SteadyPiece(piece, {
    media_url: `/renditions/${piece.id}`,
    media_type: 'audio/mp4',
    transposition_semitones: 0,
    segments: spans.map(([start_s, end_s]) => {
      const both = [1000 * start_s, 1000 * (end_s - start_s)];
      return { reference_ms: both, cover_ms: both, confidence: [90, 90] };
    }),
  });
}
