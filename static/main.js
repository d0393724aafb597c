/** The stage page: fetch the song, set the stage, wait for the first gesture. */

import { accent, hueOf } from './accents.js';
import { fetchCovers, fetchHashtags, fetchSong } from './api.js';
import { announce, Controls, sayWords } from './controls.js';
import { Counters } from './counters.js';
import { Deck } from './deck.js';
import { byId } from './dom.js';
import { Ensemble } from './ensemble.js';
import { Mixer } from './mixer.js';
import { Html5Player } from './player-adapter.js';
import { Piece, tellingFirst } from './repertoire.js';
import { Scope } from './scope.js';
import { StageView } from './stage-view.js';
import { showTags } from './tags.js';
import { Timeline } from './timeline-model.js';
import { TimelineView } from './timeline-view.js';
import { words } from './words.en.js';

const DECKS = 4;

/**
 * @param {string} slug
 * @param {Scope} scope
 */
async function setTheStage(slug, scope) {
  const [song, covers, hashtags] = await Promise.all([
    fetchSong(slug), fetchCovers(slug), fetchHashtags(slug),
  ]);
  if (song.reference?.media_url == null) return fail(words.mediaPrivate);
  const timeline = new Timeline(song.reference);
  const pieces = [
    Piece.ofReference(song.reference, timeline.duration_s),
    ...covers.map((cover) => Piece.ofCover({
      ...cover, tags: tellingFirst(cover.tags, hashtags),
    })),
  ];
  const decks = Array.from({ length: DECKS }, () => new Deck(new Html5Player(scope)));
  const ensemble = new Ensemble({ timeline, pieces, decks, scope });
  const lanes = new TimelineView(byId('timeline'), timeline, scope, (to_s) => ensemble.seek(to_s));
  const view = new StageView(byId('stage'), ensemble, lanes, scope);
  const controls = new Controls(ensemble, view, scope);
  const telling = hashtags.filter(({ covers: count }) => count < covers.length);
  showTags(byId('tags'), telling.length ? telling : hashtags, scope, (tag) => {
    announce(tag === null ? words.tagCleared : words.tagChosen(tag));
    ensemble.setTags(tag === null ? [] : [tag]);
  });
  report(ensemble, lanes, scope);
  await ensemble.prepare(...startingPoint(pieces, timeline));
  awaitGesture(ensemble, controls, scope);
  return undefined;
}

/**
 * What changes on the page when something happens on the stage.
 * @param {Ensemble} ensemble
 * @param {TimelineView} lanes
 * @param {Scope} scope
 */
function report(ensemble, lanes, scope) {
  const counters = new Counters(byId('counters'), ensemble.pieces.length);
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
  scope.on(window, 'offline', () => announce(words.offline));
}

/**
 * The Reference from its beginning, or the cover and the moment that a link names.
 * @param {Piece[]} pieces
 * @param {Timeline} timeline
 * @returns {[Piece, number]}
 */
function startingPoint(pieces, timeline) {
  const place = new URLSearchParams(location.hash.slice(1));
  const at_s = Number(place.get('at') ?? NaN);
  const wanted = pieces.find((piece) => String(piece.id) === place.get('cover')) ?? pieces[0];
  if (!Number.isFinite(at_s)) return [wanted, wanted.isReference ? 0 : timeline.start_s];
  return [wanted, Math.max(0, Math.min(at_s, timeline.duration_s))];
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
    void mixer.context.resume();
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
