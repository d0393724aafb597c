"""Singing by formant synthesis: glottal pulses whose spectrum is shaped by a moving vocal tract.

Source and filter as in Fant (1960); the filter is a gain for each frequency of short frames, so
that it delays nothing. One singer for a lead, several for each line of a choir.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.singers import (
    BANDWIDTHS_HZ,
    BODIES,
    UPPER_HZ,
    Body,
    Syllable,
    choose_body,
    draw_syllable,
)
from align.simulation.sound.sungline import (
    CONTROL_RATE,
    SungLine,
    one_at_a_time,
    sing_line,
    split_lanes,
)
from align.simulation.sound.synthesis import Audio

Curve = NDArray[np.float32]
FRAME_S = 0.0232
CHOIR_SINGERS = 3  # for each line
CHOIR_SCATTER_S = 0.012
CHOIR_DETUNE = 0.09  # semitones
WANDER_FRAMES = 150


@dataclass
class SingerSource:
    """Sings: `voice_choir` with many, every other instrument with one voice.

    `bodies` are the singers there are.
    """

    sample_rate: int
    bodies: tuple[Body, ...] = BODIES

    def render(
        self,
        notes: Sequence[PlayedNote],
        instrument: Instrument,
        *,
        n_samples: int,
        rng: np.random.Generator,
    ) -> Audio:
        """The sound of one part. Returns (n_samples, 2)."""
        out = np.zeros((n_samples, 2), dtype=np.float32)
        if not notes:
            return out
        first = max(0, round((min(note.start_s for note in notes) - 0.6) * self.sample_rate))
        last = round((max(note.end_s for note in notes) + 0.5) * self.sample_rate)
        own = [_earlier(note, first / self.sample_rate) for note in notes]
        sing = self._choir if instrument.name == "voice_choir" else self._lead
        sound = sing(own, max(1, min(n_samples, last) - first), rng)
        out[first : first + len(sound)] = sound[: n_samples - first]
        return out

    def _lead(self, notes: Sequence[PlayedNote], n_samples: int, rng: np.random.Generator) -> Audio:
        line = one_at_a_time(notes)
        body = choose_body(self.bodies, float(np.median([note.pitch for note in line])), rng)
        syllables = [draw_syllable(rng) for _ in line]
        duration_s = n_samples / self.sample_rate
        sung = sing_line(line, syllables, body, duration_s=duration_s, rng=rng)
        pulses = glottal_pulses(sung.pitch, n_samples, self.sample_rate)
        mono = shape_voice(pulses, sung, body, sample_rate=self.sample_rate, rng=rng)
        return np.stack([mono, mono], axis=1)

    def _choir(
        self, notes: Sequence[PlayedNote], n_samples: int, rng: np.random.Generator
    ) -> Audio:
        """Every line by several people, each line in its place, all with the same words."""
        words = [draw_syllable(rng) for _ in range(64)]
        lanes = split_lanes(notes)
        out = np.zeros((n_samples, 2), dtype=np.float32)
        for lane, angle in zip(lanes, _places(len(lanes)), strict=True):
            mono = self._choir_line(lane, words, n_samples, rng)
            out += mono[:, None] * np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)
        return out

    def _choir_line(
        self,
        notes: Sequence[PlayedNote],
        words: Sequence[Syllable],
        n_samples: int,
        rng: np.random.Generator,
    ) -> Curve:
        body = choose_body(self.bodies, float(np.median([note.pitch for note in notes])), rng)
        line = one_at_a_time(notes)
        # The word follows from the moment, so that all lines sing it together.
        syllables = [words[round(note.start_s * 8) % len(words)] for note in line]
        duration_s = n_samples / self.sample_rate
        sung = sing_line(line, syllables, body, duration_s=duration_s, rng=rng)
        pulses = np.zeros(n_samples, dtype=np.float32)
        for _ in range(CHOIR_SINGERS):
            pulses += glottal_pulses(_own_way(sung.pitch, rng), n_samples, self.sample_rate)
        return shape_voice(pulses, sung, body, sample_rate=self.sample_rate, rng=rng)


def _places(count: int) -> NDArray[np.float64]:
    """Angles from left (0) to right (pi / 2); one alone stands in the middle."""
    spread = np.linspace(-0.6, 0.6, count) if count > 1 else np.zeros(count)
    return np.pi / 4 + spread


def _own_way(pitch: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """A pitch curve as one of many sings it: a little earlier or later, never quite in tune."""
    shifted = np.roll(pitch, round(rng.normal() * CHOIR_SCATTER_S * CONTROL_RATE))
    knots = np.arange(0, len(pitch) + WANDER_FRAMES, WANDER_FRAMES)
    wander = np.interp(np.arange(len(pitch)), knots, rng.normal(size=len(knots)))
    return np.asarray(shifted + CHOIR_DETUNE * wander)


def glottal_pulses(pitch: NDArray[np.float64], n_samples: int, sample_rate: int) -> Curve:
    """A band-limited sawtooth at the pitch curve, 6 dB per octave as the radiated voice.

    Corners are rounded over two samples (PolyBLEP, Valimaki 2007). Returns (n_samples,).
    """
    at = np.arange(n_samples, dtype=np.float64) * (CONTROL_RATE / sample_rate)
    midi = np.interp(at, np.arange(len(pitch)), pitch)
    step = np.exp2((midi - 69) / 12) * (440 / sample_rate)
    cycles = np.cumsum(step)
    whole = np.floor(cycles)
    phase = cycles - whole
    saw = (2 * phase - 1).astype(np.float32)
    after = np.flatnonzero(np.diff(whole)) + 1
    early = phase[after] / step[after]
    saw[after] -= (2 * early - early**2 - 1).astype(np.float32)
    late = (phase[after - 1] - 1) / step[after - 1]
    saw[after - 1] -= (late**2 + 2 * late + 1).astype(np.float32)
    return saw


def shape_voice(
    pulses: Curve, sung: SungLine, body: Body, *, sample_rate: int, rng: np.random.Generator
) -> Curve:
    """Send pulses and breath through the vocal tract. Returns (n,) like `pulses`."""
    n_frame = 2 * round(FRAME_S * sample_rate / 2)
    hop = n_frame // 2
    n_frames = len(pulses) // hop + 2
    centre_s = np.arange(n_frames) * hop / sample_rate
    control = np.minimum(len(sung.voicing) - 1, np.round(centre_s * CONTROL_RATE).astype(int))
    at = np.arange(len(pulses)) * (CONTROL_RATE / sample_rate)
    grid = np.arange(len(sung.voicing))
    voiced = pulses * np.interp(at, grid, sung.voicing).astype(np.float32)
    breath = rng.standard_normal(len(pulses), np.float32)
    breath *= np.interp(at, grid, sung.noise).astype(np.float32)
    audible = (sung.voicing[control] > 0) | (sung.noise[control] > 0)
    frequency_hz = np.fft.rfftfreq(n_frame, 1 / sample_rate).astype(np.float32)
    spectrum = _frames(voiced, n_frame, n_frames)
    spectrum[audible] *= _tract_gain(sung, control[audible], body, frequency_hz)
    hiss = _frames(breath, n_frame, n_frames)
    hiss[audible] *= _hiss_gain(sung.noise_hz[control[audible]], frequency_hz)
    return _overlap(spectrum + hiss, n_frame, len(pulses))


def _tract_gain(
    sung: SungLine, control: NDArray[np.int64], body: Body, frequency_hz: Curve
) -> NDArray[np.float32]:
    """Five resonances in a row. Returns (frames, bins)."""
    fundamental_hz = 440 * 2 ** ((sung.pitch[control] - 69) / 12)
    squared = frequency_hz**2
    gain = np.ones((len(control), len(frequency_hz)), dtype=np.float32)
    lower = sung.formants_hz[control] * body.formant_ratio
    # Singers open their mouths so that the first formant stays above the fundamental.
    lower[:, 0] = np.maximum(lower[:, 0], 1.05 * fundamental_hz)
    lower[:, 1] = np.maximum(lower[:, 1], lower[:, 0] + 150)
    upper = np.tile(np.array(UPPER_HZ) * body.formant_ratio, (len(control), 1))
    centres = np.concatenate([lower, upper], axis=1).astype(np.float32)
    for i, bandwidth_hz in enumerate(BANDWIDTHS_HZ):
        peak = centres[:, i : i + 1] ** 2
        distance = (peak - squared) ** 2 + np.float32(bandwidth_hz**2) * squared
        gain *= peak / np.sqrt(distance)
    # What the resonances above the fifth add.
    return np.asarray(gain * np.sqrt(1 + (frequency_hz / 2500) ** 2), dtype=np.float32)


def _hiss_gain(noise_hz: NDArray[np.float64], frequency_hz: Curve) -> NDArray[np.float32]:
    octaves = np.log2(np.maximum(frequency_hz, 40.0)[None, :] / noise_hz[:, None])
    return np.asarray(np.exp(-((octaves / 0.9) ** 2)), dtype=np.float32)


def _window(n_frame: int) -> Curve:
    return np.sin(np.pi * (np.arange(n_frame) + 0.5) / n_frame).astype(np.float32)


def _frames(sound: Curve, n_frame: int, n_frames: int) -> NDArray[np.complex64]:
    """Spectra of half-overlapping frames, the first centred on sample 0. (frames, bins)."""
    hop = n_frame // 2
    padded = np.pad(sound, (hop, (n_frames + 1) * hop - len(sound)))
    framed = np.lib.stride_tricks.sliding_window_view(padded, n_frame)[::hop][:n_frames]
    return np.asarray(np.fft.rfft(framed * _window(n_frame), axis=1), dtype=np.complex64)


def _overlap(spectrum: NDArray[np.complex64], n_frame: int, n_samples: int) -> Curve:
    hop = n_frame // 2
    framed = np.fft.irfft(spectrum, n_frame, axis=1) * _window(n_frame)
    sound = np.zeros((len(spectrum) + 1) * hop)
    sound[: len(spectrum) * hop] += framed[:, :hop].ravel()
    sound[hop:] += framed[:, hop:].ravel()
    return sound[hop : hop + n_samples].astype(np.float32)


def _earlier(note: PlayedNote, shift_s: float) -> PlayedNote:
    return replace(note, start_s=note.start_s - shift_s, end_s=note.end_s - shift_s)
