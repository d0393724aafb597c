/** A recording that cannot be played is replaced; when it was the one that sounds, another leads. */

import { SIDES } from './stage.js';
import { words } from './words.js';

/** @typedef {import('./stage.js').Deck} Deck */

/** Who stands still for so long is left. */
const STALLED_S = 4;

export class Troubles {
  #moved_s = Infinity;

  /**
   * @param {import('./stage.js').Stage} stage
   * @param {import('./casting.js').Casting} casting
   * @param {import('./hand-over.js').HandOver} handOver
   * @param {import('./seeking.js').Seeking} seeking
   * @param {import('./next-pass.js').NextPass} nextPass
   */
  constructor(stage, casting, handOver, seeking, nextPass) {
    this.stage = stage;
    this.casting = casting;
    this.handOver = handOver;
    this.seeking = seeking;
    this.nextPass = nextPass;
  }

  /**
   * The one that sounds has run dry: somebody who waits beside it goes on.
   * @param {import('./transport.js').Lead} lead
   */
  watch({ advancing }) {
    const { stage, handOver } = this;
    const { slots, master, playing } = stage;
    const now_s = stage.now_s();
    const isFine = advancing || !playing || handOver.isUnderWay || master.player.isEmbedded;
    if (isFine) this.#moved_s = now_s;
    if (now_s - this.#moved_s < STALLED_S) return;
    const side = SIDES.find((each) => slots[each].canTakeOver);
    if (side === undefined) return;
    this.#moved_s = now_s;
    stage.say(words.failedBecause(master.piece?.name ?? '', words.loading));
    handOver.atOnce(side);
  }

  /**
   * @param {Deck} deck
   * @param {import('./youtube-messages.js').Reason} [reason] what is said of it
   */
  async replace(deck, reason) {
    const { stage } = this;
    const { piece, reference_s } = deck;
    if (piece === null) return;
    stage.giveUp(piece);
    if (deck.reserved) this.nextPass.drop();
    const search = this.casting.cast(deck); // from here on nobody finds the broken one
    this.#doWithout(deck, reference_s);
    stage.say(reason === undefined
      ? words.failedReplaced(piece.name)
      : words.failedBecause(piece.name, words.youtube[reason]));
    const isFound = await search;
    if (deck === stage.master && isFound) this.#goOn(deck, reference_s);
    else if (deck === stage.master) this.#stop();
    stage.tell('slots');
  }

  /**
   * @param {Deck} deck
   * @param {number | null} reference_s
   */
  #doWithout(deck, reference_s) {
    const { stage, handOver } = this;
    if (deck === stage.master && handOver.isUnderWay) handOver.finish();
    else if (deck === stage.master) this.#leaveMaster(reference_s);
    else if (deck === handOver.promised) handOver.callOff();
  }

  /**
   * Whoever is beside leads.
   * @param {number | null} reference_s
   */
  #leaveMaster(reference_s) {
    const { slots } = this.stage;
    const following = SIDES.find((each) => slots[each].state === 'following');
    const side = following ?? SIDES.find((each) => slots[each].map !== null);
    if (side === undefined) return;
    this.handOver.takeOver(side);
    if (following === undefined && reference_s !== null) this.seeking.to(reference_s);
  }

  /**
   * Nobody was beside: its new recording goes on from where the song was.
   * @param {Deck} deck
   * @param {number | null} reference_s
   */
  #goOn(deck, reference_s) {
    const { stage } = this;
    stage.conductor.take(deck);
    if (stage.playing) stage.noteHeard(deck);
    this.seeking.to(reference_s ?? stage.timeline.start_s);
  }

  /** Nobody is left. */
  #stop() {
    this.stage.playing = false;
    this.stage.tell('playing');
  }
}
