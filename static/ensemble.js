/**
 * Three recordings on stage and one in the wings: who is where, who sounds, who comes next.
 *
 * Everything here happens on the song's own time. What a page needs to know is dispatched as
 * events: `slots`, `switched`, `loop`, `heard`, `message`, `playing`, `section`.
 */

import { rankCompanions } from './companions.js';
import { Conductor, TICK_MS } from './conductor.js';
import { LEAD_S, lastMoment, nextMoment } from './switching.js';
import { songLeft } from './transport.js';
import { words } from './words.en.js';

/**
 * @typedef {import('./deck.js').Deck} Deck
 * @typedef {import('./repertoire.js').Piece} Piece
 * @typedef {import('./switching.js').Moment} Moment
 * @typedef {'left' | 'right'} Side
 * @typedef {{left: Deck | null, centre: Deck, right: Deck | null}} Slots
 * @typedef {{deck: Deck, side: Side | null, reference_s: number}} Loop who begins the next pass,
 *   and where in the song
 */

/** @type {Side[]} */
export const SIDES = ['left', 'right'];

const PICTURE_FIRST_S = 0.7;
const HAND_OVER_S = 0.006;
/** A player that stood still needs a moment until it sounds; it gets it before its first beat. */
const RUN_UP_S = 0.12;
const LOOP_AHEAD_S = 3;
const WISH_S = 3;
/** With so much of that left, nearly in step is good enough. */
const PATIENT_S = 2;
const CLEAR_AFTER_MS = 600;
const SEEK_PATIENCE_MS = 800;
const MOST_PASSED_OVER = 3;
const LONG_ABSENCE_S = 12;

export class Ensemble extends EventTarget {
  /** @type {{deck: Deck, off: () => void} | null} */
  #pending = null;

  /** @type {{side: Side, until_s: number} | null} */
  #wish = null;

  /** Sides whose player has to make room, and the bar lines each has seen since. */
  #departing = /** @type {Map<Side, number>} */ (new Map());

  /** Somebody asked for other companions and has had no answer yet. */
  #wished = false;

  /** How many jumps a side has seen without taking part. */
  #passedOver = { left: 0, right: 0 };

  /** @type {Loop | null} */
  #loop = null;

  #beat = -1;

  /** @type {import('./timeline-model.js').Section | null} */
  #section = null;

  /** @type {number[]} */
  heard = [];

  /** @type {string | null} */
  tag = null;

  surprise = false;
  autoplay = false;
  playing = false;

