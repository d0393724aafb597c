"""Our own sounds: additive voices and noise drums, for styles that want them and as a fallback.

Needs numpy only, so that the simulator runs without a soundfont.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote

Audio = NDArray[np.float32]
NYQUIST_SHARE = 0.45


@dataclass(frozen=True)
class Voice:
    """An additive sound.

    Attributes
    ----------
    partials
        (frequency ratio, amplitude) of each partial
    attack_s, release_s
        rise, and fall to a tenth after the note's end
    decay_s
        fall to a tenth while held, None for a sustained tone; higher partials fall faster
    vibrato_cents
        depth of a vibrato of 5.5 Hz that grows in over half a second
    """

    partials: tuple[tuple[float, float], ...]
    attack_s: float = 0.005
    decay_s: float | None = None
    release_s: float = 0.08
    vibrato_cents: float = 0.0


def _harmonics(count: int, slope: float, step: int = 1) -> tuple[tuple[float, float], ...]:
    return tuple((float(k), k**-slope) for k in range(1, count + 1, step))


VOICES = {
    "reed": Voice(_harmonics(10, 1.4), 0.04, None, 0.12, 12),
    "pad": Voice(_harmonics(8, 1.6), 0.15, None, 0.4, 8),
    "brass": Voice(_harmonics(14, 1.0), 0.03, None, 0.1, 6),
    "pulse": Voice(_harmonics(23, 1.0, 2), 0.002, None, 0.02),
    "pulse_soft": Voice(_harmonics(9, 1.3, 2), 0.002, 0.9, 0.05, 0),
    "lead": Voice(_harmonics(15, 1.0, 2), 0.002, None, 0.03, 18),
    "triangle": Voice(_harmonics(9, 2.0, 2), 0.002, None, 0.02),
    "pluck": Voice(_harmonics(12, 1.1), 0.002, 1.2, 0.12),
    "bass": Voice(_harmonics(6, 1.3), 0.005, 2.0, 0.08),
    "bell": Voice(
        ((1, 1.0), (2.002, 0.25), (3.01, 0.12), (5.42, 0.2), (8.9, 0.08)), 0.001, 1.6, 1.2
    ),
    "click": Voice(((1, 1.0),), 0.0005, 0.02, 0.005),
}


def render_synthesis(
    notes: Sequence[PlayedNote],
    instrument: Instrument,
    *,
    n_samples: int,
    sample_rate: int,
    tuning_cents: float,
    rng: np.random.Generator,
) -> Audio:
    """Sound of one part. Returns (n_samples, 2), both channels alike."""
    mono = np.zeros(n_samples, dtype=np.float32)
    early_s = 0.0 if instrument.is_drums else VOICES[instrument.voice].attack_s / 2
    for note in notes:
        if instrument.is_drums:
            sound = drum_sound(note.pitch, sample_rate=sample_rate, rng=rng)
        else:
            sound = tone(note, VOICES[instrument.voice], sample_rate, tuning_cents)
        start = max(0, round((note.start_s - early_s) * sample_rate))
        end = min(n_samples, start + len(sound))
        mono[start:end] += note.velocity**1.5 * sound[: end - start]
    return np.stack([mono, mono], axis=1)


def tone(note: PlayedNote, voice: Voice, sample_rate: int, tuning_cents: float = 0.0) -> Audio:
    """One note with its release, peak about 1; partials above the band limit are left out."""
    held_s = note.end_s - note.start_s
    time_s = np.arange(round((held_s + 1.5 * voice.release_s) * sample_rate)) / sample_rate
    frequency_hz = 440 * 2 ** ((note.pitch - 69 + tuning_cents / 100) / 12)
    vibrato = voice.vibrato_cents / 1200 * np.minimum(1, time_s / 0.5)
    bend = 2 ** (vibrato * np.sin(2 * np.pi * 5.5 * time_s))
    phase = 2 * np.pi * frequency_hz * np.cumsum(bend) / sample_rate
    sound = np.zeros(len(time_s))
    for ratio, amplitude in voice.partials:
        if ratio * frequency_hz < NYQUIST_SHARE * sample_rate:
            fall = np.exp(-2.3 * time_s * ratio**0.5 / voice.decay_s) if voice.decay_s else 1.0
            sound += amplitude * fall * np.sin(ratio * phase)
    rise = np.minimum(1, time_s / voice.attack_s)
    release = np.exp(-2.3 * np.maximum(0, time_s - held_s) / voice.release_s)
    loudest = sum(amplitude for _, amplitude in voice.partials) ** 0.5
    fade = np.minimum(1, (time_s[-1] - time_s) / 0.01)
    return np.asarray(sound * rise * release * fade / loudest, dtype=np.float32)


def drum_sound(pitch: int, *, sample_rate: int, rng: np.random.Generator) -> Audio:
    """A drum by its General MIDI number: a falling sine, filtered noise, or both."""
    time_s = np.arange(round(0.35 * sample_rate)) / sample_rate
    noise = rng.uniform(-1, 1, len(time_s))
    if pitch in (35, 36, 41, 43, 45, 47, 48):
        low_hz = 48 if pitch <= 36 else 90
        body = np.sin(2 * np.pi * (low_hz * time_s + 4.5 * (1 - np.exp(-time_s / 0.03))))
        sound = body * np.exp(-time_s / 0.09)
    elif pitch in (37, 38, 39, 40):
        sound = (0.6 * noise + 0.4 * np.sin(2 * np.pi * 190 * time_s)) * np.exp(-time_s / 0.06)
    elif pitch == 76:
        sound = np.sin(2 * np.pi * 1900 * time_s) * np.exp(-time_s / 0.012)
    else:
        decay_s = {46: 0.12, 49: 0.2, 51: 0.1}.get(pitch, 0.025)
        sound = np.diff(noise, prepend=0.0) * 0.5 * np.exp(-time_s / decay_s)
    return sound.astype(np.float32)
