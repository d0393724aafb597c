"""What sounds beside the music: hiss, hum, the crackle of a record, people in the room."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from align.simulation.sound.filters import Frequencies, apply_response
from align.simulation.sound.plan import NoisePlan
from align.simulation.sound.synthesis import Audio

CLICKS_PER_S = 12.0


def add_noises(
    sound: Audio, plan: NoisePlan, *, sample_rate: int, rng: np.random.Generator
) -> Audio:
    """Add each noise at its level below the music's. (n, 2) -> (n, 2)."""
    music_rms = float(np.sqrt(np.mean(sound**2))) if len(sound) else 0.0
    if music_rms == 0:
        return sound
    out = sound.copy()
    n_samples = len(sound)
    if plan.hiss_db is not None:
        out += _scaled(rng.standard_normal((n_samples, 2), np.float32), music_rms, plan.hiss_db)
    if plan.hum_db is not None:
        out += _scaled(hum(n_samples, plan.hum_hz, sample_rate), music_rms, plan.hum_db)
    if plan.crackle_db is not None:
        out += _scaled(crackle(n_samples, sample_rate, rng), music_rms, plan.crackle_db)
    if plan.crowd_db is not None:
        out += _scaled(crowd(n_samples, sample_rate, rng), music_rms, plan.crowd_db)
    return out


def hum(n_samples: int, frequency_hz: float, sample_rate: int) -> Audio:
    """Mains hum with its odd and even harmonics. Returns (n_samples, 2)."""
    phase = 2 * np.pi * frequency_hz / sample_rate * np.arange(n_samples)
    mono = sum(np.sin(k * phase) / k for k in (1, 2, 3, 5, 7))
    return np.stack([mono, mono], axis=1).astype(np.float32)


def crackle(n_samples: int, sample_rate: int, rng: np.random.Generator) -> Audio:
    """Clicks of a worn record. Returns (n_samples, 2)."""
    mono = np.zeros(n_samples, dtype=np.float32)
    count = rng.poisson(CLICKS_PER_S * n_samples / sample_rate)
    place = rng.integers(0, max(1, n_samples), count)
    mono[place] = rng.standard_normal(count) * rng.pareto(2.5, count).clip(0, 12)
    stereo = np.stack([mono, 0.7 * mono], axis=1)
    return apply_response(stereo, _click_body, sample_rate=sample_rate)


def crowd(n_samples: int, sample_rate: int, rng: np.random.Generator) -> Audio:
    """Many people talking at once: noise in the bands of speech, alive in level. (n_samples, 2)."""
    noise = rng.standard_normal((n_samples, 2), np.float32)
    shaped = apply_response(noise, _speech_band, sample_rate=sample_rate)
    return shaped * wavering(n_samples, sample_rate, rng, changes_per_s=3.0)[:, None]


def wavering(
    n_samples: int, sample_rate: int, rng: np.random.Generator, *, changes_per_s: float
) -> NDArray[np.float32]:
    """A level around 1 that wanders. Returns (n_samples,)."""
    count = 2 + int(n_samples / sample_rate * changes_per_s)
    levels = np.exp(0.45 * rng.standard_normal(count))
    at = np.linspace(0, count - 1, n_samples)
    return np.interp(at, np.arange(count), levels).astype(np.float32)


def _scaled(noise: Audio, music_rms: float, level_db: float) -> Audio:
    rms = max(1e-9, float(np.sqrt(np.mean(noise**2))))
    return np.asarray(noise * (music_rms * 10 ** (level_db / 20) / rms), dtype=np.float32)


def _speech_band(frequency_hz: Frequencies) -> Frequencies:
    heard_hz = np.maximum(frequency_hz, 1.0)
    low = 1 / np.sqrt(1 + (180 / heard_hz) ** 4)
    return np.asarray(low / (1 + (heard_hz / 700) ** 1.5))


def _click_body(frequency_hz: Frequencies) -> Frequencies:
    return np.asarray(1 / np.sqrt(1 + (frequency_hz / 3500) ** 2))