  /**
   * @param {{
   *   timeline: import('./timeline-model.js').Timeline, pieces: Piece[], decks: Deck[],
   *   scope: import('./scope.js').Scope, random?: () => number, now_s?: () => number,
   * }} parts
   */
  constructor({ timeline, pieces, decks, scope, random = Math.random, now_s = clock_s }) {
    super();
    this.timeline = timeline;
    this.pieces = pieces;
    this.decks = decks;
    this.scope = scope;
    this.random = random;
    this.now_s = now_s;
    this.conductor = new Conductor();
    /** @type {import('./mixer.js').Mixer | null} */
    this.mixer = null;
    const [centre, left, right, spare] = decks;
    /** @type {Slots} */
    this.slots = { centre, left, right };
    this.spare = spare;
    for (const deck of decks) deck.player.onTrouble(() => this.#onTrouble(deck));
  }

  /** @returns {Deck} the player that sounds */
  get master() {
    return this.conductor.master ?? this.slots.centre;
  }

  /** Where in the song we are. */
  get reference_s() {
    return this.master.reference_s;
  }

  /**
   * Put the first recording in the centre and companions beside it, all still silent.
   * @param {Piece} first
   * @param {number} reference_s
   */
  async prepare(first, reference_s) {
    const map = await first.loadMap();
    this.slots.centre.load(first);
    this.conductor.take(this.slots.centre);
    const start_s = map.firstCoverAt(reference_s) ?? map.segments[0]?.cover_s[0] ?? 0;
    this.slots.centre.player.seek(start_s);
    await Promise.all(SIDES.map((side) => this.#cast(/** @type {Deck} */ (this.slots[side]))));
    this.#tell('slots');
  }

  /**
   * Begin, inside a visitor's gesture.
   * @param {import('./mixer.js').Mixer} mixer
   */
  async start(mixer) {
    this.mixer = mixer;
    for (const deck of this.decks) {
      deck.channel = mixer.addChannel(/** @type {HTMLMediaElement} */ (deck.player.view));
    }
    mixer.openOnly(/** @type {GainNode} */ (this.master.channel));
    this.scope.every(TICK_MS, () => this.#tick());
    this.#note(this.master);
    return this.play();
  }

  async play() {
    const allowed = await this.master.player.play();
    this.playing = allowed;
    this.mixer?.unduck();
    this.#tell('playing');
    return allowed;
  }

  pause() {
    this.#finishPending();
    this.playing = false;
    this.mixer?.duck();
    this.scope.after(30, () => {
      if (!this.playing) this.master.player.pause();
    });
    this.#tell('playing');
  }

  /**
   * A fan's wish: what is on this side becomes the centre.
   * @param {Side} side
   */
  request(side) {
    const deck = this.slots[side];
    if (deck?.piece == null) return this.#say(words.nobody);
    if (deck.isMissing) return this.#say(`${deck.piece.name}: ${words.missingHere}`);
    this.#wish = { side, until_s: this.now_s() + WISH_S };
    this.#grant();
    return undefined;
  }

  /** Fulfil the wish as soon as the wanted player is in step and no switch is under way. */
  #grant() {
    if (this.#wish === null || this.#pending !== null) return;
    const { side, until_s } = this.#wish;
    const deck = this.slots[side];
    if (deck === null || this.now_s() > until_s) {
      this.#wish = null;
      if (deck !== null) this.#say(words.loading);
    } else if (!this.playing || deck.isInStep || (deck.isNear && until_s - this.now_s() < PATIENT_S)) {
      this.#wish = null;
      this.#switch(side, deck);
    }
  }

  /**
   * The picture moves at once, the sound at the moment.
   * @param {Side} side
   * @param {Deck} deck
   * @param {Moment} [moment]
   */
  #switch(side, deck, moment) {
    const old = this.master;
    this.#trade(side, deck);
    if (!this.playing || this.mixer === null) {
      this.#handOver(deck, side);
      this.mixer?.openOnly(/** @type {GainNode} */ (deck.channel));
      return;
    }
    const { wait_s } = moment ?? nextMoment(
      /** @type {import('./time-map.js').TimeMap} */ (old.map),
      old.player.position_s,
      this.timeline.beats_s,
    );
    this.#crossfade(old, deck, wait_s);
    this.#handOverAfter(wait_s, deck, side);
  }

  /**
   * @param {Side} side
   * @param {Deck} deck
   */
  #trade(side, deck) {
    this.slots[side] = this.slots.centre;
    this.slots.centre = deck;
    this.#tell('slots');
  }

  /**
   * @param {Deck} from
   * @param {Deck} to
   * @param {number} wait_s
   */
  #crossfade(from, to, wait_s) {
    const mixer = /** @type {import('./mixer.js').Mixer} */ (this.mixer);
    mixer.crossfade(
      /** @type {GainNode} */ (from.channel),
      /** @type {GainNode} */ (to.channel),
      mixer.now_s + wait_s,
    );
  }

  /**
   * The new one takes its own tempo as its sound arrives: earlier, and its first beat would come
   * at the old one's pace; later, and it would begin out of tune.
   * @param {number} wait_s
   * @param {Deck} deck
   * @param {Side} side
   */
  #handOverAfter(wait_s, deck, side) {
    const off = this.scope.after((wait_s - HAND_OVER_S) * 1000, () => this.#handOver(deck, side));
    this.#pending = { deck, off };
  }

  /**
   * The new one leads from here on.
   * @param {Deck} deck
   * @param {Side | null} side where the old one went, to make room a bar later
   */
  #handOver(deck, side) {
    this.#pending = null;
    this.conductor.take(deck);
    if (this.playing && deck.player.paused) void deck.player.play();
    if (!this.playing) deck.player.pause();
    this.#note(deck);
    this.#tell('switched');
    if (side !== null) this.#makeRoom(side);
    void this.#castSpare();
  }

