"""A guitar amplifier: a whole part driven into saturation together, and its loudspeaker.

Distortion belongs to the sum of the strings: two notes make the combination tones that metal
lives on. The speaker is a gain for each frequency and delays nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import soxr
from scipy.ndimage import maximum_filter1d

from align.simulation.sound.filters import Frequencies, apply_response
from align.simulation.sound.synthesis import Audio

OVERSAMPLING = 4
GATE_S = 0.01


@dataclass(frozen=True)
class Amplifier:
    """What guitarists set.

    Attributes
    ----------
    drive_db
        gain into the valves
    tight_hz
        what is cut before them
    speaker_hz
        the loudspeaker's upper limit
    presence_db, scoop_db
        more at 2.5 kHz, less at 600 Hz
    hiss_db
        noise of the pick-ups while they play, beside the clean strings
    doubled
        played twice, a take for each side
    """

    drive_db: float
    tight_hz: float
    speaker_hz: float
    presence_db: float = 4.0
    scoop_db: float = 3.0
    hiss_db: float = -60.0
    doubled: bool = False


OVERDRIVEN = Amplifier(24.0, 160.0, 4800.0, 3.0)
DISTORTED = Amplifier(46.0, 90.0, 5200.0, 6.0, 9.0, -48.0, doubled=True)
# By General MIDI program (from 0): the guitars that need one.
AMPLIFIERS = {29: OVERDRIVEN, 30: DISTORTED}


def turn_knobs(amplifier: Amplifier, rng: np.random.Generator) -> Amplifier:
    """The same kind of amplifier, as another guitarist sets it."""
    return replace(
        amplifier,
        drive_db=amplifier.drive_db + rng.uniform(-8, 6),
        tight_hz=amplifier.tight_hz * rng.uniform(0.6, 2.0),
        speaker_hz=amplifier.speaker_hz * rng.uniform(0.75, 1.25),
        presence_db=amplifier.presence_db + rng.uniform(-4, 4),
    )


def amplify(
    clean: Audio, amplifier: Amplifier, *, sample_rate: int, rng: np.random.Generator
) -> Audio:
    """Drive a part through the amplifier. (n, 2) -> (n, 2); mono in, mono out unless doubled."""
    level = np.sqrt(np.mean(clean[np.abs(clean).max(axis=1) > 1e-4] ** 2)) if clean.any() else 0
    if level == 0:
        return clean
    into = apply_response(
        clean / level,
        lambda hz: 1 / np.sqrt(1 + (amplifier.tight_hz / np.maximum(hz, 1.0)) ** 2),
        sample_rate=sample_rate,
    )
    # A gate shuts the noise off where the strings are silent.
    playing = maximum_filter1d(np.abs(into[:, :1]), round(GATE_S * sample_rate), axis=0) > 0.05
    hiss = 10 ** (amplifier.hiss_db / 20) * rng.standard_normal(into.shape, np.float32)
    into = into + playing * hiss
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
    scoop_db = -amplifier.scoop_db * np.exp(-((np.log2(audible_hz / 600) / 0.9) ** 2))
    return np.asarray(low * high * 10 ** ((bump_db + scoop_db) / 20))
