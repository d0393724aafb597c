"""The hidden Markov model of beats: what a path through a recording's frames is worth.

A path is beats of whole frames and rests in any order. Within a beat the tempo stands still, from
beat to beat it may change (Krebs, Böck, Widmer, "An efficient state-space model for joint tempo
and meter tracking", ISMIR 2015); a rest is where nobody plays: talk, applause, a fermata.

Everything is a logarithm. A path earns the evidence of each frame that begins a beat and pays for
changes of tempo and for rests. Values are not normalised: only the best path is asked for, and a
price per beat would draw the tempo down by an octave.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

FASTEST_BPM, SLOWEST_BPM = 320.0, 37.5
TEMPO_STIFFNESS = 30.0
"""Price of a beat twice as long as the one before."""
FREE_CHANGE_FRAMES = 0.5
"""Change of a beat's length that whole frames bring about by themselves."""
REST_PRICE = 8.0
"""Of falling silent, and again of setting in."""


@dataclass(frozen=True)
class BeatModel:
    """What is the same for all recordings of one frame rate.

    Attributes:
        intervals: lengths that a beat may have, increasing by 1, in frames, (tempi,)
        changes: worth of a beat of one length (rows) before one of another (columns), at most
            0, (tempi, tempi)
        rest_price: of going from a beat into a rest, and of going back
    """

    intervals: Indices
    changes: Matrix
    rest_price: float


@lru_cache(maxsize=2)
def beat_model(frame_rate: float) -> BeatModel:
    """The model for activations at `frame_rate` frames per second."""
    # [frames/s] * [60 s/min] / [beats/min] = [frames/beat]
    shortest, longest = (round(frame_rate * 60 / bpm) for bpm in (FASTEST_BPM, SLOWEST_BPM))
    intervals = np.arange(shortest, longest + 1)
    changes = np.maximum(np.abs(intervals - intervals[:, None]) - FREE_CHANGE_FRAMES, 0)
    return BeatModel(intervals, -TEMPO_STIFFNESS * changes / intervals[:, None], REST_PRICE)
