"""Tones by frequency modulation (Chowning 1973): electric pianos, bells, mallets, a bass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class FmSound:
    """Pairs of (carrier ratio, modulator ratio, index, level, time constant of both in s)."""

    pairs: tuple[tuple[float, float, float, float, float], ...]
    release_s: float = 0.3


FM_SOUNDS = {
    "electric_piano": FmSound(((1, 1, 1.0, 0.8, 1.6), (1, 14, 0.35, 0.3, 0.25)), 0.2),
    "bell": FmSound(((1, 3.5, 1.6, 0.7, 1.2), (2, 5.4, 1.2, 0.25, 0.7)), 1.0),
    "mallet": FmSound(((1, 4, 0.8, 0.8, 0.35), (4, 2.76, 0.6, 0.2, 0.05)), 0.25),
    "fm_bass": FmSound(((1, 1, 2.2, 0.9, 0.5), (0.5, 1, 0.6, 0.3, 1.0)), 0.08),
}


def fm_tone(
    sound: FmSound, pitch: float, strength: float, *, length_s: float, sample_rate: int
) -> NDArray[np.float32]:
    """One tone of about unit level at full strength. Returns (n,)."""
    frequency_hz = 440 * 2 ** ((pitch - 69) / 12)
    time_s = np.arange(round(length_s * sample_rate)) / sample_rate
    tone = np.zeros(len(time_s))
    for carrier, modulator, index, level, constant_s in sound.pairs:
        if modulator * frequency_hz > 0.4 * sample_rate:
            continue
        fall = np.exp(-time_s / constant_s)
        # Sidebands above half the sample rate would fold back: fewer for high notes.
        reach = (0.45 * sample_rate / frequency_hz - carrier) / modulator - 1
        depth = min(index * (0.4 + 0.6 * strength) * 1.2, max(0.0, reach))
        swing = depth * fall * np.sin(2 * np.pi * modulator * frequency_hz * time_s)
        tone += level * fall * np.sin(2 * np.pi * carrier * frequency_hz * time_s + swing)
    attack = np.minimum(1, time_s / 0.0015)
    return np.asarray(strength**1.5 * tone * attack, dtype=np.float32)
