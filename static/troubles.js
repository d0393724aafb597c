/** A recording that cannot be played is replaced; when it was the one that sounds, another leads. */

import { SIDES } from './stage.js';
import { words } from './words.en.js';

/** @typedef {import('./stage.js').Deck} Deck */

export class Troubles {
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

  /** @param {Deck} deck */
  async replace(deck) {
    const { stage } = this;
    const { piece, reference_s } = deck;
    if (piece === null) return;
    piece.failed = true;
    stage.say(words.failedReplaced(piece.name));
    this.#doWithout(deck);
    const isFound = await this.casting.cast(deck);
    if (deck === stage.master && isFound) this.#goOn(deck, reference_s);
    else if (deck === stage.master) this.#stop();
    stage.tell('slots');
  }

  /**
   * Nothing may count on it any longer.
   * @param {Deck} deck
   */
  #doWithout(deck) {
    const { stage, handOver } = this;
    if (deck.reserved) this.nextPass.drop();
    if (deck === stage.master && handOver.isUnderWay) handOver.finish();
    else if (deck === stage.master) this.#leaveMaster();
    else if (deck === stage.slots.centre) handOver.callOff();
  }

  /** Whoever is there leads. */
  #leaveMaster() {
    const { slots } = this.stage;
    const side = SIDES.find((each) => slots[each].state === 'following');
    if (side !== undefined) this.handOver.takeOver(side);
  }

  /**
   * Nobody was there: its new recording goes on from where the song was.
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
