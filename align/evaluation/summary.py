"""Rows of a metrics document -> its summary: one figure per metric, with its interval.

n_covers, n_failed, n_screened, n_beats, n_sections   how many were measured
median_ms .. attribution       means over covers of the rows' scores
pooled_median_ms, pooled_p90_ms   over all marks, every cover weighing the same
splice_f                       over all splices of all covers
switch_within_25, _50          share of switches, see `metrics.switching`
eer, recall_at_1_percent       of songs against the rest; relation_recall by true relation
confidence_auroc, kept_within_50, calibration {covers, marks}: {bins, error}
beat_f .. downbeat_amlt, section_hr05 .. section_pairwise_f   means over recordings
seconds_per_cover, warm_seconds_per_cover, seconds_per_minute
peak_mib, cold_seconds, cold_duration_s   of the longest pair in a fresh process
intervals {metric: [low, high]}   95 %, by bootstrap over songs and covers
by_kind {kind: {n, the means}}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from align.evaluation.metrics.bootstrap import draw_weights, interval, weighted_mean
from align.evaluation.metrics.confidence import (
    GOOD_SHARE,
    confidence_auroc,
    kept_after_abstaining,
    measure_reliability,
)
from align.evaluation.metrics.covers import TOLERANCES_MS, UNMAPPED_MS
from align.evaluation.metrics.detection import (
    OperatingPoints,
    equal_error_rate,
    operating_points,
    recall_at_false_accepts,
)
from align.evaluation.metrics.mapped_sections import MAPPED_SECTION_SCORES
from align.evaluation.metrics.music import BEAT_SCORES, SECTION_SCORES
from align.evaluation.metrics.splices import SpliceCounts, splice_f
from align.evaluation.metrics.switching import SongSwitches, switch_share
from align.evaluation.results import Document, EvaluatedCover
from align.evaluation.rows import ACCEPTED_SCORE, REJECTED_SCORE
from align.evaluation.running.cost import ColdCost
from catalog.lifecycle import Relation

Values = npt.NDArray[np.float64]

COVER_MEANS = (
    "median_ms", "p90_ms", *(f"within_{limit}" for limit in TOLERANCES_MS), "unmapped",
    "wrong_beat", "wrong_section", "attribution", *MAPPED_SECTION_SCORES,
)  # fmt: skip
SONG_RELATIONS = (Relation.SAME_RECORDING, Relation.BACKING_TRACK, Relation.PERFORMANCE)
FALSE_ACCEPTS = 0.01
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


def summarise(rows: Rows, cold: ColdCost | None) -> Document:
    """The summary of one method; `cold` where its cost in a fresh process was measured."""
    figures: Document = {
        "n_covers": len(rows.covers),
        "n_failed": sum(row["error"] is not None for row in rows.covers),
        "n_screened": len(rows.screening),
        "n_beats": len(rows.beats),
        "n_sections": len(rows.sections),
    }
    intervals: Document = {}
    for own, statistics in (
        (rows.covers, _cover_statistics(rows)),
        (rows.screening, _screening_statistics(rows.screening)),
        (rows.beats, _means(rows.beats, BEAT_SCORES)),
        (rows.sections, _means(rows.sections, SECTION_SCORES)),
    ):
        figures |= {name: _rounded(statistic()) for name, statistic in statistics.items()}
        intervals |= _intervals(own, statistics)
    return (
        figures
        | {"relation_recall": _relation_recall(rows.screening)}
        | _confidence_figures(rows)
        | _cost_figures(rows)
        | _cold_figures(cold)
        | {"intervals": intervals, "by_kind": _by_kind(rows.covers)}
    )


def _intervals(rows: Sequence[Document], statistics: dict[str, Statistic]) -> Document:
    """Of each statistic; none for a single row, which says nothing of others."""
    if len(rows) < 2:
        return {}
    weights = draw_weights([row["song"] for row in rows])
    found = {name: interval(statistic, weights) for name, statistic in statistics.items()}
    return {
        name: [round(each, DIGITS) for each in bounds]
        for name, bounds in found.items()
        if bounds is not None
    }


def _cover_statistics(rows: Rows) -> dict[str, Statistic]:
    sizes = _Pool([np.abs(each.errors_ms) for each in rows.maps])
    splices = [SpliceCounts(**row["splices"]) for row in rows.covers]
    return {
        **_means(rows.covers, COVER_MEANS),
        "pooled_median_ms": partial(sizes.quantile, 0.5),
        "pooled_p90_ms": partial(sizes.quantile, 0.9),
        "splice_f": partial(splice_f, splices),
        "switch_within_25": partial(_switches, rows, 25),
        "switch_within_50": partial(_switches, rows, 50),
        "confidence_auroc": partial(_auroc, rows.covers),
    }


def _means(rows: Sequence[Document], names: Sequence[str]) -> dict[str, Statistic]:
    return {name: partial(weighted_mean, _column(rows, name)) for name in names}


def _column(rows: Sequence[Document], name: str) -> Values:
    return np.array([np.nan if row[name] is None else row[name] for row in rows], dtype=float)


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


def _screening_statistics(rows: Sequence[Document]) -> dict[str, Statistic]:
    songs = np.array([row["relation"]["annotation"] in SONG_RELATIONS for row in rows], dtype=bool)
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


def _relation_recall(rows: Sequence[Document]) -> Document | None:
    """Share of each relation's recordings that are given it; `None` without estimates."""
    if all(row["relation"]["estimate"] is None for row in rows):
        return None
    recall = {}
    for relation in sorted({row["relation"]["annotation"] for row in rows}):
        own = [row["relation"] for row in rows if row["relation"]["annotation"] == relation]
        right = sum(each["estimate"] == relation for each in own)
        recall[relation] = {"n": len(own), "recall": round(right / len(own), DIGITS)}
    return recall


