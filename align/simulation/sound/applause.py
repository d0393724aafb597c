"""Applause made of single claps: people who each clap at their own pace, and some who cheer.

After Peltola, Erkut, Cook and Valimaki, Synthesis of hand clapping sounds (2007): a clap is a
short burst of noise around the resonance of the hands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, oaconvolve, sosfilt

from align.simulation.sound.synthesis import Audio

N_SHAPES = 16
CLAP_S = 0.03


def clapping(n_samples: int, *, sample_rate: int, rng: np.random.Generator) -> Audio:
    """An audience that claps: swells, lasts, and dies away. Returns (n_samples, 2)."""
    duration_s = n_samples / sample_rate
    strokes = np.zeros((N_SHAPES, n_samples, 2), dtype=np.float32)
    for _ in range(int(np.exp(rng.uniform(np.log(8), np.log(150))))):
        begin_s, end_s = _taking_part(duration_s, rng)
        period_s = rng.uniform(0.18, 0.32)
        times_s = begin_s + np.arange(0, end_s - begin_s, period_s)
        times_s = times_s + 0.012 * rng.standard_normal(len(times_s))
        place = np.clip(np.round(times_s * sample_rate), 0, n_samples - 1).astype(int)
        level = rng.uniform(0.1, 1) ** 2 * rng.uniform(0.7, 1, len(place))
        pan = rng.uniform(0, np.pi / 2)
        shape = strokes[rng.integers(N_SHAPES)]
        np.add.at(shape, place, level[:, None] * np.array([np.cos(pan), np.sin(pan)]))
    heard = np.zeros((n_samples, 2))
    for shape in strokes:
        heard += oaconvolve(shape, _clap(sample_rate, rng)[:, None], axes=0)[:n_samples]
    return (heard + _cheer(n_samples, sample_rate, heard, rng)).astype(np.float32)


def _taking_part(duration_s: float, rng: np.random.Generator) -> tuple[float, float]:
    """When somebody begins and stops: nearly all soon, some give up early."""
    begin_s = min(rng.exponential(0.35), 0.3 * duration_s)
    end_s = duration_s * rng.beta(5, 1.6)
    return begin_s, max(end_s, begin_s)


def _clap(sample_rate: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """One pair of hands. Returns (n,) with its peak at 1."""
    time_s = np.arange(round(CLAP_S * sample_rate)) / sample_rate
    centre_hz, width = rng.uniform(700, 2600), rng.uniform(0.25, 0.6)
    edges_hz = np.minimum((centre_hz * (1 - width), centre_hz * (1 + width)), 0.45 * sample_rate)
    band = butter(1, edges_hz, "band", fs=sample_rate, output="sos")
    burst = rng.standard_normal(len(time_s)) * np.exp(-time_s / rng.uniform(0.002, 0.007))
    clap = sosfilt(band, burst)
    return np.asarray(clap / np.abs(clap).max())


def _cheer(
    n_samples: int, sample_rate: int, claps: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Shouts and whistles above the claps, or none. Returns (n_samples, 2)."""
    heard = np.zeros((n_samples, 2))
    loud = 3 * float(np.sqrt(np.mean(claps**2)))
    for _ in range(rng.poisson(0.4 * n_samples / sample_rate) if rng.random() < 0.6 else 0):
        length = min(n_samples, round(rng.uniform(0.25, 0.9) * sample_rate))
        time_s = np.arange(length) / sample_rate
        start_hz, reach = rng.choice([rng.uniform(300, 600), rng.uniform(1200, 2400)]), rng.normal()
        glide_hz = start_hz * (1 + 0.3 * reach * np.sin(np.pi * time_s / time_s[-1]))
        shout = np.sin(2 * np.pi * np.cumsum(glide_hz) / sample_rate)
        shout = np.tanh(3 * shout) * np.hanning(length) * (1 + 0.5 * rng.standard_normal(length))
        start = rng.integers(0, n_samples - length + 1)
        heard[start : start + length] += loud * rng.uniform(0.1, 0.5) * shout[:, None]
    return heard
