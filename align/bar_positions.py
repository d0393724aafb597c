"""Which place in the bar each beat has, by a Viterbi search over meter and place.

Two stages, first beats and then bars (Böck, Krebs, Widmer, "Joint beat and downbeat tracking with
recurrent neural networks", ISMIR 2016, search both at once, with one meter per recording): here
the meter may change at every bar line, and a bar may break off where the beats do.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from align.evidence import Activation, clear_level, evidence

Seconds = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

METERS = (2, 3, 4, 6)
METER_OF = np.repeat(METERS, METERS)  # (places,)
PLACE_OF = np.concatenate([np.arange(1, meter + 1) for meter in METERS])  # (places,)
CHANGE_PRICE = 6.0
"""Of another meter after a complete bar."""
BREAK_PRICE = 8.0
"""Of any other place than the next."""
PAUSE_PRICE = 2.0
"""The same after a pause."""
PAUSE_RATIO = 1.75
"""A beat so many times as long as its neighbours is a pause."""
NEIGHBOURS = 17
LIKELY_SHARE = 0.35
"""A downbeat is likely from this share of what the recording's clear downbeats reach."""
REACH_S = 0.05


def place_beats(
    beats_s: Seconds, downbeat_activation: Activation, *, frame_rate: float
) -> Positions:
    """Places in the bar, 1 for downbeats.

    Parameters
    ----------
    beats_s
        increasing, (beats,)
    downbeat_activation
        likelihood of a downbeat, 0..1, (frames,)
    frame_rate
        of the activation, frames per second
    """
    if not len(beats_s):
        return np.zeros(0, np.int64)
    heard = _near_beats(beats_s, downbeat_activation, frame_rate)
    worth = evidence(heard, LIKELY_SHARE * clear_level(heard))
    return PLACE_OF[_best_path(worth, _pauses(beats_s))]


def _near_beats(beats_s: Seconds, activation: Activation, frame_rate: float) -> Vector:
    """Highest activation within `REACH_S` of each beat, (beats,)."""
    highest = scipy.ndimage.maximum_filter1d(activation, 2 * round(REACH_S * frame_rate) + 1)
    frames = np.round(beats_s * frame_rate).astype(np.int64)
    return np.asarray(highest[np.clip(frames, 0, len(highest) - 1)])


def _pauses(beats_s: Seconds) -> npt.NDArray[np.bool_]:
    """Whether a pause precedes each beat, (beats,)."""
    gaps_s = np.diff(beats_s, prepend=beats_s[:1])
    usual_s = scipy.ndimage.median_filter(gaps_s, NEIGHBOURS, mode="nearest")
    return np.asarray(gaps_s > PAUSE_RATIO * usual_s)


def _transitions() -> Matrix:
    """Worth of each place (columns) after each (rows), at most 0, (places, places)."""
    completed = (PLACE_OF == METER_OF)[:, None]
    begins = (PLACE_OF == 1)[None, :]
    same_meter = METER_OF[:, None] == METER_OF[None, :]
    follows = same_meter & (PLACE_OF[None, :] == PLACE_OF[:, None] + 1)
    worth = np.full(same_meter.shape, -BREAK_PRICE)
    worth[completed & begins] = -CHANGE_PRICE
    worth[follows | (completed & begins & same_meter)] = 0.0
    return worth


def _best_path(downbeat: Vector, pauses: npt.NDArray[np.bool_]) -> Positions:
    """Index into `PLACE_OF` of each beat on the best path, (beats,)."""
    steady = _transitions()
    broken = np.maximum(steady, -PAUSE_PRICE)
    begins = PLACE_OF == 1
    worth = downbeat[0] * begins
    origins = np.zeros((len(downbeat), len(PLACE_OF)), np.int64)
    for beat in range(1, len(downbeat)):
        arriving = worth[:, None] + (broken if pauses[beat] else steady)
        origins[beat] = arriving.argmax(axis=0)
        worth = arriving.max(axis=0) + downbeat[beat] * begins
    path = np.zeros(len(downbeat), np.int64)
    path[-1] = int(worth.argmax())
    for beat in range(len(downbeat) - 1, 0, -1):
        path[beat - 1] = origins[beat, path[beat]]
    return path