  /**
   * Who was just heard leaves after a bar; so does, after a while, who nobody wants to hear.
   * @param {Side} side
   */
  #makeRoom(side) {
    const other = side === 'left' ? 'right' : 'left';
    this.#departing.set(side, 0);
    this.#passedOver[side] = 0;
    this.#passedOver[other] += 1;
    if (this.#passedOver[other] >= MOST_PASSED_OVER) this.#departing.set(other, 0);
  }

  /** A switch that has been promised but does not sound yet happens now. */
  #finishPending() {
    if (this.#pending === null) return;
    const { deck, off } = this.#pending;
    off();
    this.#handOver(deck, null);
    this.mixer?.openOnly(/** @type {GainNode} */ (deck.channel));
  }

  /** @param {Deck} deck */
  #note(deck) {
    if (deck.piece === null) return;
    this.heard.push(deck.piece.id);
    this.#tell('heard');
  }

  /**
   * Jump within the song. Followers find their own places.
   * @param {number} reference_s
   */
  seek(reference_s) {
    this.#finishPending();
    this.#dropLoop();
    const deck = this.#whoPlays(reference_s);
    if (deck === null) return this.#say(words.missingHere);
    const side = SIDES.find((each) => this.slots[each] === deck);
    this.mixer?.duck();
    if (side !== undefined) {
      this.#trade(side, deck);
      this.#handOver(deck, side);
      this.mixer?.openOnly(/** @type {GainNode} */ (deck.channel));
    }
    const map = /** @type {import('./time-map.js').TimeMap} */ (deck.map);
    deck.player.seek(map.nearestCoverAt(reference_s, deck.player.position_s) ?? 0);
    this.#unduckWhenThere(deck);
    return undefined;
  }

  /**
   * The sounding cover if it has this part, else one beside it that does.
   * @param {number} reference_s
   */
  #whoPlays(reference_s) {
    const decks = [this.master, this.slots.left, this.slots.right];
    return decks.find((deck) => deck?.map?.coversAt(reference_s).length) ?? null;
  }

  /** @param {Deck} deck */
  #unduckWhenThere(deck) {
    const late = this.scope.after(SEEK_PATIENCE_MS, () => this.mixer?.unduck());
    deck.player.onSought(() => {
      deck.player.onSought(() => {});
      late();
      if (this.playing) this.mixer?.unduck();
    });
  }

  /** @param {number} bars */
  seekBars(bars) {
    const here_s = this.reference_s;
    if (here_s !== null) this.seek(this.timeline.barLine(here_s, bars));
  }

  /**
   * Steer what comes next, starting with both sides.
   * @param {string | null} tag
   */
  setTag(tag) {
    this.tag = tag;
    this.refresh();
  }

  /** Both companions make room for others at the next bar line. */
  refresh() {
    this.#wished = true;
    for (const side of SIDES) this.#departing.set(side, 1);
    void this.#castSpare();
  }

  #tick() {
    const now_s = this.now_s();
    const lead = this.conductor.keepTogether(this.decks, now_s);
    this.#grant();
    if (!this.playing) return;
    if (lead.reference_s !== null) this.#keepTime(lead.reference_s);
    if (this.#pending === null) this.#lookAhead(lead);
  }

  /** @param {number} reference_s */
  #keepTime(reference_s) {
    const beat = this.timeline.beatAt(reference_s);
    if (beat !== null && beat.index !== this.#beat) {
      this.#beat = beat.index;
      if (this.timeline.isDownbeat(beat.time_s)) this.#onBarLine();
    }
    const section = this.timeline.sectionAt(reference_s);
    if (section !== this.#section) {
      this.#section = section;
      this.#tell('section', section);
    }
  }

  #onBarLine() {
    for (const [side, bars] of this.#departing) this.#departing.set(side, bars + 1);
    this.#relieveAbsentees();
    const ripe = SIDES.find((side) => (this.#departing.get(side) ?? 0) >= 2);
    if (ripe === undefined || this.#pending !== null) return;
    if (this.spare.isInStep) this.#bringIn(ripe);
    else if (this.spare.piece === null) void this.#castSpare();
  }

  /** Who lacks the song for long makes room for somebody who has it. */
  #relieveAbsentees() {
    for (const side of SIDES) {
      const deck = this.slots[side];
      const long = deck?.isMissing && (deck.back_s === null || deck.back_s > LONG_ABSENCE_S);
      if (long && !this.#departing.has(side)) this.#departing.set(side, 1);
    }
    void this.#castSpare();
  }

  /**
   * The one in the wings takes a side; who was there leaves.
   * @param {Side} side
   */
  #bringIn(side) {
    const gone = /** @type {Deck} */ (this.slots[side]);
    this.slots[side] = this.spare;
    this.spare = gone;
    this.#departing.delete(side);
    this.#passedOver[side] = 0;
    gone.reserved = true;
    gone.player.pause();
    this.#tell('slots');
    this.scope.after(CLEAR_AFTER_MS, () => {
      gone.clear();
      this.#tell('slots');
      void this.#castSpare();
    });
  }

  async #castSpare() {
    if (this.#departing.size === 0 || this.spare.piece !== null) return;
    const found = await this.#cast(this.spare);
    if (found !== null) return;
    if (this.tag !== null && this.#wished) this.#say(words.noneLeftForTag(this.tag));
    this.#wished = false;
    this.#departing.clear();
  }

  /**
   * Choose somebody for a deck and load it, `null` when nobody is left.
   * @param {Deck} deck
   * @returns {Promise<Piece | null>}
   */
  async #cast(deck) {
    const onStage = new Set(this.decks.flatMap((each) => (each.piece ? [each.piece.id] : [])));
    const ranked = rankCompanions(this.pieces.filter((piece) => !piece.failed), {
      centre: /** @type {Piece} */ (this.slots.centre.piece),
      reference_s: Math.max(this.reference_s ?? 0, this.timeline.start_s),
      exclude: onStage,
      heard: this.heard,
      tag: this.tag,
      surprise: this.surprise,
      random: this.random,
    });
    for (const piece of ranked) {
      deck.piece = piece; // taken at once: another deck may be choosing too
      if (await mapOf(piece)) {
        deck.load(piece);
        return piece;
      }
    }
    deck.clear();
    return null;
  }

  /** @param {Deck} deck */
  #onTrouble(deck) {
    const { piece } = deck;
    if (piece === null) return;
    piece.failed = true;
    this.#say(words.failedReplaced(piece.name));
    if (deck === this.master) this.#leaveNow();
    void this.#cast(deck).then(() => this.#tell('slots'));
  }

  /** The sounding player broke: go on with whoever is there. */
  #leaveNow() {
    const side = SIDES.find((each) => this.slots[each]?.state === 'following');
    if (side === undefined) return;
    const deck = /** @type {Deck} */ (this.slots[side]);
    this.#finishPending();
    this.#trade(side, deck);
    this.#handOver(deck, null);
    this.mixer?.openOnly(/** @type {GainNode} */ (deck.channel));
  }

  /**
   * What is due in the next moments: a new section for autoplay, or the end of the cover's song.
   * @param {import('./transport.js').Lead} lead
   */
  #lookAhead(lead) {
    const { master } = this;
    const map = /** @type {import('./time-map.js').TimeMap} */ (master.map);
    const left = songLeft(map, master.player.position_s);
    if (left === null) this.#outOfTheSong();
    else if (left.left_s < LOOP_AHEAD_S) this.#approachEnd(left);
    else if (this.autoplay && lead.reference_s !== null) this.#approachSection(lead);
  }

  /** @param {import('./transport.js').Lead} lead */
  #approachSection(lead) {
    const here_s = /** @type {number} */ (lead.reference_s);
    const next = this.timeline.sections.find((each) => each.start_s > here_s);
    if (next === undefined) return;
    const wait_s = (next.start_s - here_s) / lead.velocity;
    const side = this.#readySide(next.start_s + 1);
    if (wait_s > PICTURE_FIRST_S || wait_s < LEAD_S || side === null) return;
    this.#switch(side, /** @type {Deck} */ (this.slots[side]), {
      wait_s, reference_s: next.start_s, on: 'beat',
    });
  }

  /**
   * A side that is in step and goes on at a reference time; the less recently heard one.
   * @param {number} reference_s
   * @returns {Side | null}
   */
  #readySide(reference_s) {
    const ready = SIDES.filter((side) => {
      const deck = this.slots[side];
      return deck?.isInStep && deck.map?.coversAt(reference_s).length;
    });
    const last = (/** @type {Side} */ side) => this.heard.lastIndexOf(this.slots[side]?.piece?.id ?? -1);
    ready.sort((one, other) => last(one) - last(other));
    return ready[0] ?? null;
  }

  /**
   * The cover's song is about to end: move on to one that goes on, else begin again.
   * @param {{left_s: number, reference_s: number}} left
   */
  #approachEnd(left) {
    if (this.#loop !== null) return this.#approachLoop(left.left_s);
    const side = this.#readySide(left.reference_s + 1);
    if (side === null) return this.#standBy();
    const { master } = this;
    const moment = lastMoment(
      /** @type {import('./time-map.js').TimeMap} */ (master.map),
      master.player.position_s,
      this.timeline.beats_s,
      left.left_s,
    ) ?? { wait_s: LEAD_S, reference_s: left.reference_s, on: 'now' };
    if (moment.wait_s > PICTURE_FIRST_S) return undefined;
    return this.#switch(side, /** @type {Deck} */ (this.slots[side]), {
      ...moment, on: 'beat',
    });
  }

  /** Let somebody wait at the song's beginning for the next pass. */
  #standBy() {
    const { start_s } = this.timeline;
    const side = SIDES.find((each) => this.slots[each]?.map?.coversAt(start_s + 0.05).length)
      ?? SIDES.find((each) => this.slots[each]?.map?.segments.length);
    const deck = side === undefined ? this.master : /** @type {Deck} */ (this.slots[side]);
    const map = /** @type {import('./time-map.js').TimeMap} */ (deck.map);
    const first_s = Math.min(...map.segments.map((each) => each.reference_s[0]));
    const reference_s = Math.max(start_s, first_s);
    this.#loop = { deck, side: side ?? null, reference_s };
    if (deck === this.master) return;
    deck.reserved = true;
    deck.state = 'resting';
    deck.player.pause();
    deck.player.setRate(1);
    deck.seek((map.firstCoverAt(reference_s) ?? 0) - RUN_UP_S, this.now_s(), false);
  }

  /** @param {number} left_s */
  #approachLoop(left_s) {
    const loop = /** @type {Loop} */ (this.#loop);
    if (left_s > 0.25) return;
    this.#loop = null;
    this.#tell('loop');
    const wait_s = Math.max(LEAD_S, left_s - 0.02);
    if (loop.side === null || this.slots[loop.side] !== loop.deck) {
      this.seek(loop.reference_s);
      return;
    }
    const { deck, side } = loop;
    const old = this.master;
    this.#trade(side, deck);
    this.#crossfade(old, deck, wait_s);
    this.scope.after((wait_s - RUN_UP_S) * 1000, () => void deck.player.play());
    this.#handOverAfter(wait_s, deck, side);
  }

  #dropLoop() {
    if (this.#loop !== null) this.#loop.deck.reserved = false;
    this.#loop = null;
  }

  /** Talk, or the very end: nobody wants to stay there. */
  #outOfTheSong() {
    this.#dropLoop();
    const { master } = this;
    const later = master.map?.segments.find((each) => each.cover_s[0] > master.player.position_s);
    if (later === undefined) this.#tell('loop');
    this.seek(later?.reference_s[0] ?? this.#beginning());
  }

  /** The song's first beat, or where the sounding cover comes in when nobody has that beat. */
  #beginning() {
    const { start_s } = this.timeline;
    if (this.#whoPlays(start_s) !== null) return start_s;
    return Math.min(...(this.master.map?.segments.map((each) => each.reference_s[0]) ?? [0]));
  }

  /** @param {string} text */
  #say(text) {
    this.#tell('message', text);
  }

  /**
   * @param {string} name
   * @param {unknown} [detail]
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function clock_s() {
  return performance.now() / 1000;
}

/** @param {Piece} piece */
async function mapOf(piece) {
  try {
    const map = await piece.loadMap();
    piece.failed = map.segments.length === 0 || piece.json.media_url === null;
  } catch {
    piece.failed = true;
  }
  return !piece.failed;
}
