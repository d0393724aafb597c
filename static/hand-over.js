/**
 * One leads, then another: the picture moves at once, the sound at its moment.
 *
 * Where only one may play at a time, the picture waits for the sound: a player of YouTube's is
 * seen in the centre as long as it plays. One that comes is told early enough to begin on its
 * moment, and takes over when it really plays; if it does not, the old one goes on.
 *
 * The new one takes its own tempo as its sound arrives: a moment earlier or later, and its first
 * beat is off by that moment times what its rate changes.
 */

import { FADE_S } from './mixer.js';
import { LEAD_S, nextMoment } from './switching.js';

/**
 * @typedef {import('./stage.js').Deck} Deck
 * @typedef {import('./stage.js').Side} Side
 * @typedef {import('./channel.js').Channel} Channel
 */

export class HandOver {
  /** @type {{deck: Deck, side: Side, traded: boolean, off: () => void} | null} */
  #pending = null;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./rotation.js').Rotation} rotation
   */
  constructor(stage, rotation) {
    this.stage = stage;
    this.rotation = rotation;
  }

  /** The picture has moved and the sound has not yet. */
  get isUnderWay() {
    return this.#pending !== null;
  }

  /**
   * To a side, on the next beat, or at once if so wished; while nothing sounds, silently.
   * @param {Side} side
   */
  onBeat(side) {
    const { playing, mixer, master, timeline, instant } = this.stage;
    if (!playing || mixer === null) {
      this.atOnce(side);
      return;
    }
    if (instant) {
      this.after(LEAD_S, side);
      return;
    }
    const map = /** @type {import('./time-map.js').TimeMap} */ (master.map);
    const { waits, start_s } = this.stage.slots[side].player;
    const lead_s = waits ? Math.max(LEAD_S, start_s) : LEAD_S;
    this.after(nextMoment(map, master.player.position_s, timeline.beats_s, lead_s).wait_s, side);
  }

  /** Who has been promised the lead. */
  get promised() {
    return this.#pending?.deck ?? null;
  }

  /**
   * @param {number} wait_s
   * @param {Side} side
   */
  after(wait_s, side) {
    const { stage } = this;
    const old = stage.master;
    const deck = stage.slots[side];
    if (deck.player.waits) return this.#call(deck, side, wait_s);
    const traded = !old.player.waits;
    // The picture last: moving it takes as long as it takes, and the clock goes on.
    this.#crossfade(old, deck, wait_s);
    const off = stage.scope.after((wait_s - deck.player.notice_s) * 1000, () => this.#arrive());
    this.#pending = { deck, side, traded, off };
    if (traded) stage.trade(side);
    return undefined;
  }

  /**
   * Somebody comes who may play only when nobody else of its kind does.
   * @param {Deck} deck
   * @param {Side} side
   * @param {number} wait_s
   */
  #call(deck, side, wait_s) {
    const { stage } = this;
    if (!deck.reserved) this.#sendAhead(deck, wait_s);
    deck.reserved = true;
    const pending = { deck, side, traded: false, off: () => {} };
    pending.off = stage.scope.after((wait_s - deck.player.start_s) * 1000, async () => {
      stage.trade(side);
      pending.traded = true;
      const old = stage.master;
      if (old.player.waits) old.player.pause();
      const plays = await deck.player.play();
      if (this.#pending !== pending) return;
      if (!plays) return this.#giveUp(deck);
      this.#crossfade(old, deck, FADE_S);
      return this.#arrive();
    });
    this.#pending = pending;
  }

  /**
   * To the place that the song has reached by then.
   * @param {Deck} deck
   * @param {number} wait_s
   */
  #sendAhead(deck, wait_s) {
    const { map, player } = this.stage.master;
    const then_s = map?.referenceAt(player.position_s + wait_s) ?? null;
    if (then_s !== null) deck.goTo(then_s);
  }

  /** It was not allowed to play. @param {Deck} deck */
  #giveUp(deck) {
    this.callOff();
    deck.fail(deck.player.condition ?? 'stalled');
  }

  /** @param {Side} side */
  now(side) {
    this.takeOver(side);
    this.rotation.makeRoom(side);
  }

  /**
   * At once, from a player that broke: its side gets somebody else anyway.
   * @param {Side} side
   */
  takeOver(side) {
    const deck = this.stage.slots[side];
    this.stage.trade(side);
    this.#lead(deck);
    this.stage.soundOnly(deck);
  }

  /** What has been promised but does not sound yet happens now. */
  finish() {
    if (this.#pending === null) return;
    const { deck } = this.#pending;
    this.#arrive();
    this.stage.soundOnly(deck);
  }

  #arrive() {
    if (this.#pending === null) return;
    const { deck, side, traded, off } = this.#pending;
    off();
    if (!traded) this.stage.trade(side);
    this.#lead(deck);
    this.rotation.makeRoom(side);
  }

  /** What has been promised cannot be: who sounds takes the centre again. */
  callOff() {
    if (this.#pending === null) return;
    const { deck, side, traded, off } = this.#pending;
    off();
    this.#pending = null;
    const { master, playing } = this.stage;
    if (traded) this.stage.trade(side);
    deck.reserved = false;
    if (playing && master.player.paused) void master.player.play();
    this.stage.soundOnly(master);
  }

  /** Wherever the old one is, without waiting for it. @param {Side} side */
  atOnce(side) {
    const here_s = this.stage.reference_s;
    this.now(side);
    if (here_s !== null) this.stage.master.goTo(here_s);
  }

  /**
   * @param {Deck} from
   * @param {Deck} to
   * @param {number} wait_s
   */
  #crossfade(from, to, wait_s) {
    const mixer = /** @type {import('./mixer.js').Mixer} */ (this.stage.mixer);
    mixer.crossfade(
      /** @type {Channel} */ (from.channel),
      /** @type {Channel} */ (to.channel),
      mixer.now_s + wait_s,
    );
  }

  /** @param {Deck} deck */
  #lead(deck) {
    const { stage } = this;
    this.#pending = null;
    stage.conductor.take(deck);
    if (stage.playing && deck.player.paused) void deck.player.play();
    if (!stage.playing) deck.player.pause();
    stage.noteHeard(deck);
    stage.tell('switched');
  }
}
