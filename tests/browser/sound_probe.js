/**
 * Listens to the player from outside: wraps what the browser offers before the page's own scripts
 * run, so the player under test is the one that is shipped, unchanged.
 */
(() => {
  const probe = {
    sources: [], plans: [], chunks: [], context: null, output: null, broken: 0,
    gesture_ms: 0, firstSound_ms: null,
  };
  for (const type of ['click', 'keydown']) {
    addEventListener(type, ({ timeStamp }) => { probe.gesture_ms = timeStamp; }, { capture: true });
  }

  /** Looks every few milliseconds whether anything comes out. */
  function awaitSound() {
    const ear = probe.context.createAnalyser();
    ear.fftSize = 256;
    connect.call(probe.output, ear);
    const samples = new Float32Array(ear.fftSize);
    const timer = setInterval(() => {
      ear.getFloatTimeDomainData(samples);
      if (!samples.some((sample) => Math.abs(sample) > 1e-4)) return;
      clearInterval(timer);
      probe.firstSound_ms = performance.now() - probe.gesture_ms + 1000 * probe.context.outputLatency;
    }, 4);
  }

  /** From the last click or key to the middle of a fade, as it leaves the device. */
  probe.sinceGesture_ms = ({ start_s, length_s }) => {
    const { contextTime, performanceTime } = probe.context.getOutputTimestamp();
    return performanceTime + 1000 * (start_s + length_s / 2 - contextTime) - probe.gesture_ms;
  };

  Object.defineProperty(window, 'soundProbe', { value: probe });
  const { connect } = AudioNode.prototype;
  const { setValueCurveAtTime } = AudioParam.prototype;

  AudioNode.prototype.connect = function tapped(target, ...rest) {
    // What is metered is a player's own sound, whatever plays it; players come in the decks' order.
    if (target instanceof BiquadFilterNode && !(this instanceof BiquadFilterNode)) {
      const deck = document.querySelectorAll('.deck')[probe.sources.length];
      probe.sources.push({ element: deck.querySelector('video'), node: this });
    }
    if (target === this.context.destination) {
      probe.context = this.context;
      probe.output = this;
      awaitSound();
    }
    return connect.call(this, target, ...rest);
  };
  AudioParam.prototype.setValueCurveAtTime = function tapped(curve, start_s, length_s) {
    const rising = curve[curve.length - 1] > curve[0];
    if (rising) probe.plans.push({ start_s, length_s });
    return setValueCurveAtTime.call(this, curve, start_s, length_s);
  };

  probe.listen = async (keep_s) => {
    await probe.context.audioWorklet.addModule('/sound-probe-worklet.js');
    const inputs = [...probe.sources.map(({ node }) => node), probe.output];
    const recorder = new AudioWorkletNode(probe.context, 'sound-probe', {
      numberOfInputs: inputs.length, numberOfOutputs: 1,
    });
    inputs.forEach((node, index) => connect.call(node, recorder, 0, index));
    connect.call(recorder, probe.context.destination);
    recorder.port.onmessage = ({ data }) => {
      const last = probe.chunks.at(-1);
      if (last && last.frame + last.samples[0].length !== data.frame) probe.broken += 1;
      probe.chunks.push(data);
      const oldest = data.frame - keep_s * probe.context.sampleRate;
      while (probe.chunks[0].frame < oldest) probe.chunks.shift();
    };
  };

  probe.who = () => probe.sources.map(({ element }) =>
    Number(/(?:media|renditions)\/(\d+)/.exec(element.src)?.[1] ?? 0));

  probe.rates = () => probe.sources.map(({ element }) => element.playbackRate);

  /** Channels between two moments of the audio clock, as base64 of 16-bit samples. */
  probe.take = (from_s, to_s) => {
    const rate = probe.context.sampleRate;
    const wanted = probe.chunks.filter(({ frame, samples }) =>
      frame + samples[0].length > from_s * rate && frame < to_s * rate);
    const contiguous = wanted.every(({ frame }, index) =>
      index === 0 || wanted[index - 1].frame + wanted[index - 1].samples[0].length === frame);
    const channels = wanted[0].samples.map((_, channel) => {
      const all = wanted.flatMap(({ samples }) => [...samples[channel]]);
      const bytes = new Uint8Array(Int16Array.from(all, (each) => each * 30000).buffer);
      let text = '';
      for (let at = 0; at < bytes.length; at += 8192) {
        text += String.fromCharCode(...bytes.subarray(at, at + 8192));
      }
      return btoa(text);
    });
    return { start_s: wanted[0].frame / rate, rate, contiguous, channels };
  };
})();
