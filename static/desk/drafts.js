/**
 * What a person writes into the desk's forms is not lost: a form that was refused comes back as it
 * was sent, and a page with lines that nobody has kept is not left unasked.
 */

const KEY = 'infinite-covers.draft';

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */
/** @typedef {{path: string, form: number, values: [string, string][], refused: boolean}} Draft */

const LOGIN = '/desk/login';

/**
 * What a person writes or chooses in a form. Passwords and files are never kept, and a tick is a
 * decision that is made anew: the next page may show other rows in its place.
 * @param {HTMLFormElement} form
 */
function fieldsOf(form) {
  const others = ['hidden', 'password', 'file', 'checkbox', 'radio', 'submit', 'button', 'fieldset'];
  return /** @type {Field[]} */ ([...form.elements])
    .filter((field) => field.name !== '' && !others.includes(field.type));
}

/** @param {HTMLFormElement} form */
function keep(form) {
  write({
    path: location.pathname,
    form: [...document.forms].indexOf(form),
    values: fieldsOf(form).map((field) => [field.name, field.value]),
    refused: false,
  });
}

/** @param {Draft} draft */
function write(draft) {
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

/** Fill in again what the server has refused, at once or for a login that had ended. */
function restore() {
  const draft = take();
  if (draft === null) return;
  if (location.pathname === LOGIN) return write({ ...draft, refused: true });
  if (draft.path !== location.pathname) return draft.refused ? write(draft) : undefined;
  if (!draft.refused && document.querySelector('.notice[role="alert"]') === null) return;
  const form = document.forms[draft.form];
  const fields = form === undefined ? [] : fieldsOf(form);
  draft.values.forEach(([name, value], index) => {
    const field = fields[index];
    if (field?.name === name) fill(field, value);
  });
}

/**
 * @param {Field} field
 * @param {string} value
 */
function fill(field, value) {
  field.value = value;
  const folded = field.closest('details');
  if (folded !== null && isChanged(field)) folded.open = true;
}

/** @param {Field} field */
function isChanged(field) {
  if (!(field instanceof HTMLSelectElement)) return field.value !== field.defaultValue;
  const first = [...field.options].findIndex((each) => each.defaultSelected);
  return field.selectedIndex !== Math.max(0, first);
}

/** Whether somebody has begun to write or tick something that a new page would lose. */
export function isTouched() {
  const others = /** @type {NodeListOf<HTMLInputElement>} */ (
    document.querySelectorAll('input:is([type=file], [type=checkbox])')
  );
  return [...document.forms].some((form) => fieldsOf(form).some(isChanged))
    || [...others].some((each) => (each.type === 'file' ? each.value !== '' : each.checked !== each.defaultChecked));
}

/** The form that is on its way. @type {EventTarget | null} */
let sent = null;

document.addEventListener('submit', (event) => {
  sent = event.target;
  const form = /** @type {HTMLFormElement} */ (sent);
  const isLogin = location.pathname === LOGIN;
  if (form.method === 'post' && !event.defaultPrevented && !isLogin) keep(form);
});

window.addEventListener('beforeunload', (event) => {
  const lines = [...document.querySelectorAll('textarea')];
  if (lines.some((each) => each.form !== sent && isChanged(each))) event.preventDefault();
  sent = null;
});

restore();
