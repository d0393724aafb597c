"""How far a map is from the marks where any section that is alike counts as the right one.

Which of two verses a cover leaves out can often be told by nobody who only hears it, and who
switches there hears nothing wrong. What is left of an error then is one that can be heard.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation, SectionTruth
from align.evaluation.metrics.marks import ROUNDING_S, read_marks, slopes
from catalog.time_map import TimeMap

Seconds = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


def share_within_alike(
    estimate: TimeMap,
    annotation: Annotation,
    sections: SectionTruth,
    beats_s: Seconds,
    *,
    limit_ms: float,
) -> float:
    """Share of marks whose error, in the true section or in one alike, is at most `limit_ms`.

    A place of a section corresponds to the place as many beats after the beginning of one with
    the same label. Unmapped marks are misses.

    Parameters
    ----------
    sections, beats_s
        of the Reference; beats (beats,) increasing
    """
    read_s = read_marks(estimate, annotation)
    moved_s = _moved(read_s, annotation.reference_s, sections, beats_s)
    off_s = np.fmin(
        np.abs(read_s - annotation.reference_s), np.abs(moved_s - annotation.reference_s)
    )
    return float(np.mean(1000 * off_s / slopes(annotation) <= limit_ms))


def _moved(read_s: Seconds, truth_s: Seconds, sections: SectionTruth, beats_s: Seconds) -> Seconds:
    """Where the places that were read lie in the true sections, NaN where those are not alike."""
    labels = np.array(sections.labels)
    wanted, found = _section(truth_s, sections), _section(read_s, sections)
    alike = (wanted >= 0) & (found >= 0) & (labels[wanted] == labels[found])
    numbers = np.arange(len(beats_s), dtype=float)
    starts = np.interp(sections.spans_s[:, 0], beats_s, numbers)
    beat = np.interp(read_s, beats_s, numbers) - starts[found] + starts[wanted]
    return np.where(alike, np.interp(beat, numbers, beats_s), np.nan)


def _section(times_s: Seconds, sections: SectionTruth) -> Indices:
    """Index of the section of each time, -1 outside all, (times,)."""
    starts_s, ends_s = sections.spans_s[:, 0], sections.spans_s[:, 1]
    index = np.searchsorted(starts_s, times_s + ROUNDING_S, side="right") - 1
    inside = (index >= 0) & (np.nan_to_num(times_s, nan=np.inf) <= ends_s[index] + ROUNDING_S)
    return np.where(inside, index, -1)
