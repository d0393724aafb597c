"""Whether a method knows when it is wrong."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from align.evaluation.metrics.detection import area_under_curve, operating_points

Values = npt.NDArray[np.float64]

GOOD_SHARE = 0.8
"""Covers with fewer of their beats within 50 ms are the ones to be recognised."""
ABSTAINED_SHARE = 0.1
BINS = 10


@dataclass(frozen=True)
class Bin:
    """Cases whose confidence lies in one tenth; means are `None` where there are none."""

    low: float
    high: float
    n: int
    mean_confidence: float | None
    share_right: float | None


@dataclass(frozen=True)
class Reliability:
    """Confidence against what it promises.

    Attributes:
        error: mean distance of confidence and share right over cases, by bins (ECE)
    """

    bins: tuple[Bin, ...]
    error: float

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def confidence_auroc(
    confidence: Values, within_50: Values, weights: Values | None = None
) -> float | None:
    """How well low confidence predicts a bad cover; `None` unless there are good and bad ones."""
    return area_under_curve(operating_points(-confidence, within_50 < GOOD_SHARE, weights))


def kept_after_abstaining(confidence: Values, values: Values) -> float:
    """Mean of the covers left when the tenth of lowest confidence, at least one, is dropped.

    Among equals the better ones are dropped first.
    """
    n_dropped = max(1, round(ABSTAINED_SHARE * len(values)))
    order = np.lexsort((-values, confidence))
    kept = values[order[n_dropped:]]
    return float(kept.mean()) if len(kept) else float("nan")


def measure_reliability(confidence: Values, right: npt.NDArray[np.bool_]) -> Reliability | None:
    """Ten bins of equal width, `None` without cases."""
    if not len(confidence):
        return None
    edges = np.linspace(0, 1, BINS + 1)
    bin_of = np.clip(np.searchsorted(edges, confidence, side="right") - 1, 0, BINS - 1)
    bins = tuple(
        _bin(float(edges[index]), float(edges[index + 1]), confidence[own], right[own])
        for index, own in ((index, bin_of == index) for index in range(BINS))
    )
    gaps = [
        each.n * abs(each.mean_confidence - each.share_right)
        for each in bins
        if each.mean_confidence is not None and each.share_right is not None
    ]
    return Reliability(bins, float(sum(gaps) / len(confidence)))


def _bin(low: float, high: float, confidence: Values, right: npt.NDArray[np.bool_]) -> Bin:
    low, high = round(low, 2), round(high, 2)
    if not len(confidence):
        return Bin(low, high, 0, None, None)
    return Bin(
        low,
        high,
        len(confidence),
        round(float(confidence.mean()), 4),
        round(float(right.mean()), 4),
    )
