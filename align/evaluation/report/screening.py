"""Figures of screening: scores by relation, and what each threshold would let in or turn away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from align.evaluation.metrics.detection import OperatingPoints, operating_points
from align.evaluation.report.drawing import (
    INK,
    SERIES,
    SOFT,
    line_of,
    new_figure,
    show_legend,
    styled,
    to_svg,
)
from align.evaluation.results import Document, Evaluation
from catalog.lifecycle import Relation

Floats = npt.NDArray[np.float64]

SONG = (Relation.SAME_RECORDING, Relation.BACKING_TRACK, Relation.PERFORMANCE)
"""Relations of recordings that should be accepted."""
TICKS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6)


def scored_rows(document: Document) -> list[Document]:
    """Rows of screening that have a score and a known relation."""
    return [
        row
        for row in document.get("screening") or []
        if row.get("score") is not None and annotated_relation(row) is not None
    ]


def annotated_relation(row: Document) -> str | None:
    """The true relation of a row."""
    found = (row.get("relation") or {}).get("annotation")
    return None if found is None else str(found)


def all_thresholds(rows: Sequence[Document]) -> OperatingPoints | None:
    """False accepts and recall at each threshold, `None` without both kinds of recordings."""
    scores = np.array([row["score"] for row in rows], dtype=float)
    wanted = np.array([annotated_relation(row) in SONG for row in rows], dtype=bool)
    return operating_points(scores, wanted)


def draw_scores(evaluation: Evaluation) -> str | None:
    """Every recording's score as a dot, one row a relation; `None` without both kinds."""
    rows = scored_rows(evaluation.document)
    if all_thresholds(rows) is None:
        return None
    relations = [
        each.value for each in Relation if any(annotated_relation(row) == each for row in rows)
    ]
    with styled():
        figure, axes = new_figure(6.2, 0.7 + 0.42 * len(relations))
        for height, relation in enumerate(reversed(relations)):
            scores = [row["score"] for row in rows if annotated_relation(row) == relation]
            places = height + 0.26 * np.sin(np.arange(len(scores)) * 2.4)
            colour = SERIES[0] if relation in SONG else SERIES[3]
            axes.scatter(scores, places, s=14, color=colour, alpha=0.65, lw=0)
        names = [each.replace("_", " ") for each in reversed(relations)]
        axes.set_yticks(range(len(relations)), names)
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("score: same recording + backing track + performance − background")
        return to_svg(figure, "Screening scores by true relation")


def draw_trade_off(evaluations: Sequence[Evaluation]) -> str | None:
    """Misses over false accepts on normal-deviate axes, one curve a method."""
    curves = [
        (each, points)
        for each in evaluations
        if (points := all_thresholds(scored_rows(each.document))) is not None
    ]
    if not curves:
        return None
    with styled():
        figure, axes = new_figure(5.6, 3.8)
        for place, (evaluation, points) in enumerate(curves):
            label = str(evaluation.document["method"])
            axes.plot(
                _deviate(points.false_accepts), _deviate(1 - points.recall), label=label,
                drawstyle="steps-post", **line_of(place),
            )  # fmt: skip
        ends = _deviate(np.array([TICKS[0], TICKS[-1]]))
        axes.plot(ends, ends, color=SOFT, lw=0.8)
        axes.axvline(_deviate(np.array([0.01]))[0], color=INK, lw=0.7, ls=(0, (2, 2)))
        _label_deviates(axes)
        show_legend(axes)
        return to_svg(figure, "Misses over false accepts, by method")


def _label_deviates(axes: Any) -> None:
    places, words = _deviate(np.array(TICKS)), [f"{100 * each:g}" for each in TICKS]
    axes.set_xticks(places, words)
    axes.set_yticks(places, words)
    axes.set_xlim(places[0], places[-1])
    axes.set_ylim(places[0], places[-1])
    axes.set_aspect("equal")
    axes.set_xlabel("false accepts, %")
    axes.set_ylabel("misses, %")


def _deviate(rates: Floats) -> Floats:
    """Normal deviates; rates of 0 and 1 lie at the edges of the figure."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(rates, TICKS[0], 1 - TICKS[0])))
