"""All scores of one cover that its annotation allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from align.datasets.truth import Annotation, SectionTruth
from align.evaluation.metrics.attribution import attribution_error
from align.evaluation.metrics.marks import half_beats_ms, mark_errors, wrong_section_share
from align.evaluation.metrics.splices import SpliceCounts, count_splices
from catalog.time_map import TimeMap

UNMAPPED_MS = 10_000.0
"""What an unmapped mark counts in medians and percentiles; in every share it is a miss."""
TOLERANCES_MS = (25, 50, 70, 100, 200)


@dataclass(frozen=True)
class CoverScores:
    """Scores of one cover; shares are in 0..1.

    Attributes:
        within: share of marks within each of `TOLERANCES_MS`
        wrong_beat: share of marks off by more than half a beat, the unmapped ones included,
            `None` where beats are unknown
        wrong_section: share of marks in another section, `None` where sections are unknown
        attribution: share of labelled cover time wrongly called song or not song
    """

    median_ms: float
    p90_ms: float
    within: dict[int, float]
    unmapped: float
    wrong_beat: float | None
    wrong_section: float | None
    attribution: float
    splices: SpliceCounts


def score_cover(
    estimate: TimeMap, annotation: Annotation, sections: SectionTruth | None = None
) -> CoverScores:
    """All scores of one estimated map; `sections` are the Reference's."""
    errors_ms = mark_errors(estimate, annotation)
    sizes_ms = np.where(np.isinf(errors_ms), UNMAPPED_MS, np.abs(errors_ms))
    mapped = np.isfinite(errors_ms)
    halves_ms = half_beats_ms(annotation)
    return CoverScores(
        median_ms=float(np.median(sizes_ms)),
        p90_ms=float(np.percentile(sizes_ms, 90)),
        within={limit: float(np.mean(sizes_ms <= limit)) for limit in TOLERANCES_MS},
        unmapped=float(1 - mapped.mean()),
        wrong_beat=(
            None if halves_ms is None else float(np.mean(~mapped | (sizes_ms > halves_ms)))
        ),
        wrong_section=(
            None if sections is None else wrong_section_share(estimate, annotation, sections)
        ),
        attribution=attribution_error(estimate, annotation),
        splices=count_splices(estimate, annotation),
    )