def _auroc(covers: Sequence[Document], weights: Values | None = None) -> float | None:
    confidence = _confidence(covers)
    if confidence is None:
        return None
    return confidence_auroc(confidence, _column(covers, "within_50"), weights)


def _confidence(covers: Sequence[Document]) -> Values | None:
    """Of each cover, 0 where the method failed; `None` where it never says."""
    values = _column(covers, "confidence")
    return None if np.isnan(values).all() else np.nan_to_num(values, nan=0.0)


def _confidence_figures(rows: Rows) -> Document:
    confidence = _confidence(rows.covers)
    if confidence is None:
        return {"kept_within_50": None, "calibration": None}
    within_50 = _column(rows.covers, "within_50")
    covers = measure_reliability(confidence, within_50 >= GOOD_SHARE)
    return {
        "kept_within_50": _rounded(kept_after_abstaining(confidence, within_50)),
        "calibration": {
            "covers": covers.document() if covers else None,
            "marks": _mark_calibration(rows.maps),
        },
    }


def _mark_calibration(maps: Sequence[EvaluatedCover]) -> Document | None:
    """Confidence at every mapped mark against its being within 50 ms."""
    confidence, right = [], []
    for each in maps:
        if each.estimate is not None and each.entry.annotation is not None:
            for cover_s, error_ms in zip(
                each.entry.annotation.cover_s, each.errors_ms, strict=True
            ):
                claimed = each.estimate.confidence_at(float(cover_s))
                if claimed is not None:
                    confidence.append(claimed)
                    right.append(abs(error_ms) <= 50)
    found = measure_reliability(np.array(confidence), np.array(right, dtype=bool))
    return found.document() if found else None


def _cost_figures(rows: Rows) -> Document:
    """Of the first kind of work that the method did."""
    own = next(
        (each for each in (rows.covers, rows.screening, rows.beats, rows.sections) if each), []
    )
    known = [row for row in own if row["seconds"] is not None and row["duration_s"]]
    if not known:
        return dict.fromkeys(("seconds_per_cover", "warm_seconds_per_cover", "seconds_per_minute"))
    seconds = sum(row["seconds"] for row in known)
    return {
        "seconds_per_cover": round(seconds / len(known), 3),
        "warm_seconds_per_cover": round(sum(row["warm_seconds"] for row in known) / len(known), 3),
        "seconds_per_minute": round(60 * seconds / sum(row["duration_s"] for row in known), 3),
    }


def _cold_figures(cold: ColdCost | None) -> Document:
    return {
        "peak_mib": round(cold.peak_mib, 1) if cold else None,
        "cold_seconds": round(cold.seconds, 2) if cold else None,
        "cold_duration_s": round(cold.duration_s, 1) if cold else None,
    }


def _by_kind(covers: Sequence[Document]) -> Document:
    kinds = sorted({row["kind"] for row in covers})
    return {kind: _kind([row for row in covers if row["kind"] == kind]) for kind in kinds}


def _kind(covers: Sequence[Document]) -> Document:
    means = {name: _rounded(mean()) for name, mean in _means(covers, COVER_MEANS).items()}
    return {"n": len(covers), **means}


def _rounded(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, DIGITS)
