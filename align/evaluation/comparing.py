"""Two metrics documents of the same recordings -> their differences, with paired intervals.

Rows are paired by song and file; songs and, within each, pairs of rows are drawn together, so
what makes a recording hard for both methods cancels out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from align.evaluation.metrics.bootstrap import draw_weights, interval, weighted_mean
from align.evaluation.metrics.music import BEAT_SCORES, SECTION_SCORES
from align.evaluation.results import Document
from align.evaluation.summary.columns import COVER_MEANS

DIGITS = 4
COMPARED = (
    *(("covers", name) for name in COVER_MEANS),
    *(("beats", name) for name in BEAT_SCORES),
    *(("sections", name) for name in SECTION_SCORES),
)


@dataclass(frozen=True)
class MetricDifference:
    """One metric's means over the rows that both documents have a value in.

    Attributes:
        difference: second less first
        interval: 95 % of the difference, `None` for fewer than two rows
        n: rows
        rises, falls: rows in which the second is larger, smaller
    """

    metric: str
    first: float
    second: float
    difference: float
    interval: tuple[float, float] | None
    n: int
    rises: int
    falls: int


def compare_evaluations(first: Document, second: Document) -> dict[str, MetricDifference]:
    """Every per-row metric that both documents have, by its name."""
    found = {metric: _difference(metric, first[group], second[group]) for group, metric in COMPARED}
    return {metric: each for metric, each in found.items() if each is not None}


def _difference(
    metric: str, first: Sequence[Document], second: Sequence[Document]
) -> MetricDifference | None:
    ours = {(row["song"], row["file"]): row.get(metric) for row in first}
    theirs = {(row["song"], row["file"]): row.get(metric) for row in second}
    shared = sorted(
        key for key in set(ours) & set(theirs) if ours[key] is not None and theirs[key] is not None
    )
    if not shared:
        return None
    values = np.array([[ours[key], theirs[key]] for key in shared], dtype=float)  # (rows, 2)
    gaps = values[:, 1] - values[:, 0]
    bounds = None
    if len(shared) > 1:
        bounds = interval(partial(weighted_mean, gaps), draw_weights([song for song, _ in shared]))
    means = values.mean(axis=0)
    return MetricDifference(
        metric=metric,
        first=round(float(means[0]), DIGITS),
        second=round(float(means[1]), DIGITS),
        difference=round(float(gaps.mean()), DIGITS),
        interval=None if bounds is None else (round(bounds[0], DIGITS), round(bounds[1], DIGITS)),
        n=len(shared),
        rises=int((gaps > 0).sum()),
        falls=int((gaps < 0).sum()),
    )
