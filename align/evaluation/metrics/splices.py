"""Splices: the moments at which a cover leaps to another place of the song."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation
from catalog.time_map import TimeMap

Seconds = npt.NDArray[np.float64]

WINDOW_S = 0.5
LEAP_S = 0.5
"""Segments that continue each other within this, in seconds of the reference, are no splice."""


@dataclass(frozen=True)
class SpliceCounts:
    """Splices of one cover."""

    annotated: int
    estimated: int
    matched: int


@dataclass(frozen=True)
class _Run:
    """A monotone stretch."""

    reference_s: Seconds
    cover_s: Seconds


def count_splices(estimate: TimeMap, annotation: Annotation) -> SpliceCounts:
    """Splices found within half a second, each at most once.

    A splice stands where a segment begins that does not continue the one before it.
    """
    from mir_eval.util import match_events

    truth = _splices_s(
        [
            _Run(annotation.reference_s[own], annotation.cover_s[own])
            for own in (annotation.segment == each for each in np.unique(annotation.segment))
        ]
    )
    found = _splices_s([_Run(each.reference_s, each.cover_s) for each in estimate.segments])
    matched = match_events(truth, found, WINDOW_S) if len(truth) and len(found) else []
    return SpliceCounts(len(truth), len(found), len(matched))


def splice_f(
    counts: Sequence[SpliceCounts], weights: npt.NDArray[np.float64] | None = None
) -> float | None:
    """F-measure over all splices of all covers, `None` where no cover has one."""
    table = np.array([[each.annotated, each.estimated, each.matched] for each in counts], float)
    if not len(table) or not table[:, 0].any():
        return None
    annotated, estimated, matched = (np.ones(len(table)) if weights is None else weights) @ table
    return float(2 * matched / (annotated + estimated)) if annotated + estimated else np.nan


def _splices_s(runs: Sequence[_Run]) -> Seconds:
    """Cover times of the splices between runs, in order."""
    ordered = sorted(runs, key=lambda run: float(run.cover_s[0]))
    return np.array(
        [float(later.cover_s[0]) for earlier, later in pairwise(ordered) if _leaps(earlier, later)]
    )


def _leaps(earlier: _Run, later: _Run) -> bool:
    """Whether the second run is not where the first would be by then."""
    run_s = earlier.cover_s[-1] - earlier.cover_s[0]
    slope = (earlier.reference_s[-1] - earlier.reference_s[0]) / run_s if run_s > 0 else 1.0
    expected_s = earlier.reference_s[-1] + slope * (later.cover_s[0] - earlier.cover_s[-1])
    return bool(abs(later.reference_s[0] - expected_s) > LEAP_S)
