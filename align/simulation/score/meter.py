"""How the beats of the tune lie on the beats of a rendition.

A rendition may keep the tune's metre or re-bar it: as a waltz each half bar of a 4/4 tune becomes
one bar of three, its two tune beats long and short. Then only the half bars coincide with
downbeats, and only they are annotated (`marks`).

A beat is what is counted: a quarter in 2/4, 3/4 and 4/4, a dotted quarter in 6/8, 9/8 and 12/8.
`subdivision` says whether it divides into two or three.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from catalog.errors import InputError

STRAIGHT = ((0.0, 0.0), (1.0, 1.0))
TO_THREE = ((0.0, 0.0), (0.5, 2 / 3), (1.0, 1.0))
TO_TWO = ((0.0, 0.0), (1 / 3, 0.5), (2 / 3, 0.75), (1.0, 1.0))


class MeterError(InputError):
    """A change of metre that a tune does not allow."""


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
    subdivision
        parts of a heard beat, 2 or 3
    fold
        (fraction of the tune's beat, fraction of the heard way to the next one) pairs
    """

    positions: tuple[int, ...]
    heard_beat: tuple[float, ...]
    marks: tuple[int, ...]
    subdivision: int = 2
    fold: tuple[tuple[float, float], ...] = STRAIGHT

    @property
    def n_beats(self) -> int:
        """Heard beats in one bar of the tune."""
        return len(self.positions)

    @property
    def bar_beats(self) -> int:
        """Heard beats in one heard bar."""
        return max(self.positions)

    @property
    def tune_beats(self) -> int:
        """Tune beats in one bar of the tune."""
        return len(self.heard_beat) - 1

    @property
    def mark_step(self) -> int:
        """Tune beats between two annotated ones."""
        return self.tune_beats // len(self.marks)

    @property
    def beats_per_mark(self) -> int:
        """Heard beats between two annotated ones, where they are nearest to each other."""
        heard = [self.heard_beat[mark] for mark in (*self.marks, self.tune_beats)]
        return int(np.diff(heard).min())

    def to_heard(self, tune_beat: ArrayLike) -> NDArray[np.float64]:
        """Tune beats of one bar -> heard beats of the same bar; what lies beyond goes on evenly."""
        beat = np.asarray(tune_beat, float)
        beyond = np.maximum(0.0, beat - self.tune_beats) * self.n_beats / self.tune_beats
        if self.fold is not STRAIGHT:
            whole = np.floor(beat + 1e-9)
            beat = whole + np.interp(beat - whole, *np.array(self.fold).T)
        inside = np.interp(beat, np.arange(len(self.heard_beat)), self.heard_beat)
        return np.asarray(inside + beyond)


METERS = {
    "four-four": Meter((1, 2, 3, 4), (0, 1, 2, 3, 4), (0, 1, 2, 3)),
    "waltz": Meter((1, 2, 3, 1, 2, 3), (0, 2, 3, 5, 6), (0, 2)),
}
# change -> (beats per tune bar, subdivision) -> metre
CHANGES: dict[str, dict[tuple[int, int], Meter]] = {
    "waltz": {
        (4, 2): METERS["waltz"],
        (2, 2): Meter((1, 2, 3), (0, 2, 3), (0,)),
        (2, 3): Meter((1, 2, 3, 1, 2, 3), (0, 3, 6), (0, 1)),
        (4, 3): Meter((1, 2, 3) * 4, (0, 3, 6, 9, 12), (0, 1, 2, 3)),
    },
    "four": {
        (3, 2): Meter((1, 2, 3, 4), (0, 2, 3, 4), (0, 1, 2)),
        (2, 3): Meter((1, 2, 3, 4), (0, 2, 4), (0, 1), fold=TO_TWO),
        (3, 3): Meter((1, 2, 3, 4), (0, 2, 3, 4), (0, 1, 2), fold=TO_TWO),
    },
    "jig": {
        (n, 2): Meter(
            tuple(range(1, n + 1)), tuple(range(n + 1)), tuple(range(n)), 3, TO_THREE
        )
        for n in (2, 3, 4)
    },
}  # fmt: skip


def written_meter(beats_per_bar: int, subdivision: int = 2) -> Meter:
    """The tune's own metre: every beat is heard and annotated."""
    beats = range(beats_per_bar)
    positions = tuple(beat + 1 for beat in beats)
    return Meter(positions, tuple(range(beats_per_bar + 1)), tuple(beats), subdivision)


def find_meter(change: str, beats_per_bar: int, subdivision: int = 2) -> Meter:
    """The metre of a rendition.

    Parameters
    ----------
    change
        ``written``, or a key of CHANGES: ``waltz``, ``four`` (four to the bar), ``jig``

    Raises
    ------
    MeterError
        when a tune in this metre cannot be changed so
    """
    if change == "written":
        return written_meter(beats_per_bar, subdivision)
    meters = CHANGES.get(change, {})
    if (beats_per_bar, subdivision) not in meters:
        raise MeterError(
            f"meter={change!r} does not fit {beats_per_bar} beats of {subdivision} parts: take one "
            f"of {meter_changes(beats_per_bar, subdivision)}"
        )
    return meters[beats_per_bar, subdivision]


def meter_changes(beats_per_bar: int, subdivision: int = 2) -> tuple[str, ...]:
    """The changes of metre that a tune allows, ``written`` among them."""
    key = (beats_per_bar, subdivision)
    return ("written", *(name for name, meters in CHANGES.items() if key in meters))
