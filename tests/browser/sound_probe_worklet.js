/* Stamps every stretch of sound with the frame of the audio clock at which it was rendered. */
const FRAMES = 4096;

class SoundProbe extends AudioWorkletProcessor {
  process(inputs) {
    if (this.filled === undefined || this.filled === FRAMES) this.send(inputs.length);
    inputs.forEach((input, index) => {
      if (input[0]) this.samples[index].set(input[0], this.filled);
    });
    if (this.filled === 0) this.frame = currentFrame;
    if (currentFrame !== this.frame + this.filled) this.frame = NaN;
    this.filled += 128;
    return true;
  }

  send(count) {
    if (this.samples) this.port.postMessage({ frame: this.frame, samples: this.samples });
    this.samples = Array.from({ length: count }, () => new Float32Array(FRAMES));
    this.filled = 0;
  }
}

registerProcessor('sound-probe', SoundProbe);
