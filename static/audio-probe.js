/** Whether media elements follow small changes of their rate; asked on a device's first visit. */

const NUDGES = [1.05, 0.95, 1.2];
/** All of it has to be over before the song's data has come, or nearly so. */
const NUDGE_MS = 70;
const PATIENCE_MS = 1000;
const MOST_OFF_S = 0.04;
const SILENCE_S = 3;

/** An element's reported position against the rates it was given; '' where it would not play. */
export async function measure() {
  const element = document.createElement('video');
  if (!('preservesPitch' in element)) return 'buffers';
  element.muted = true;
  element.preservesPitch = false;
  element.src = URL.createObjectURL(silence());
  try {
    const plays = await Promise.race([element.play().then(() => true), pass(PATIENCE_MS)]);
    if (!plays) return '';
    // Twice, because a machine that is busy for a moment looks the same.
    return await follows(element) || await follows(element) ? 'elements' : 'buffers';
  } catch {
    return '';
  } finally {
    URL.revokeObjectURL(element.src);
    element.removeAttribute('src');
  }
}

/** Its position does what its rate says. @param {HTMLVideoElement} element */
async function follows(element) {
  const off_s = [];
  await pass(NUDGE_MS);
  for (const rate of NUDGES) {
    element.playbackRate = rate;
    const [from_ms, from_s] = [performance.now(), element.currentTime];
    await pass(NUDGE_MS);
    const expected_s = (rate * (performance.now() - from_ms)) / 1000;
    off_s.push(Math.abs(element.currentTime - from_s - expected_s));
  }
  return off_s.sort((a, b) => a - b)[1] <= MOST_OFF_S;
}

/** @param {number} time_ms @returns {Promise<void>} */
function pass(time_ms) {
  return new Promise((resolve) => { setTimeout(resolve, time_ms); });
}

/** A WAV file with nothing to hear. */
function silence() {
  const rate = 8000;
  const bytes = new DataView(new ArrayBuffer(44 + rate * SILENCE_S));
  const words = [0x52494646, 0x57415645, 0x666d7420, 0x64617461];
  [0, 8, 12, 36].forEach((at, index) => bytes.setUint32(at, words[index]));
  /** @type {[number, number][]} */
  const numbers = [[4, 36 + rate * SILENCE_S], [16, 16], [24, rate], [28, rate], [40, rate * SILENCE_S]];
  for (const [at, number] of numbers) bytes.setUint32(at, number, true);
  for (const [at, number] of [[20, 1], [22, 1], [32, 1], [34, 8]]) bytes.setUint16(at, number, true);
  new Uint8Array(bytes.buffer).fill(128, 44);
  return new Blob([bytes], { type: 'audio/wav' });
}
