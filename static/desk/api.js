/** Talking to the desk's API with the cookie of the login and the CSRF token of the page. */

const ROOT = '/api/v1/desk';

/** What the server said is wrong, for people to read. */
export class RefusedError extends Error {}

/**
 * @param {string} method
 * @param {string} path below the desk's API
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export async function ask(method, path, body) {
  const token = document.querySelector('input[name="csrf_token"]')?.getAttribute('value') ?? '';
  const response = await fetch(ROOT + path, {
    method,
    headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-CSRFToken': token },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new RefusedError(answer.error?.message ?? `the server answered ${response.status}`);
  }
  return answer;
}

/**
 * Whether a key belongs to what is being typed into.
 * @param {KeyboardEvent} event
 */
export function isTyping(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}

/**
 * Minutes, seconds and tenths.
 * @param {number} time_s
 */
export function clock(time_s) {
  const tenths = Math.max(0, Math.round(time_s * 10));
  const minutes = Math.floor(tenths / 600);
  return `${minutes}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
}
