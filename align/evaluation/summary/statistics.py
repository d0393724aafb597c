"""Figures of weighted rows, which a bootstrap can ask again with other weights."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from align.evaluation.metrics.confidence import (
    confidence_auroc,
)
from align.evaluation.metrics.covers import UNMAPPED_MS
from align.evaluation.metrics.detection import (
    OperatingPoints,
    equal_error_rate,
    operating_points,
    recall_at_false_accepts,
)
from align.evaluation.metrics.splices import SpliceCounts, splice_f
from align.evaluation.metrics.switching import switch_share
from align.evaluation.results import Document
from align.evaluation.rows import ACCEPTED_SCORE, REJECTED_SCORE
from align.evaluation.summary.columns import (
    COVER_MEANS,
    Rows,
    Statistic,
    column,
    means,
)
from catalog.lifecycle import Relation

Values = npt.NDArray[np.float64]

SONG_RELATIONS = (Relation.SAME_RECORDING, Relation.BACKING_TRACK, Relation.PERFORMANCE)
FALSE_ACCEPTS = 0.01


def cover_statistics(rows: Rows) -> dict[str, Statistic]:
    """Of the rows of covers and the maps behind them."""
    sizes = _Pool([np.abs(each.errors_ms) for each in rows.maps])
    splices = [SpliceCounts(**row["splices"]) for row in rows.covers]
    return {
        **means(rows.covers, COVER_MEANS),
        "pooled_median_ms": partial(sizes.quantile, 0.5),
        "pooled_p90_ms": partial(sizes.quantile, 0.9),
        "splice_f": partial(splice_f, splices),
        "switch_within_25": partial(_switches, rows, 25),
        "switch_within_50": partial(_switches, rows, 50),
        "confidence_auroc": partial(_auroc, rows.covers),
    }


class _Pool:
    """Errors of all covers together, each cover weighing the same."""

    def __init__(self, sizes_ms: Sequence[Values]) -> None:
        empty = np.zeros(0)
        capped = [np.minimum(each, UNMAPPED_MS) for each in sizes_ms]
        owners = [np.full(len(each), float(at)) for at, each in enumerate(sizes_ms)]
        pooled, owner = np.concatenate([empty, *capped]), np.concatenate([empty, *owners])
        order = np.argsort(pooled)
        self._sizes_ms = pooled[order]
        self._owner = owner[order].astype(np.int64)
        self._share = np.array([1 / len(each) for each in sizes_ms])

    def quantile(self, share: float, weights: Values | None = None) -> float | None:
        """The size that this share of the weight does not exceed."""
        if not len(self._sizes_ms):
            return None
        per_cover = self._share if weights is None else self._share * weights
        heaped = np.cumsum(per_cover[self._owner])
        at = int(np.searchsorted(heaped, share * heaped[-1] - 1e-12))
        return float(self._sizes_ms[at])


def _switches(rows: Rows, limit_ms: int, weights: Values | None = None) -> float | None:
    """Rows and songs have the same order, so each song's weights follow those of the last."""
    if weights is None:
        return switch_share(rows.switches, limit_ms)
    ends = np.cumsum([len(each.names) for each in rows.switches])
    return switch_share(rows.switches, limit_ms, np.split(weights, ends[:-1]))


def _auroc(covers: Sequence[Document], weights: Values | None = None) -> float | None:
    confidence = confidence_of(covers)
    if confidence is None:
        return None
    return confidence_auroc(confidence, column(covers, "within_50"), weights)


def confidence_of(covers: Sequence[Document]) -> Values | None:
    """Of each cover, 0 where the method failed; `None` where it never says."""
    values = column(covers, "confidence")
    return None if np.isnan(values).all() else np.nan_to_num(values, nan=0.0)


def is_song(row: Document) -> bool:
    """Whether a row of screening truly holds the song."""
    return row["relation"]["annotation"] in SONG_RELATIONS


def screening_statistics(rows: Sequence[Document]) -> dict[str, Statistic]:
    """Of the rows of screening; a failure is judged wrongly."""
    songs = np.array([is_song(row) for row in rows], dtype=bool)
    scores = np.array(
        [
            (REJECTED_SCORE if song else ACCEPTED_SCORE) if row["score"] is None else row["score"]
            for row, song in zip(rows, songs, strict=True)
        ]
    )

    def points(weights: Values | None) -> OperatingPoints | None:
        return operating_points(scores, songs, weights)

    return {
        "eer": lambda weights=None: equal_error_rate(points(weights)),
        "recall_at_1_percent": lambda weights=None: recall_at_false_accepts(
            points(weights), FALSE_ACCEPTS
        ),
    }
