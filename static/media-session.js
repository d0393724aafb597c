/**
 * The system's own controls: keys of a keyboard or a headset, the lock screen of a phone. They say
 * who sounds, play and pause the song and not one element of it, and jump to the sides.
 *
 * @param {import('./ensemble.js').Ensemble} ensemble
 * @param {{toggle(): void, jump(side: 'left' | 'right'): void}} controls
 * @param {import('./scope.js').Scope} scope
 */
export function connectMediaSession(ensemble, { toggle, jump }, scope) {
  const { mediaSession } = navigator;
  if (mediaSession === undefined) return;
  /** @type {[MediaSessionAction, () => void][]} */
  const acts = [
    ['play', () => ensemble.playing || toggle()],
    ['pause', () => ensemble.playing && toggle()],
    ['previoustrack', () => jump('left')],
    ['nexttrack', () => jump('right')],
  ];
  for (const [action, act] of acts) mediaSession.setActionHandler(action, act);
  scope.on(ensemble, 'heard', () => {
    const { piece } = ensemble.master;
    if (piece === null) return;
    mediaSession.metadata = new MediaMetadata({
      title: piece.json.title,
      artist: piece.json.performer ?? '',
      artwork: piece.still === null ? [] : [{ src: piece.still }],
    });
  });
  scope.on(ensemble, 'playing', () => {
    mediaSession.playbackState = ensemble.playing ? 'playing' : 'paused';
  });
}
