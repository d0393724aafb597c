/**
 * YouTube's player in a frame, and the talk with it: nothing of YouTube's runs in our own page.
 */

import { make } from './dom.js';
import { EVENTS, command, infoOf, listening, read } from './youtube-messages.js';

/**
 * @typedef {import('./youtube-messages.js').Info} Info
 * @typedef {{
 *   onReady(): void, onInfo(info: Info): void, onState(state: number): void,
 *   onError(code: unknown): void, onBlocked(): void, onSilence(): void,
 * }} Listener
 */

/** So often the player is asked to answer, until it does. */
const ASK_MS = 250;
const SILENT_AFTER_MS = 12_000;

let count = 0;

export class YouTubeFrame {
  #answered = false;

  /** @type {(() => void)[]} */
  #ends = [];

  /**
   * @param {HTMLElement} screen that the frame fills; nothing else may be on it
   * @param {string} address of the player
   * @param {Listener} listener
   * @param {import('./scope.js').Scope} scope
   */
  constructor(screen, address, listener, scope) {
    const url = new URL(address);
    url.search = String(new URLSearchParams({
      enablejsapi: '1', origin: location.origin, playsinline: '1', rel: '0', iv_load_policy: '3',
    }));
    this.id = `covers-${count += 1}`;
    this.origin = url.origin;
    this.listener = listener;
    this.element = make('iframe', {
      src: url.href, title: 'YouTube', allow: 'autoplay; encrypted-media; fullscreen',
      referrerpolicy: 'strict-origin-when-cross-origin',
    });
    screen.replaceChildren(this.element);
    this.#ends = [
      scope.on(window, 'message', (event) => this.#hear(event)),
      scope.every(ASK_MS, () => this.#ask()),
      scope.after(SILENT_AFTER_MS, () => {
        if (!this.#answered) listener.onSilence();
      }),
    ];
  }

  end() {
    for (const off of this.#ends) off();
    this.element.remove();
  }

  /**
   * @param {string} func
   * @param {unknown[]} args
   */
  tell(func, ...args) {
    this.#post(command(this.id, func, ...args));
  }

  #ask() {
    if (!this.#answered) this.#post(listening(this.id));
  }

  /** @param {string} message */
  #post(message) {
    this.element.contentWindow?.postMessage(message, this.origin);
  }

  /** @param {MessageEvent} event */
  #hear(event) {
    const said = read(event, { origin: this.origin, source: this.element.contentWindow, id: this.id });
    if (said === null) return;
    if (!this.#answered) this.#welcome();
    if (said.event === 'initialDelivery' || said.event === 'infoDelivery') this.listener.onInfo(infoOf(said.info));
    else if (said.event === 'onStateChange') this.listener.onState(Number(said.info));
    else if (said.event === 'onError') this.listener.onError(said.info);
    else if (said.event === 'onAutoplayBlocked') this.listener.onBlocked();
  }

  #welcome() {
    this.#answered = true;
    for (const each of EVENTS) this.tell('addEventListener', each);
    this.listener.onReady();
  }
}
