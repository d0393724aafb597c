"""Rows of a metrics document as columns of numbers, and their means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from align.evaluation.metrics.bootstrap import weighted_mean
from align.evaluation.metrics.covers import TOLERANCES_MS
from align.evaluation.metrics.mapped_sections import MAPPED_SECTION_SCORES
from align.evaluation.metrics.switching import SongSwitches
from align.evaluation.results import Document, EvaluatedCover

Values = npt.NDArray[np.float64]

COVER_MEANS = (
    "median_ms", "p90_ms", *(f"within_{limit}" for limit in TOLERANCES_MS), "unmapped",
    "within_50_alike", "wrong_beat", "wrong_section", "attribution", *MAPPED_SECTION_SCORES,
)  # fmt: skip
DIGITS = 4


class Statistic(Protocol):
    """A figure of weighted rows; every row once where no weights are given."""

    def __call__(self, weights: Values | None = None) -> float | None:
        """The figure, `None` where it is not defined."""


@dataclass(frozen=True)
class Rows:
    """All rows of a document, sorted, and the maps behind those of `covers`."""

    covers: Sequence[Document]
    screening: Sequence[Document]
    beats: Sequence[Document]
    sections: Sequence[Document]
    maps: Sequence[EvaluatedCover]
    switches: Sequence[SongSwitches]


def means(rows: Sequence[Document], names: Sequence[str]) -> dict[str, Statistic]:
    """The mean of each of some columns, over the rows that have a value."""
    return {name: partial(weighted_mean, column(rows, name)) for name in names}


def column(rows: Sequence[Document], name: str) -> Values:
    """One value of every row, NaN where it is unknown, (rows,)."""
    return np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=float)


def rounded(value: float | None) -> float | None:
    """A figure as it is written."""
    return None if value is None or not np.isfinite(value) else round(value, DIGITS)
