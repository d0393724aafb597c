/**
 * What can be asked of the ensemble, and what it does by itself some thirty times a second.
 * Everything happens on the song's own time.
 */

import { Autoplay } from './autoplay.js';
import { Casting } from './casting.js';
import { TICK_MS } from './conductor.js';
import { HandOver } from './hand-over.js';
import { Leveller, MEASURE_MS } from './leveller.js';
import { NextPass } from './next-pass.js';
import { Outlook } from './outlook.js';
import { Rotation } from './rotation.js';
import { Seeking } from './seeking.js';
import { SIDES, Stage } from './stage.js';
import { Troubles } from './troubles.js';
import { Wishes } from './wishes.js';

const DUCKED_AFTER_MS = 30;

export class Ensemble extends Stage {
  #casting = new Casting(this);
  #rotation = new Rotation(this, this.#casting);
  #handOver = new HandOver(this, this.#rotation);
  #wishes = new Wishes(this, this.#handOver);
  #seeking = new Seeking(this, this.#handOver);
  #nextPass = new NextPass(this, this.#handOver, this.#seeking);
  #autoplay = new Autoplay(this, this.#handOver);
  #outlook = new Outlook(
    this, this.#handOver, this.#seeking, this.#nextPass, this.#autoplay,
  );
  #troubles = new Troubles(
    this, this.#casting, this.#handOver, this.#seeking, this.#nextPass,
  );

  #leveller = new Leveller(this);

  /** Who sounds is stopped when it is silent; play that comes before is not undone by it. */
  #dontStop = () => {};

  #beat = -1;

  /** @type {import('./timeline-model.js').Section | null} */
  #section = null;

  /** @param {import('./stage.js').StageParts} parts */
  constructor(parts) {
    super(parts);
    for (const deck of this.decks) {
      deck.fail = (reason) => void this.#troubles.replace(deck, reason);
      deck.player.onTrouble(deck.fail);
      deck.player.onSelf((plays) => this.#follow(deck, plays));
    }
  }

  /**
   * Put the first recording in the centre and companions beside it, all still silent.
   * @param {import('./repertoire.js').Piece} first
   * @param {number} reference_s
   * @param {{left?: import('./repertoire.js').Piece, right?: import('./repertoire.js').Piece}} [beside]
   *   who is to be at the sides; anybody where it is not said
   */
  async prepare(first, reference_s, beside = {}) {
    const { slots } = this;
    const map = await first.loadMap();
    slots.centre.load(first);
    this.conductor.take(slots.centre);
    slots.centre.player.seek(map.firstCoverAt(reference_s) ?? map.segments[0]?.cover_s[0] ?? 0);
    await Promise.all(SIDES.map((side) => {
      const piece = beside[side];
      return piece === undefined || piece === first
        ? this.#casting.cast(slots[side])
        : this.#casting.put(slots[side], piece);
    }));
    this.tell('slots');
  }

  /**
   * Begin, inside a visitor's gesture.
   * @param {import('./mixer.js').Mixer} mixer
   */
  async start(mixer) {
    this.mixer = mixer;
    for (const deck of this.decks) {
      deck.channel = mixer.addChannel(deck.player);
    }
    this.soundOnly(this.master);
    this.scope.every(TICK_MS, () => this.#tick());
    this.scope.every(MEASURE_MS, () => this.#leveller.listen());
    const allowed = await this.play();
    this.noteHeard(this.master);
    this.tell('begun');
    return allowed;
  }

  /** @returns {Promise<boolean>} whether it plays */
  async play() {
    const { piece, player } = this.master;
    this.#dontStop();
    this.mixer?.wake();
    const allowed = await player.play();
    if (this.master.piece !== piece) return this.play(); // somebody else leads meanwhile
    this.playing = allowed;
    this.mixer?.unduck();
    this.tell('playing');
    return allowed;
  }

  /**
   * Somebody has pressed play or pause elsewhere: on a headset, or in a player's own buttons.
   * @param {import('./deck.js').Deck} deck
   * @param {boolean} plays
   */
  #follow(deck, plays) {
    if (deck !== this.master || plays === this.playing) return;
    if (plays) void this.play();
    else this.pause();
  }

  pause() {
    this.#handOver.finish();
    this.#dontStop();
    this.playing = false;
    this.mixer?.duck();
    // Whom somebody else has stopped already may be played again before that.
    if (!this.master.player.paused) {
      this.#dontStop = this.scope.after(DUCKED_AFTER_MS, () => this.master.player.pause());
    }
    this.tell('playing');
  }

  /**
   * What is on this side becomes the centre.
   * @param {import('./stage.js').Side} side
   */
  request(side) {
    this.#wishes.make(side);
  }

  /**
   * Jump within the song.
   * @param {number} reference_s
   */
  seek(reference_s) {
    this.#nextPass.drop();
    this.#seeking.to(reference_s);
  }

  /** @param {number} bars */
  seekBars(bars) {
    const here_s = this.reference_s;
    if (here_s !== null) this.seek(this.timeline.barLine(here_s, bars));
  }

  /**
   * Steer what comes next, starting with both sides.
   * @param {string[]} tags companions have to have all of them
   */
  setTags(tags) {
    this.tags = tags;
    this.refresh();
  }

  /** Both companions make room for others. */
  refresh() {
    this.#rotation.refresh();
  }

  /** Both companions make room for others from far away. */
  surprise() {
    this.surprises = SIDES.length;
    this.refresh();
  }

  /**
   * The Reference's tempo, or every cover's own: companions change soon, who sounds goes on.
   * @param {boolean} steady
   */
  setSteady(steady) {
    this.chooseVersions(steady);
    if (this.slots.centre.piece !== null) this.refresh();
  }

  /** The picture has moved and the sound has not yet. */
  get isSwitching() {
    return this.#handOver.isUnderWay;
  }

  /**
   * A side's recording sounds in so many seconds.
   * @param {number} wait_s
   * @param {import('./stage.js').Side} side
   */
  switchAfter(wait_s, side) {
    this.#handOver.after(wait_s, side);
  }

  /** @param {import('./stage.js').Side} side */
  switchNow(side) {
    this.#handOver.now(side);
  }

  /**
   * Put a recording on a side.
   * @param {import('./repertoire.js').Piece} piece
   * @param {import('./stage.js').Side} side
   */
  async bring(piece, side) {
    const deck = this.slots[side];
    await this.#casting.put(deck, piece);
    deck.want();
    this.tell('slots');
  }

  /**
   * Somebody who is wanted by name becomes the centre, from wherever.
   * @param {import('./repertoire.js').Piece} piece
   */
  async invite(piece) {
    if (this.slots.centre.piece === piece) return;
    const side = SIDES.find((each) => this.slots[each].piece === piece) ?? 'right';
    const isNew = this.slots[side].piece !== piece;
    if (isNew) await this.bring(piece, side);
    this.#wishes.make(side, isNew);
  }

  /** The network is back: what failed without it is tried again. */
  retry() {
    for (const piece of this.pieces) piece.failed = false;
    if (this.slots.centre.piece === null) void this.prepare(this.pieces[0], this.timeline.start_s);
  }

  /**
   * Somebody else decides who comes and goes.
   * @param {boolean} isHeld
   */
  hold(isHeld) {
    this.#rotation.isHeld = isHeld;
    this.isHeld = isHeld;
  }

  /** @param {boolean} on */
  setAutoplay(on) {
    if (on !== this.autoplay) this.#autoplay.begin();
    this.autoplay = on;
    this.tell('autoplay');
  }

  #tick() {
    const lead = this.conductor.keepTogether(this.decks, this.now_s());
    this.#wishes.grant();
    this.#troubles.watch(lead);
    if (!this.playing) return;
    if (lead.reference_s !== null) this.#keepTime(lead.reference_s);
    if (!this.#handOver.isUnderWay && !this.isHeld) this.#outlook.look(lead);
  }

  #onBarLine() {
    this.#rotation.onBarLine(!this.#handOver.isUnderWay && !this.#wishes.isOpen);
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
      this.tell('section', section);
    }
  }
}
