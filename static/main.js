/** The stage page: fetch the song, set the stage, wait for the first gesture. */

import { accent, hueOf } from './accents.js';
import { fetchCovers, fetchHashtags, fetchMix, fetchNamed, fetchSong } from './api.js';
import { choosePlayer } from './audio-path.js';
import { Captions } from './captions.js';
import { announce, Controls, sayWords } from './controls.js';
import { Counters } from './counters.js';
import { SavingPlayer } from './data-saver.js';
import { Deck } from './deck.js';
import { byId } from './dom.js';
import { Ensemble } from './ensemble.js';
import { readPlace } from './links.js';
import { MixView } from './mix-view.js';
import { Mixer } from './mixer.js';
import { Piece, tellingFirst } from './repertoire.js';
import { Scope } from './scope.js';
import { SettingsView } from './settings-view.js';
import { StageView } from './stage-view.js';
import { Supply } from './supply.js';
import { Tags } from './tags.js';
import { Timeline } from './timeline-model.js';
import { TimelineView } from './timeline-view.js';
import { VisitView } from './visit-view.js';
import { words } from './words.js';

const DECKS = 4;
/** Here a player at the side would be smaller than YouTube allows. */
const TOO_NARROW_FOR_THREE = '(max-width: 720px)';

/**
 * @param {string} slug
 * @param {Scope} scope
 */
async function setTheStage(slug, scope) {
  const { mix: key, youtube } = document.body.dataset;
  const [Own, song, every, counted, mix] = await Promise.all([
    choosePlayer(), fetchSong(slug), fetchCovers(slug), fetchHashtags(slug), key ? fetchMix(key) : null,
  ]);
  if (song.reference === null || !isPlayable(song.reference)) return fail(words.mediaPrivate);
  const timeline = new Timeline(song.reference);
  const named = namedBy(readPlace(location.hash), mix).filter((id) => id !== song.reference?.id);
  const covers = every ?? await fetchNamed(slug, named);
  const asPiece = (/** @type {import('./api.js').CoverJson} */ cover) =>
    Piece.ofCover({ ...cover, tags: tellingFirst(cover.tags, counted.hashtags) });
  const pieces = [Piece.ofReference(song.reference, timeline.duration_s), ...covers.map(asPiece)];
  const onlyOne = youtube !== 'triple' || matchMedia(TOO_NARROW_FOR_THREE).matches;
  const decks = Array.from({ length: DECKS }, () => new Deck(new SavingPlayer(scope, Own, onlyOne)));
  const ensemble = new Ensemble({ timeline, pieces, decks, scope });
  if (every === null) {
    ensemble.supply = new Supply(ensemble, slug, { total: song.cover_count + 1, named, pieceOf: asPiece });
  }
  const lanes = new TimelineView(byId('timeline'), timeline, scope, (to_s) => {
    ensemble.tell('fan');
    ensemble.seek(to_s);
  });
  const view = new StageView(byId('stage'), ensemble, lanes, scope);
  const controls = new Controls(ensemble, view, scope);
  new SettingsView(ensemble, view, scope);
  new VisitView(ensemble, slug, scope);
  new Captions(ensemble, scope);
  const tags = new Tags(counted, (names, search) => fetchHashtags(slug, names, search), ensemble, scope);
  const mixes = new MixView(ensemble, slug, scope);
  scope.on(ensemble, 'fan', () => {
    controls.takeover.takeBack();
    mixes.takeBack();
  });
  report(ensemble, lanes, scope);
  const place = placeOf(mix === null ? undefined : mixes.arm(mix));
  await tags.choose(place.tags);
  const [first, at_s] = startingPoint(place, pieces, timeline);
  await ensemble.prepare(first, at_s, {
    left: pieceOf(pieces, place.left), right: pieceOf(pieces, place.right),
  });
  scope.on(window, 'hashchange', () => {
    const wanted = readPlace(location.hash);
    const piece = pieceOf(ensemble.pieces, wanted.cover);
    if (piece === undefined || !ensemble.playing) return location.reload();
    ensemble.tell('fan');
    if (wanted.at_s !== null) ensemble.seek(wanted.at_s);
    return void ensemble.invite(piece);
  });
  awaitGesture(ensemble, controls, scope);
  return undefined;
}

