"""Figures without an interval: error rates by negative, recall by relation, calibration, cost."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from align.evaluation.metrics.confidence import (
    GOOD_SHARE,
    kept_after_abstaining,
    measure_reliability,
)
from align.evaluation.results import Document, EvaluatedCover
from align.evaluation.running.cost import ColdCost
from align.evaluation.summary.columns import (
    DIGITS,
    Rows,
    column,
    rounded,
)
from align.evaluation.summary.statistics import confidence_of, is_song, screening_statistics

Values = npt.NDArray[np.float64]


def by_negative(rows: Sequence[Document]) -> Document:
    """Error rates of all songs against the negatives of one kind, for every such kind."""
    songs = [row for row in rows if is_song(row)]
    strangers = [row for row in rows if not is_song(row)]
    return {
        kind: _against(songs, [row for row in strangers if row["kind"] == kind])
        for kind in sorted({row["kind"] for row in strangers})
    }


def _against(songs: Sequence[Document], strangers: Sequence[Document]) -> Document:
    statistics = screening_statistics([*songs, *strangers])
    rates = {name: rounded(statistic()) for name, statistic in statistics.items()}
    return {"n": len(strangers), **rates}


def relation_recall(rows: Sequence[Document]) -> Document | None:
    """Share of each relation's recordings that are given it; `None` without estimates."""
    if all(row["relation"]["estimate"] is None for row in rows):
        return None
    recall = {}
    for relation in sorted({row["relation"]["annotation"] for row in rows}):
        own = [row["relation"] for row in rows if row["relation"]["annotation"] == relation]
        right = sum(each["estimate"] == relation for each in own)
        recall[relation] = {"n": len(own), "recall": round(right / len(own), DIGITS)}
    return recall


def confidence_figures(rows: Rows) -> Document:
    """What remains after abstaining, and how far confidence keeps its promise."""
    confidence = confidence_of(rows.covers)
    if confidence is None:
        return {"kept_within_50": None, "calibration": None}
    within_50 = column(rows.covers, "within_50")
    covers = measure_reliability(confidence, within_50 >= GOOD_SHARE)
    return {
        "kept_within_50": rounded(kept_after_abstaining(confidence, within_50)),
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


def cost_figures(rows: Rows) -> Document:
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


def cold_figures(cold: ColdCost | None) -> Document:
    """Of the longest pair in a fresh process."""
    return {
        "peak_mib": round(cold.peak_mib, 1) if cold else None,
        "cold_seconds": round(cold.seconds, 2) if cold else None,
        "cold_duration_s": round(cold.duration_s, 1) if cold else None,
    }
