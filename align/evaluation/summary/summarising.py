"""All figures of one method, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

from align.evaluation.metrics.bootstrap import draw_weights, interval
from align.evaluation.metrics.music import BEAT_SCORES, SECTION_SCORES
from align.evaluation.results import Document
from align.evaluation.running.cost import ColdCost
from align.evaluation.summary.columns import (
    COVER_MEANS,
    DIGITS,
    Rows,
    Statistic,
    means,
    rounded,
)
from align.evaluation.summary.figures import (
    by_negative,
    cold_figures,
    confidence_figures,
    cost_figures,
    relation_recall,
)
from align.evaluation.summary.statistics import cover_statistics, screening_statistics


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
        (rows.covers, cover_statistics(rows)),
        (rows.screening, screening_statistics(rows.screening)),
        (rows.beats, means(rows.beats, BEAT_SCORES)),
        (rows.sections, means(rows.sections, SECTION_SCORES)),
    ):
        figures |= {name: rounded(statistic()) for name, statistic in statistics.items()}
        intervals |= _intervals(own, statistics)
    return (
        figures
        | {"relation_recall": relation_recall(rows.screening)}
        | confidence_figures(rows)
        | cost_figures(rows)
        | cold_figures(cold)
        | {"intervals": intervals, "by_kind": _by_kind(rows.covers)}
        | {"by_negative": by_negative(rows.screening)}
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


def _by_kind(covers: Sequence[Document]) -> Document:
    kinds = sorted({row["kind"] for row in covers})
    return {kind: _kind([row for row in covers if row["kind"] == kind]) for kind in kinds}


def _kind(covers: Sequence[Document]) -> Document:
    own = {name: rounded(mean()) for name, mean in means(covers, COVER_MEANS).items()}
    return {"n": len(covers), **own}
