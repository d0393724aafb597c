"""One tone from the strengths of its harmonics over time: period by period, then read in time.

A period is the inverse Fourier transform of the harmonics' amplitudes at that moment. Plucked
strings are the closed form of Karplus and Strong (1983): in a loop each harmonic falls
exponentially, the higher the faster. Reading the periods along a phase gives exact tuning and
vibrato.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.simulation.sound.synthesis import NYQUIST_SHARE

MOST_HARMONICS = 60
READINGS_PER_CYCLE = 4


@dataclass(frozen=True)
class Timbre:
    """How the harmonics of a tone begin, last and end.

    Attributes
    ----------
    slope
        the k-th harmonic begins with k ** -slope
    even
        weight of the even harmonics (0: a closed pipe, a square wave)
    pick
        share of the string at which it is plucked; None: no comb
    attack_s
        rise; `bloom` makes the higher harmonics rise later
    decay_s
        time constant of the fundamental, None where it is held; `damping` makes the k-th harmonic
        fall 1 + damping * (k - 1) times as fast
    peaks
        (frequency_hz, gain_db, octaves) resonances of the body
    unison_cents
        a copy for each, detuned
    noise
        of breath, bow or pick, with its band's centre and its time constant (None: held)
    """

    slope: float = 1.0
    even: float = 1.0
    pick: float | None = None
    attack_s: float = 0.002
    bloom: float = 0.0
    decay_s: float | None = None
    damping: float = 0.3
    release_s: float = 0.12
    peaks: tuple[tuple[float, float, float], ...] = ()
    unison_cents: tuple[float, ...] = (0.0,)
    vibrato_cents: float = 0.0
    vibrato_hz: float = 5.4
    noise: float = 0.0
    noise_hz: float = 3000.0
    noise_s: float | None = 0.02


def harmonic_tone(
    timbre: Timbre,
    pitch: float,
    strength: float,
    *,
    length_s: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> NDArray[np.float32]:
    """One tone of about unit level at full strength. Returns (n,)."""
    frequency_hz = 440 * 2 ** ((pitch - 69) / 12)
    n_samples = round(length_s * sample_rate)
    time_s = np.arange(n_samples, dtype=np.float64) / sample_rate
    depth = timbre.vibrato_cents / 1200 * np.clip((time_s - 0.15) / 0.4, 0, 1)
    swing = depth * np.sin(2 * np.pi * timbre.vibrato_hz * time_s)
    tone = np.zeros(n_samples)
    periods = _periods(timbre, frequency_hz, strength, length_s, sample_rate, rng)
    per_period = periods.shape[1]
    table = periods.ravel()
    for cents in timbre.unison_cents:
        bend = np.exp2(swing + cents / 1200)
        phase = rng.random() + np.cumsum(bend) * (frequency_hz / sample_rate)
        tone += np.interp(phase * per_period, np.arange(len(table)), table)
    tone *= np.minimum(1, time_s / timbre.attack_s) / len(timbre.unison_cents) ** 0.5
    tone += _noise(timbre, time_s, sample_rate, rng)
    return np.asarray(strength**1.5 * tone, dtype=np.float32)


def _periods(
    timbre: Timbre,
    frequency_hz: float,
    strength: float,
    length_s: float,
    sample_rate: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """The tone's periods one after the other. Returns (periods, samples each)."""
    count = int(np.clip(NYQUIST_SHARE * sample_rate / frequency_hz, 1, MOST_HARMONICS))
    harmonic = np.arange(1, count + 1)
    # Weak tones are dull.
    amplitude = harmonic ** -(timbre.slope + 0.5 * (1 - strength))
    amplitude[1::2] *= timbre.even
    if timbre.pick is not None:
        amplitude *= np.abs(np.sin(np.pi * harmonic * timbre.pick)) + 0.02
    for peak_hz, gain_db, octaves in timbre.peaks:
        away = np.log2(harmonic * frequency_hz / peak_hz) / octaves
        amplitude *= 10 ** (gain_db * np.exp(-(away**2)) / 20)
    amplitude /= np.sqrt((amplitude**2).sum())
    n_periods = int(length_s * frequency_hz * 1.05) + 4
    at_s = np.arange(n_periods)[:, None] / frequency_hz
    strengths = amplitude * _evolution(timbre, harmonic, at_s)
    phases = np.exp(2j * np.pi * rng.random(count))
    spectrum = np.zeros((n_periods, 2 * count + 1), dtype=complex)
    spectrum[:, 1 : count + 1] = strengths * phases
    samples = READINGS_PER_CYCLE * count
    return np.asarray(np.fft.irfft(spectrum, samples, axis=1) * samples / 2)


def _evolution(
    timbre: Timbre, harmonic: NDArray[np.int64], at_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Level of each harmonic over time, from 1. Returns (periods, harmonics)."""
    level = np.ones((len(at_s), len(harmonic)))
    if timbre.decay_s is not None:
        level = np.exp(-at_s / timbre.decay_s * (1 + timbre.damping * (harmonic - 1)))
    if timbre.bloom:
        level = level * (1 - np.exp(-at_s / (timbre.bloom * harmonic**0.5)))
    return level


def _noise(
    timbre: Timbre, time_s: NDArray[np.float64], sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    if not timbre.noise:
        return np.zeros(len(time_s))
    from scipy.signal import butter, sosfilt

    edges_hz = np.minimum((0.6 * timbre.noise_hz, 1.6 * timbre.noise_hz), 0.45 * sample_rate)
    if edges_hz[0] >= edges_hz[1]:
        return np.zeros(len(time_s))
    band = butter(1, edges_hz, "band", fs=sample_rate, output="sos")
    hiss = sosfilt(band, rng.standard_normal(len(time_s)))
    if timbre.noise_s is None:
        return np.asarray(timbre.noise * hiss * np.minimum(1, time_s / timbre.attack_s))
    return np.asarray(timbre.noise * hiss * np.exp(-time_s / timbre.noise_s))
