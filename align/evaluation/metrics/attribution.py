"""Song or not: how much of a cover is wrongly mapped, or wrongly left out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation
from catalog.time_map import TimeMap

STEP_S = 0.05


def attribution_error(estimate: TimeMap, annotation: Annotation) -> float:
    """Share of labelled cover time that is called the opposite of what it is.

    Annotated segments, from first to last mark, are song; foreign spans are not. Time outside
    both is not labelled.
    """
    wrong = total = 0
    for index in np.unique(annotation.segment):
        marks_s = annotation.cover_s[annotation.segment == index]
        mapped = _is_mapped(estimate, float(marks_s[0]), float(marks_s[-1]))
        wrong, total = wrong + int((~mapped).sum()), total + len(mapped)
    for start_s, end_s in annotation.foreign_s:
        mapped = _is_mapped(estimate, float(start_s), float(end_s))
        wrong, total = wrong + int(mapped.sum()), total + len(mapped)
    return wrong / max(total, 1)


def _is_mapped(estimate: TimeMap, start_s: float, end_s: float) -> npt.NDArray[np.bool_]:
    n_steps = max(1, round((end_s - start_s) / STEP_S))
    times_s = start_s + (np.arange(n_steps) + 0.5) / n_steps * (end_s - start_s)
    mapped = np.zeros(len(times_s), dtype=bool)
    for segment in estimate.segments:
        mapped |= (times_s >= segment.start_s) & (times_s <= segment.end_s)
    return mapped
