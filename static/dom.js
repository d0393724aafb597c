/** Making elements. Text is always set as text, never parsed, because much of it is strangers'. */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | null>} [attributes] `null` and `false` leave
 *   an attribute out; `text` is the content
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * @param {string} name
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {Node[]} children
 * @returns {SVGElement}
 */
export function makeSvg(name, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | boolean | null>} attributes
 */
function setAttributes(element, attributes) {
  for (const [name, content] of Object.entries(attributes)) {
    if (name === 'text') element.textContent = String(content);
    else if (content === true) element.setAttribute(name, '');
    else if (content !== null && content !== false) element.setAttribute(name, String(content));
  }
}

/**
 * The element with an id; it is a fault of the page when there is none.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Set or remove a class for as long as it should hold.
 * @param {Element} element
 * @param {Record<string, boolean>} classes
 */
export function toggle(element, classes) {
  for (const [name, holds] of Object.entries(classes)) element.classList.toggle(name, holds);
}

/**
 * Change an attribute only when it differs, so that nothing is restyled or read aloud for nothing.
 * @param {Element} element
 * @param {string} name
 * @param {string} content
 */
export function keepAttribute(element, name, content) {
  if (element.getAttribute(name) !== content) element.setAttribute(name, content);
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function keepText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
