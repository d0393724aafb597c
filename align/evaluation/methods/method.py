"""What a method is: a name, where it is from, and the tasks it can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.evaluation.methods.recording import Recording
from catalog.lifecycle import Relation
from catalog.time_map import TimeMap

Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Screened:
    """How surely a recording is the song.

    Attributes:
        score: higher is surer; only its order means something
        relation_scores: of every relation, summing to 1; `None` where a method has only a score
    """

    score: float
    relation_scores: dict[Relation, float] | None = None

    @property
    def relation(self) -> Relation | None:
        """The likeliest relation."""
        scores = self.relation_scores
        return None if scores is None else max(scores, key=lambda each: scores[each])


@dataclass(frozen=True)
class Aligned:
    """A cover on its reference's timeline.

    Attributes:
        confidence: that at least 80 % of the beats lie within 50 ms, `None` where not estimated
        screened: the verdict on the way, where aligning includes one
    """

    time_map: TimeMap
    confidence: float | None = None
    screened: Screened | None = None


@dataclass(frozen=True)
class FoundBeats:
    """Beats of one recording.

    Attributes:
        beats_s: (beats,)
        downbeats_s: (downbeats,), `None` where a method knows none
    """

    beats_s: Seconds
    downbeats_s: Seconds | None


@dataclass(frozen=True)
class FoundSections:
    """Sections of one recording, in order, from its start to its end.

    Attributes:
        spans_s: start and end, (sections, 2)
        labels: equal ones mean alike
    """

    spans_s: Seconds
    labels: tuple[str, ...]


def _nothing() -> None:
    """What a method needs that has everything."""


@dataclass(frozen=True)
class Method:
    """One way to do some of the tasks; what it cannot do is `None`.

    Attributes:
        source: where it is from, in a line for people
        align: reference, cover -> map
        screen: reference, recording -> verdict
        requires: raises an InputError where something that it needs is missing
        timed: whether its work is done here, so that what it takes can be measured
    """

    name: str
    source: str
    align: Callable[[Recording, Recording], Aligned] | None = None
    screen: Callable[[Recording, Recording], Screened] | None = None
    find_beats: Callable[[Recording], FoundBeats] | None = None
    find_sections: Callable[[Recording], FoundSections] | None = None
    model: str | None = None
    requires: Callable[[], None] = _nothing
    timed: bool = True