/** @param {import('./api.js').RecordingJson} recording */
function isPlayable({ media_url, youtube }) {
  return media_url !== null || youtube !== null;
}

/**
 * Covers that have to be there: those of a link and of a mix.
 * @param {import('./links.js').Place} place
 * @param {import('./api.js').MixJson | null} mix
 */
function namedBy({ cover, left, right }, mix) {
  const steps = mix?.steps.map(({ recording_id }) => recording_id) ?? [];
  return [...new Set([cover, left, right, ...steps])].filter((id) => id !== null);
}

/**
 * @param {import('./api.js').MixStep} [first] of a mix that is to be played
 * @returns {import('./links.js').Place}
 */
function placeOf(first) {
  if (first === undefined) return readPlace(location.hash);
  return {
    cover: first.recording_id, left: null, right: null, at_s: first.reference_ms / 1000, tags: [],
  };
}

/**
 * @param {Piece[]} pieces
 * @param {number | null} id
 */
function pieceOf(pieces, id) {
  return pieces.find((piece) => piece.id === id);
}

/**
 * What changes on the page when something happens on the stage.
 * @param {Ensemble} ensemble
 * @param {TimelineView} lanes
 * @param {Scope} scope
 */
function report(ensemble, lanes, scope) {
  const counters = new Counters(byId('counters'), ensemble.total);
  scope.on(ensemble, 'message', (event) => announce(event.detail));
  scope.on(ensemble, 'loop', () => counters.noteLoop());
  scope.on(ensemble, 'heard', () => counters.noteHeard(ensemble.heard[ensemble.heard.length - 1].id));
  scope.on(ensemble, 'switched', () => {
    document.body.classList.add('has-jumped');
    counters.noteSwitch();
    announce(words.jumpedTo(ensemble.master.piece?.name ?? ''));
  });
  scope.on(ensemble, 'section', ({ detail }) => {
    lanes.mark(detail);
    document.documentElement.style.setProperty('--accent', accent(hueOf(detail?.label ?? '')));
  });
  for (const state of /** @type {const} */ (['offline', 'online'])) {
    scope.on(window, state, () => {
      document.body.classList.toggle('offline', state === 'offline');
      announce(words[state]);
      if (state === 'online') ensemble.retry();
    });
  }
}

/**
 * The Reference from its beginning, or the cover and the moment that a link names.
 * @param {import('./links.js').Place} place
 * @param {Piece[]} pieces
 * @param {Timeline} timeline
 * @returns {[Piece, number]}
 */
function startingPoint({ cover, at_s }, pieces, timeline) {
  const wanted = pieceOf(pieces, cover) ?? pieces[0];
  if (at_s === null) return [wanted, wanted.isReference ? 0 : timeline.start_s];
  return [wanted, Math.min(at_s, timeline.duration_s)];
}

/**
 * Sound may only begin inside a gesture.
 * @param {Ensemble} ensemble
 * @param {Controls} controls
 * @param {Scope} scope
 */
function awaitGesture(ensemble, controls, scope) {
  const opening = byId('opening');
  opening.removeAttribute('disabled');
  scope.on(opening, 'click', async () => {
    const first = ensemble.mixer === null;
    if (first) ensemble.mixer = new Mixer();
    const mixer = /** @type {Mixer} */ (ensemble.mixer);
    // Nothing may lie over YouTube's player, also while it waits for a click of its own.
    if (ensemble.master.player.isEmbedded) document.body.classList.add('open');
    const allowed = await (first ? ensemble.start(mixer) : ensemble.play());
    controls.volume.apply();
    if (!allowed) return announce(words.blocked);
    document.body.classList.add('open');
    return undefined;
  });
}

/** @param {string} text */
function fail(text) {
  document.body.classList.add('failed');
  byId('failure').textContent = text;
}

sayWords();
setTheStage(document.body.dataset.slug ?? '', new Scope()).catch((error) => {
  console.error(error);
  fail(words.serverGone);
});
