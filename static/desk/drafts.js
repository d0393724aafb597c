/**
 * What a person writes into the desk's forms is not lost: a form that was refused comes back as it
 * was sent, and a page with lines that nobody has kept is not left unasked.
 */

const KEY = 'infinite-covers.draft';

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {{path: string, form: number, values: [string, string | boolean][]}} Draft */

/**
 * Fields that a person fills in. Passwords and files are never kept.
 * @param {HTMLFormElement} form
 */
function fieldsOf(form) {
  return /** @type {Field[]} */ ([...form.elements]).filter((field) => field.name !== ''
    && !['hidden', 'password', 'file', 'submit', 'button', 'fieldset'].includes(field.type));
}

/** @param {Field} field */
const isTicked = (field) => field.type === 'checkbox' || field.type === 'radio';

/** @param {HTMLFormElement} form */
function keep(form) {
  /** @type {Draft} */
  const draft = {
    path: location.pathname,
    form: [...document.forms].indexOf(form),
    values: fieldsOf(form).map((field) => [
      field.name, isTicked(field) ? /** @type {HTMLInputElement} */ (field).checked : field.value,
    ]),
  };
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the form then comes back empty.
  }
}

/** @returns {Draft | null} what was sent last, once */
function take() {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Fill in again what the server has just refused, and open what it is folded into. */
function restore() {
  const draft = take();
  if (draft === null || draft.path !== location.pathname) return;
  if (document.querySelector('.notice[role="alert"]') === null) return;
  const form = document.forms[draft.form];
  const fields = form === undefined ? [] : fieldsOf(form);
  draft.values.forEach(([name, value], index) => {
    const field = fields[index];
    if (field?.name === name) fill(field, value);
  });
}

/**
 * @param {Field} field
 * @param {string | boolean} value
 */
function fill(field, value) {
  if (typeof value === 'string') field.value = value;
  else /** @type {HTMLInputElement} */ (field).checked = value;
  const folded = field.closest('details');
  if (folded !== null && isChanged(field)) folded.open = true;
}

/** @param {Field} field */
function isChanged(field) {
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].findIndex((each) => each.defaultSelected);
    return field.selectedIndex !== Math.max(0, first);
  }
  if (field instanceof HTMLInputElement && isTicked(field)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue;
}

/** Whether somebody has begun to write something that a new page would lose. */
export function isTouched() {
  const files = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('input[type=file]'));
  return [...document.forms].some((form) => fieldsOf(form).some(isChanged))
    || [...files].some((each) => each.value !== '');
}

/** The form that is on its way. @type {EventTarget | null} */
let sent = null;

document.addEventListener('submit', (event) => {
  sent = event.target;
  const form = /** @type {HTMLFormElement} */ (sent);
  if (form.method === 'post' && !event.defaultPrevented) keep(form);
});

window.addEventListener('beforeunload', (event) => {
  const lines = [...document.querySelectorAll('textarea')];
  if (lines.some((each) => each.form !== sent && isChanged(each))) event.preventDefault();
  sent = null;
});

restore();
