"""The covers that the first method does worst on, pictured beside the best of the other methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

import numpy as np

from align.evaluation.report.matrices import Path, draw_cover, measure_similarity
from align.evaluation.results import EvaluatedCover, Evaluation
from catalog.errors import CoversError
from catalog.measures import rejected_covers

MOST = 5


@dataclass(frozen=True)
class WorstCover:
    """One picture with what stands below it.

    Attributes:
        drawing: SVG, `None` where the recordings cannot be read
        shares: method -> share of marks within 50 ms
        rejected: whether the first method took it for another song
    """

    file: FilePath
    name: str
    kind: str
    drawing: str | None
    transposition_semitones: int
    shares: dict[str, float]
    rejected: bool = False


def draw_worst(evaluations: Sequence[Evaluation], most: int = MOST) -> list[WorstCover]:
    """Pictures of the covers with the smallest share of marks within 50 ms, the worst first."""
    first = evaluations[0]
    order = sorted(range(len(first.covers)), key=lambda place: _quality(first.covers[place]))
    shown = [0, *_best_other(evaluations)]
    return [_draw(evaluations, shown, first.covers[place]) for place in order[:most]]


def _best_other(evaluations: Sequence[Evaluation]) -> list[int]:
    """The place of the best further method, empty when there is none."""
    others = [place for place in range(1, len(evaluations)) if evaluations[place].covers]
    if not others:
        return []
    return [max(others, key=lambda place: _mean_quality(evaluations[place]))]


def _mean_quality(evaluation: Evaluation) -> float:
    return float(np.mean([within_50(each) for each in evaluation.covers]))


def _quality(cover: EvaluatedCover) -> tuple[float, float]:
    median_ms = float(np.median(np.abs(cover.errors_ms))) if len(cover.errors_ms) else np.inf
    return (within_50(cover), -median_ms)


def within_50(cover: EvaluatedCover) -> float:
    """Share of a cover's marks within 50 ms."""
    return float(np.mean(np.abs(cover.errors_ms) <= 50)) if len(cover.errors_ms) else 0.0


def _draw(
    evaluations: Sequence[Evaluation], shown: Sequence[int], cover: EvaluatedCover
) -> WorstCover:
    paths, shares = [], {}
    kind = cover.entry.kind.replace("_", " ")
    for place in shown:
        method = evaluations[place].document["method"]
        own = next(
            (each for each in evaluations[place].covers if each.entry.file == cover.entry.file),
            None,
        )
        if own is not None:
            paths.append(Path(method, place, own.estimate, own.errors_ms))
            shares[method] = within_50(own)
    drawing, transposition = _picture(cover, paths)
    return WorstCover(
        cover.entry.file,
        cover.entry.file.name,
        kind,
        drawing,
        transposition,
        shares,
        _is_rejected(evaluations[0], cover),
    )


def _picture(cover: EvaluatedCover, paths: Sequence[Path]) -> tuple[str | None, int]:
    """SVG and semitones, `None` and 0 where the recordings cannot be read."""
    try:
        similarity = measure_similarity(cover)
    except CoversError:
        return None, 0
    return draw_cover(cover, similarity, paths), similarity.transposition_semitones


def _is_rejected(evaluation: Evaluation, cover: EvaluatedCover) -> bool:
    document = evaluation.document
    row = document["covers"][
        next(place for place, each in enumerate(evaluation.covers) if each is cover)
    ]
    return (row["song"], row["file"]) in rejected_covers(document)
