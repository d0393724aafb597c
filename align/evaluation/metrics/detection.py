"""Telling positives from negatives by a score: error rates, recall, area under the curve.

Every function takes the scores of positives and negatives together with weights, and treats equal
scores as one threshold. Operating points are joined by straight lines, except in
`recall_at_false_accepts`, which takes the best real threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class OperatingPoints:
    """Rates at thresholds from the strictest, which accepts nothing, to the laxest.

    Attributes:
        recall: share of positives accepted, rising, (thresholds,)
        false_accepts: share of negatives accepted, rising, (thresholds,)
    """

    recall: Scores
    false_accepts: Scores


def operating_points(
    scores: Scores, positive: Flags, weights: Scores | None = None
) -> OperatingPoints | None:
    """All distinct operating points, `None` without positives or without negatives."""
    weights = np.ones(len(scores)) if weights is None else weights
    gains, losses = weights * positive, weights * ~positive
    if gains.sum() <= 0 or losses.sum() <= 0:
        return None
    order = np.argsort(-scores, kind="stable")
    last_of_equal = np.append(np.diff(scores[order]) != 0, True)
    recall = np.cumsum(gains[order])[last_of_equal] / gains.sum()
    false_accepts = np.cumsum(losses[order])[last_of_equal] / losses.sum()
    return OperatingPoints(np.append(0.0, recall), np.append(0.0, false_accepts))


def equal_error_rate(points: OperatingPoints | None) -> float | None:
    """Rate at which false accepts equal false rejects, on straight lines between thresholds."""
    if points is None:
        return None
    gap = points.false_accepts - (1 - points.recall)  # from -1 to 1, never falling
    after = int(np.argmax(gap >= 0))
    before = after - 1
    share = -gap[before] / (gap[after] - gap[before])
    rise = points.false_accepts[after] - points.false_accepts[before]
    return float(points.false_accepts[before] + share * rise)


def recall_at_false_accepts(points: OperatingPoints | None, limit: float) -> float | None:
    """Best recall of any threshold with at most this share of false accepts, not interpolated."""
    if points is None:
        return None
    return float(points.recall[points.false_accepts <= limit + 1e-12].max())


def area_under_curve(points: OperatingPoints | None) -> float | None:
    """Probability that a positive scores above a negative, ties counting half."""
    if points is None:
        return None
    return float(np.trapezoid(points.recall, points.false_accepts))
