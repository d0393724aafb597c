"""A guitar amplifier: a whole part driven into saturation together, and its loudspeaker.

Distortion belongs to the sum of the strings: two notes make the combination tones that metal
lives on. The speaker is a gain for each frequency and delays nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr

from align.simulation.sound.filters import Frequencies, apply_response
from align.simulation.sound.synthesis import Audio

OVERSAMPLING = 4


@dataclass(frozen=True)
class Amplifier:
    """Gain into the valves in dB, what is cut before them, and the speaker's upper limit."""

    drive_db: float
    tight_hz: float
    speaker_hz: float
    presence_db: float = 4.0
    doubled: bool = False


AMPLIFIERS = {
    "overdriven": Amplifier(24.0, 160.0, 4800.0, 3.0),
    "distorted": Amplifier(46.0, 110.0, 4600.0, 6.0, doubled=True),
}


def amplify(clean: Audio, amplifier: Amplifier, *, sample_rate: int) -> Audio:
    """Drive a part through the amplifier. (n, 2) -> (n, 2); mono in, mono out unless doubled."""
    level = np.sqrt(np.mean(clean[np.abs(clean).max(axis=1) > 1e-4] ** 2)) if clean.any() else 0
    if level == 0:
        return clean
    into = apply_response(
        clean / level,
        lambda hz: 1 / np.sqrt(1 + (amplifier.tight_hz / np.maximum(hz, 1.0)) ** 2),
        sample_rate=sample_rate,
    )
    gain = 10 ** (amplifier.drive_db / 20)
    fast = soxr.resample(into, sample_rate, OVERSAMPLING * sample_rate)
    # Lopsided, so that even harmonics appear as well.
    driven = np.tanh(gain * fast / 4 + 0.25) - np.tanh(0.25)
    slow = soxr.resample(driven, OVERSAMPLING * sample_rate, sample_rate)[: len(clean)]
    out = np.zeros_like(clean)
    out[: len(slow)] = slow
    return apply_response(out, lambda hz: _speaker(hz, amplifier), sample_rate=sample_rate)


def _speaker(frequency_hz: Frequencies, amplifier: Amplifier) -> Frequencies:
    """Twelve inches in a closed box: nothing below 90 Hz, a bump at 2.5 kHz, a steep end."""
    audible_hz = np.maximum(frequency_hz, 1.0)
    low = 1 / np.sqrt(1 + (90 / audible_hz) ** 6)
    high = 1 / np.sqrt(1 + (audible_hz / amplifier.speaker_hz) ** 10)
    bump_db = amplifier.presence_db * np.exp(-((np.log2(audible_hz / 2500) / 0.7) ** 2))
    scoop_db = -4 * np.exp(-((np.log2(audible_hz / 500) / 0.8) ** 2))
    return np.asarray(low * high * 10 ** ((bump_db + scoop_db) / 20))
