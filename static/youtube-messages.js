/**
 * What a page and YouTube's player in a frame say to each other: JSON in window messages. Pure.
 *
 * Everything that arrives is a stranger's word: it counts only when it comes from the right window
 * of the right origin and names the right player.
 */

const CHANNEL = 'widget';

/** What `playerState` means. */
export const STATE = { unstarted: -1, ended: 0, playing: 1, paused: 2, buffering: 3, cued: 5 };

/** What has to be subscribed to; `infoDelivery` comes by itself. */
export const EVENTS = ['onStateChange', 'onError', 'onAutoplayBlocked'];

/** Numbers of YouTube's, and what is the matter. @type {Record<number, Reason>} */
const ERRORS = {
  2: 'unknown', 5: 'broken', 100: 'removed', 101: 'forbidden', 150: 'forbidden', 153: 'refused',
};

/**
 * @typedef {'unknown' | 'broken' | 'removed' | 'forbidden' | 'refused' | 'silent' | 'stalled'
 *   | 'advert' | 'blocked'} Reason
 * @typedef {{origin: string, source: unknown, data: unknown}} Arrival
 * @typedef {{origin: string, source: unknown, id: string}} Expected
 * @typedef {{
 *   playerState?: number, currentTime?: number, currentTimeLastUpdated_?: number,
 *   playbackRate?: number, availablePlaybackRates?: number[], duration?: number,
 * }} Info
 * @typedef {{event: string, info: unknown}} Message
 */

/** @param {string} id of the player that is to answer */
export function listening(id) {
  return JSON.stringify({ event: 'listening', id, channel: CHANNEL });
}

/**
 * @param {string} id
 * @param {string} func
 * @param {unknown[]} args
 */
export function command(id, func, ...args) {
  return JSON.stringify({ event: 'command', func, args, id, channel: CHANNEL });
}

/**
 * What a message says, `null` when it is not the expected player's.
 * @param {Arrival} arrival
 * @param {Expected} expected
 * @returns {Message | null}
 */
export function read({ origin, source, data }, expected) {
  if (origin !== expected.origin || source !== expected.source) return null;
  const said = parse(data);
  if (said === null || said.id !== expected.id || typeof said.event !== 'string') return null;
  return { event: said.event, info: said.info };
}

/**
 * @param {unknown} data
 * @returns {Record<string, unknown> | null}
 */
function parse(data) {
  if (typeof data !== 'string') return null;
  try {
    const said = JSON.parse(data);
    return typeof said === 'object' ? said : null;
  } catch {
    return null;
  }
}

/**
 * The numbers that are numbers, whatever else was sent.
 * @param {unknown} said
 * @returns {Info}
 */
export function infoOf(said) {
  if (typeof said !== 'object' || said === null) return {};
  const known = /** @type {Record<string, unknown>} */ (said);
  const { availablePlaybackRates: rates } = known;
  const numbers = Object.entries(known).filter(([, each]) => Number.isFinite(each));
  return {
    .../** @type {Info} */ (Object.fromEntries(numbers)),
    ...(Array.isArray(rates) ? { availablePlaybackRates: rates.filter(isRate) } : {}),
  };
}

/** @param {unknown} each */
function isRate(each) {
  return typeof each === 'number' && each > 0 && each < 16;
}

/**
 * @param {unknown} code
 * @returns {Reason}
 */
export function reasonOf(code) {
  return ERRORS[Number(code)] ?? 'broken';
}
