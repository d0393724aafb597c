"""Drums from models: membranes with falling pitch, rattling snares, cymbals of many modes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.simulation.sound.filters import Frequencies, apply_response

CYMBAL_MODES = 40


@dataclass(frozen=True)
class Drum:
    """One drum.

    Attributes
    ----------
    body_hz, drop_hz, body_s
        a membrane's pitch, how far above it begins, its time constant; 0 Hz: none
    noise, noise_hz, noise_s
        level of its noise, centre of the band (two octaves wide), time constant
    metal, metal_hz, metal_s
        level of inharmonic modes, the lowest of them, time constant
    strokes
        how often hands or jingles hit within 25 ms
    """

    body_hz: float = 0.0
    drop_hz: float = 0.0
    body_s: float = 0.1
    noise: float = 0.0
    noise_hz: float = 3000.0
    noise_s: float = 0.05
    metal: float = 0.0
    metal_hz: float = 3000.0
    metal_s: float = 0.5
    strokes: int = 1


KICK = Drum(52, 160, 0.12, 0.25, 3500, 0.004)
SNARE = Drum(185, 60, 0.07, 0.9, 4200, 0.09)
CLAP = Drum(noise=1.0, noise_hz=1400, noise_s=0.05, strokes=3)
CLOSED_HAT = Drum(noise=0.5, noise_hz=8500, noise_s=0.025, metal=0.5, metal_hz=4200, metal_s=0.03)
OPEN_HAT = Drum(noise=0.4, noise_hz=8000, noise_s=0.25, metal=0.5, metal_hz=3800, metal_s=0.35)
CRASH = Drum(noise=0.8, noise_hz=5500, noise_s=0.5, metal=0.6, metal_hz=900, metal_s=0.9)
RIDE = Drum(noise=0.15, noise_hz=7000, noise_s=0.3, metal=0.7, metal_hz=1500, metal_s=0.8)
RIM = Drum(480, 0, 0.012, 0.4, 2500, 0.006)
SHAKER = Drum(noise=0.6, noise_hz=6500, noise_s=0.04)
JINGLES = Drum(noise=0.3, noise_hz=8000, noise_s=0.06, metal=0.6, metal_hz=5000, metal_s=0.1,
               strokes=2)  # fmt: skip
DRUMS = {
    35: KICK, 36: KICK, 37: RIM, 38: SNARE, 39: CLAP, 42: CLOSED_HAT, 44: CLOSED_HAT, 46: OPEN_HAT,
    40: Drum(230, 80, 0.05, 1.0, 5000, 0.07), 49: CRASH, 52: CRASH, 55: CRASH, 57: CRASH,
    51: RIDE, 53: RIDE, 59: RIDE, 54: JINGLES, 69: SHAKER, 70: SHAKER, 82: SHAKER,
    56: Drum(560, 0, 0.1, metal=0.5, metal_hz=845, metal_s=0.12),
}  # fmt: skip
# Toms from the lowest, in Hz, by drum number.
TOMS_HZ = {41: 75, 43: 88, 45: 105, 47: 125, 48: 150, 50: 175, 60: 260, 61: 210, 62: 300, 63: 280,
           64: 190, 65: 400, 66: 320}  # fmt: skip


def find_drum(number: int) -> Drum:
    """The drum of a General MIDI number; what is not named is a block of wood."""
    if number in TOMS_HZ:
        return Drum(TOMS_HZ[number], 0.5 * TOMS_HZ[number], 0.16, 0.12, 2000, 0.01)
    return DRUMS.get(number, Drum(900.0 + 10 * number, 0, 0.02, 0.1, 3000, 0.004))


def strike(drum: Drum, *, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """One stroke, peak 1, until it has faded. Returns (n,)."""
    longest_s = max(drum.body_s * bool(drum.body_hz), drum.noise_s * bool(drum.noise),
                    drum.metal_s * bool(drum.metal))  # fmt: skip
    time_s = np.arange(round((5 * longest_s + 0.03) * sample_rate)) / sample_rate
    sound = np.zeros(len(time_s))
    if drum.body_hz:
        fallen = drum.body_hz * time_s + drum.drop_hz * 0.02 * (1 - np.exp(-time_s / 0.02))
        sound += np.sin(2 * np.pi * fallen) * np.exp(-time_s / drum.body_s)
    if drum.noise:
        hiss = _band_noise(drum.noise_hz, len(time_s), sample_rate, rng)
        sound += drum.noise * hiss * np.exp(-time_s / drum.noise_s)
    if drum.metal:
        sound += drum.metal * _metal(drum, time_s, sample_rate, rng)
    sound = _stroke_often(sound, drum.strokes, sample_rate, rng)
    sound *= np.minimum(1, (len(sound) - np.arange(len(sound))) / (0.02 * sample_rate))
    return np.asarray(sound / np.abs(sound).max(), dtype=np.float32)


def _band_noise(
    centre_hz: float, n_samples: int, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    def band(frequency_hz: Frequencies) -> Frequencies:
        octaves = np.log2(np.maximum(frequency_hz, 20.0) / centre_hz)
        return np.asarray(np.exp(-((octaves / 1.0) ** 2)))

    noise = rng.standard_normal((n_samples, 1), np.float32)
    shaped = apply_response(noise, band, sample_rate=sample_rate)[:, 0]
    return np.asarray(shaped / max(1e-9, float(shaped.std())) * 0.4)


def _metal(
    drum: Drum, time_s: NDArray[np.float64], sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Many modes between the lowest and twelve times as much, the high ones shorter."""
    ratio = np.exp(rng.uniform(0, np.log(12), CYMBAL_MODES))
    modes_hz = drum.metal_hz * ratio
    sound = np.zeros(len(time_s))
    for hz, phase in zip(modes_hz, rng.uniform(0, 2 * np.pi, CYMBAL_MODES), strict=True):
        if hz < 0.45 * sample_rate:
            fall = np.exp(-time_s / drum.metal_s * (hz / drum.metal_hz) ** 0.3)
            sound += np.sin(2 * np.pi * hz * time_s + phase) * fall
    return np.asarray(sound / CYMBAL_MODES**0.5)


def _stroke_often(
    sound: NDArray[np.float64], strokes: int, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Weaker strokes within 25 ms after the first, as of many hands."""
    out = sound.copy()
    for _ in range(strokes - 1):
        late = round(rng.uniform(0.004, 0.025) * sample_rate)
        out[late:] += rng.uniform(0.4, 0.8) * sound[: len(sound) - late]
    return out
