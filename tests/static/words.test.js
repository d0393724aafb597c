import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';

import { words as german } from '../../static/words.de.js';
import { words as english } from '../../static/words.en.js';
import { languageOf } from '../../static/words.js';

const FOLDER = new URL('../../static/', import.meta.url);
const TEMPLATE = new URL('../../webapp/templates/stage.html', import.meta.url);

test('every language has the same words', () => {
  assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
  assert.deepEqual(german.keys.map(([keys]) => keys), english.keys.map(([keys]) => keys));
});

test('the language is the chosen one, else the first that is spoken and offered', () => {
  assert.equal(languageOf(null, ['fr-FR', 'de-AT', 'en']), 'de');
  assert.equal(languageOf('en', ['de']), 'en');
  assert.equal(languageOf('xx', []), 'en');
});

test('every word of the page is in the words file, and every word is said somewhere', async () => {
  const template = await readFile(TEMPLATE, 'utf8');
  const wanted = [...template.matchAll(/data-(?:word|label)="(\w+)"/g)].map(([, name]) => name);
  const known = /** @type {Record<string, unknown>} */ (english);
  assert.deepEqual(wanted.filter((name) => typeof known[name] !== 'string'), []);
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.js') && !/^words\.\w+\.js$/.test(name));
  const scripts = (await Promise.all(names.map((name) => readFile(new URL(name, FOLDER), 'utf8')))).join();
  const panels = [...template.matchAll(/\('(\w+)', '(\w+)'\)/g)].map(([, , label]) => label);
  const said = new Set([...wanted, ...panels]);
  const unsaid = Object.keys(english).filter((name) => !said.has(name) && !scripts.includes(`words.${name}`)
    && !['online'].includes(name));
  assert.deepEqual(unsaid, []);
});
