/**
 * The other side of the frame: speaks as YouTube's player does, and plays nothing but time.
 *
 * Its knobs make it as awkward as the real one can be. `standIn.positionAt(moment_s)` is the truth
 * about where it was, `standIn.history` about when it moved, for tests to compare with.
 */
const knobs = JSON.parse(document.getElementById('knobs').textContent);
const STATE = { unstarted: -1, ended: 0, playing: 1, paused: 2, buffering: 3, cued: 5 };
const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const PUSH_MS = 265;
const parentOrigin = new URLSearchParams(location.search).get('origin');
const subscribed = new Set();

let id = null;
let state = STATE.unstarted;
let rate = 1;
let timer = 0;
let allowed = !knobs.blocked;
let advert_s = knobs.advert_s;
let hasStalled = false;
const history = [{ at_s: now_s(), position_s: 0, rate: 0 }];

window.standIn = { positionAt, rateAt, history, muted: false, volume: 100, state: () => state, commands: [] };

function now_s() {
  return (performance.timeOrigin + performance.now()) / 1000;
}

function positionAt(moment_s = now_s()) {
  const { at_s, position_s, rate: went } = history.findLast((each) => each.at_s <= moment_s) ?? history[0];
  return position_s + Math.max(0, moment_s - at_s) * went;
}

function rateAt(moment_s) {
  return history.findLast((each) => each.at_s <= moment_s)?.rate ?? 0;
}

/** From now on it is here, at this speed. */
function move(position_s, speed) {
  history.push({ at_s: now_s(), position_s, rate: speed });
}

function send(event, info) {
  if (id === null || knobs.silent) return;
  parent.postMessage(JSON.stringify({ event, info, id, channel: 'widget' }), parentOrigin);
}

function info(more = {}) {
  return {
    playerState: state, currentTime: positionAt(), currentTimeLastUpdated_: now_s(),
    playbackRate: rate, duration: knobs.duration_s, ...more,
  };
}

function become(next) {
  if (next === state) return;
  state = next;
  document.body.dataset.state = state;
  if (subscribed.has('onStateChange')) send('onStateChange', state);
  send('infoDelivery', info());
}

function later(delay_s, act) {
  clearTimeout(timer);
  timer = setTimeout(act, delay_s * 1000);
}

function start() {
  if (knobs.error !== null) return fail();
  if (!allowed) return subscribed.has('onAutoplayBlocked') && send('onAutoplayBlocked');
  if (state === STATE.playing) return undefined;
  become(STATE.buffering);
  return later(knobs.start_s, () => {
    become(STATE.playing);
    if (advert_s === 0) return move(positionAt(), rate);
    return later(advert_s, () => {
      advert_s = 0;
      move(positionAt(), rate);
    });
  });
}

function pause() {
  clearTimeout(timer);
  move(positionAt(), 0);
  become(STATE.paused);
}

function seek(to_s) {
  const wasPlaying = state === STATE.playing || state === STATE.buffering;
  move(to_s, 0);
  if (!wasPlaying) return send('infoDelivery', info());
  become(STATE.buffering);
  return later(knobs.seek_s, () => {
    move(to_s, rate);
    become(STATE.playing);
  });
}

function setRate(wanted) {
  if (knobs.rates === 'none') return;
  const nearest = STEPS.reduce((best, each) => (Math.abs(each - wanted) < Math.abs(best - wanted) ? each : best));
  rate = knobs.rates === 'fine' ? wanted : nearest;
  setTimeout(() => {
    if (history.at(-1).rate !== 0) move(positionAt(), rate);
  }, 20);
}

function fail() {
  if (subscribed.has('onError')) send('onError', knobs.error);
}

const acts = {
  playVideo: start,
  pauseVideo: pause,
  seekTo: seek,
  cueVideoById: ({ startSeconds = 0 }) => {
    move(startSeconds, 0);
    become(STATE.cued);
  },
  loadVideoById: ({ startSeconds = 0 }) => {
    move(startSeconds, 0);
    start();
  },
  mute: () => { window.standIn.muted = true; },
  unMute: () => { window.standIn.muted = false; },
  setVolume: (volume) => { window.standIn.volume = volume; },
  setPlaybackRate: setRate,
  addEventListener: (name) => {
    subscribed.add(name);
    if (name === 'onError' && knobs.error !== null) fail();
  },
};

window.addEventListener('message', (event) => {
  if (event.source !== parent || event.origin !== parentOrigin) return;
  const said = JSON.parse(event.data);
  if (said.event === 'listening') {
    const isFirst = id === null;
    id = said.id;
    if (isFirst && knobs.attack) attack();
    send('initialDelivery', info({ availablePlaybackRates: knobs.rates === 'none' ? [1] : STEPS }));
    send('onReady', null);
  } else if (said.event === 'command' && said.id === id) {
    window.standIn.commands.push(said.func);
    acts[said.func]?.(...said.args);
  }
});

setInterval(() => {
  const here_s = positionAt();
  if (state === STATE.playing && here_s >= knobs.duration_s) {
    move(knobs.duration_s, 0);
    become(STATE.ended);
  }
  if (knobs.stall_s > 0 && !hasStalled && state === STATE.playing && here_s > knobs.stall_at_s) {
    hasStalled = true;
    move(here_s, 0);
    become(STATE.buffering);
    later(knobs.stall_s, () => {
      move(here_s, rate);
      become(STATE.playing);
    });
  }
  if (state === STATE.playing || state === STATE.paused) send('infoDelivery', info());
  document.getElementById('time').textContent = here_s.toFixed(1);
}, PUSH_MS);

/** Lies about this player: from elsewhere, from another window, or in another's name. */
function attack() {
  const lie = (name) => JSON.stringify({ event: 'onError', info: 150, id: name, channel: 'widget' });
  if (knobs.attack === 'spoofed id') {
    setInterval(() => parent.postMessage(lie(`${id}0`), parentOrigin), 200);
    return;
  }
  const host = knobs.attack === 'wrong origin' ? 'localhost' : location.hostname;
  const liar = document.createElement('iframe');
  liar.src = `http://${host}:${location.port}/liar?${new URLSearchParams({ message: lie(id), to: parentOrigin })}`;
  document.body.append(liar);
}

document.getElementById('button').addEventListener('click', () => {
  allowed = true;
  if (state === STATE.playing) pause();
  else start();
});
