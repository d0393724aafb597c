"""A room around a sound: the direct sound at once, first reflections, a tail of decaying noise.

The direct sound is never delayed nor left out, so what was played at a time is heard at that time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from align.simulation.sound.filters import Frequencies, apply_response
from align.simulation.sound.plan import RoomPlan
from align.simulation.sound.synthesis import Audio

SPEED_OF_SOUND_M_S = 343.0
N_REFLECTIONS = 12
DECAY_60_DB = 6.9  # exp(-6.9) is -60 dB


def apply_room(dry: Audio, room: RoomPlan, *, sample_rate: int, rng: np.random.Generator) -> Audio:
    """Put a sound into a room. (n, 2) -> (n, 2)."""
    if room.distance <= 0 or room.seconds <= 0:
        return dry
    response = room_response(room, sample_rate=sample_rate, rng=rng)
    centre = dry.mean(axis=1)
    wet = np.stack([oaconvolve(centre, response[:, side]) for side in (0, 1)], axis=1)
    return np.asarray(dry + wet[: len(dry)], dtype=np.float32)


def room_response(
    room: RoomPlan, *, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """What the room adds to the direct sound. Returns (n, 2); its energy beside the direct sound's
    runs from -26 dB (`distance` 0) to +4 dB (1)."""
    n_samples = max(2, round(room.seconds * sample_rate))
    time_s = np.arange(n_samples) / sample_rate
    tail = rng.normal(size=(n_samples, 2)) * np.exp(-DECAY_60_DB * time_s / room.seconds)[:, None]
    # [m] / [m/s] = [s]: the tail builds up while sound crosses the room.
    crossing_s = room.size_m / SPEED_OF_SOUND_M_S
    tail *= (1 - np.exp(-time_s / (2 * crossing_s)))[:, None]
    aired = apply_response(tail.astype(np.float32), _air, sample_rate=sample_rate)
    aired /= np.sqrt((aired**2).sum(axis=0))
    early = _reflections(room, crossing_s, n_samples, sample_rate, rng)
    energy_db = -26 + 30 * room.distance
    gain = 10 ** (energy_db / 20)
    return np.asarray(gain * (0.8 * aired + 0.6 * early), dtype=np.float32)


def _reflections(
    room: RoomPlan, crossing_s: float, n_samples: int, sample_rate: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """A dozen echoes from the walls, weaker as they are later, of unit energy in each ear."""
    early = np.zeros((n_samples, 2))
    delay_s = 0.001 + crossing_s * rng.uniform(0.15, 2.5, size=(N_REFLECTIONS, 2))
    weight = np.exp(-DECAY_60_DB * delay_s / room.seconds) / (1 + delay_s / crossing_s)
    place = np.minimum(n_samples - 1, np.round(delay_s * sample_rate).astype(int))
    for side in (0, 1):
        np.add.at(early[:, side], place[:, side], weight[:, side])
    return np.asarray(early / np.maximum(1e-9, np.sqrt((early**2).sum(axis=0))))


def _air(frequency_hz: Frequencies) -> Frequencies:
    """Air and walls swallow highs, small rooms do not carry lows."""
    high = 1 / np.sqrt(1 + (frequency_hz / 4500) ** 2)
    low = 1 / np.sqrt(1 + (120 / np.maximum(frequency_hz, 1)) ** 2)
    return np.asarray(high * low)
