"""How the beats of the tune lie on the beats of a rendition.

A rendition may keep the tune's metre or re-bar it: as a waltz each half bar of a 4/4 tune becomes
one bar of three, its two tune beats long and short. Then only the half bars coincide with
downbeats, and only they are annotated (`marks`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Meter:
    """A re-barring of one bar of the tune.

    Attributes
    ----------
    positions
        1-based position in its bar of every heard beat within one tune bar
    heard_beat
        heard beat (from 0) at which each tune beat falls, the bar's end included
    marks
        tune beats that are annotated
    """

    positions: tuple[int, ...]
    heard_beat: tuple[float, ...]
    marks: tuple[int, ...]

    @property
    def n_beats(self) -> int:
        """Heard beats in one bar of the tune."""
        return len(self.positions)

    @property
    def beats_per_mark(self) -> int:
        """Tune beats between two annotated ones."""
        return (len(self.heard_beat) - 1) // len(self.marks)

    def to_heard(self, tune_beat: ArrayLike) -> NDArray[np.float64]:
        """Tune beats of one bar -> heard beats of the same bar, linear in between."""
        return np.asarray(
            np.interp(
                np.asarray(tune_beat, float), np.arange(len(self.heard_beat)), self.heard_beat
            )
        )


METERS = {
    "four-four": Meter((1, 2, 3, 4), (0, 1, 2, 3, 4), (0, 1, 2, 3)),
    "waltz": Meter((1, 2, 3, 1, 2, 3), (0, 2, 3, 5, 6), (0, 2)),
}
