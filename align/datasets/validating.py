"""What truth must be before anything is measured with it, in a sentence where it is not.

The same for data sets that are read, checked and imported. What needs the recordings themselves,
such as whether marks lie inside them, is asked by `checking`.
"""

from __future__ import annotations

from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation, BeatTruth, SectionTruth

Seconds = npt.NDArray[np.float64]

TOLERANCE_S = 0.05
"""Marks may lie this far outside a recording: rounding, and the padding of codecs."""
LARGEST_POSITION = 2**31 - 1


def annotation_problem(annotation: Annotation) -> str | None:
    """What is wrong with marks, their segments and the foreign spans between them."""
    cover_s, segment = annotation.cover_s, annotation.segment
    if not len(cover_s):
        return "the annotation has no marks: add a line for each, or let `annotation` be null"
    wrong = times_problem(annotation.reference_s) or times_problem(cover_s)
    if wrong:
        return wrong
    falls = np.flatnonzero(np.diff(cover_s) <= 0)
    if len(falls):
        return f"marks are not sorted by cover time at {cover_s[falls[0] + 1]:.3f} s: sort them"
    if np.any(np.diff(segment) < 0):
        return "segments come back after they ended: number them in the order of the cover"
    back = np.flatnonzero((np.diff(annotation.reference_s) <= 0) & (np.diff(segment) == 0))
    if len(back):
        at = int(back[0]) + 1
        return (
            f"segment {segment[at]} goes back in the reference at {cover_s[at]:.3f} s: "
            "begin a new one"
        )
    return _beats_per_mark_problem(annotation.beats_per_mark) or spans_problem(annotation.foreign_s)


def beats_problem(beats: BeatTruth) -> str | None:
    """What is wrong with beats and their places in the bar."""
    wrong = times_problem(beats.time_s)
    if wrong:
        return wrong
    falls = np.flatnonzero(np.diff(beats.time_s) <= 0)
    if len(falls):
        return f"beats do not rise at {beats.time_s[falls[0] + 1]:.3f} s: sort them"
    outside = beats.position[(beats.position < 1) | (beats.position > LARGEST_POSITION)]
    if len(outside):
        return f"position {outside[0]} is no place in a bar: count from 1, the downbeat"
    return None


def sections_problem(sections: SectionTruth) -> str | None:
    """What is wrong with sections, which follow one another."""
    if not len(sections.spans_s):
        return "there are no sections: add a line for each, or remove the file"
    wrong = spans_problem(sections.spans_s)
    if wrong:
        return wrong
    overlaps = np.flatnonzero(sections.spans_s[1:, 0] < sections.spans_s[:-1, 1])
    if len(overlaps):
        start_s = sections.spans_s[overlaps[0] + 1, 0]
        return f"spans overlap at {start_s:.3f} s: let each begin where the one before ends"
    return None


def times_problem(time_s: Seconds) -> str | None:
    """What is wrong with times of a recording, in whatever order."""
    wrong = time_s[~(np.isfinite(time_s) & (time_s >= -TOLERANCE_S))]
    if len(wrong):
        return f"{wrong[0]:g} s is no time in a recording: write seconds from 0 on, such as 12.34"
    return None


def spans_problem(spans_s: Seconds) -> str | None:
    """What is wrong with starts and ends, (spans, 2)."""
    wrong = times_problem(spans_s.ravel())
    if wrong:
        return wrong
    for start_s, end_s in spans_s:
        if not start_s < end_s:
            return f"{start_s:.3f} to {end_s:.3f} s is no span: let it end after it starts"
    return None


def path_problem(name: str) -> str | None:
    """Why a name may not be a file of a data set, which has all its files below its folder."""
    path = PurePath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or not path.parts:
        return f"{name!r} is no file below the folder: put it there, and name its path from there"
    return None


def _beats_per_mark_problem(beats_per_mark: float | None) -> str | None:
    if beats_per_mark is None or 0 < beats_per_mark < np.inf:
        return None
    return (
        f"beats_per_mark is {beats_per_mark:g}: write how many beats pass from mark to mark, "
        "or leave it out"
    )
