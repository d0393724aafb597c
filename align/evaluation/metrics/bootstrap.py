"""How much a mean over covers would vary with other songs and other covers.

Efron, Tibshirani, "An Introduction to the Bootstrap", 1993: songs are drawn with replacement, and
within each drawn song its covers, because covers of one song fail together. The interval spans
the 2.5th to the 97.5th percentile. Draws are seeded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float64]
Values = npt.NDArray[np.float64]

DRAWS = 1000
SEED = 20261122
PERCENTILES = (2.5, 97.5)


def draw_weights(songs: Sequence[str], n_draws: int = DRAWS) -> Weights:
    """How often each cover is drawn, given the song of each, (draws, covers)."""
    random = np.random.default_rng(SEED)
    names = sorted(set(songs))
    times = random.multinomial(len(names), np.full(len(names), 1 / max(len(names), 1)), n_draws)
    weights = np.zeros((n_draws, len(songs)))
    for song, name in enumerate(names):
        own = np.flatnonzero(np.array(songs) == name)
        weights[:, own] = random.multinomial(
            times[:, song] * len(own), np.full(len(own), 1 / len(own))
        )
    return weights


def interval(
    statistic: Callable[[Weights], float | None], weights: Weights
) -> tuple[float, float] | None:
    """95 % interval of a statistic of weights; `None` where hardly any draw has a value."""
    values = [statistic(each) for each in weights]
    known = np.array([each for each in values if each is not None and np.isfinite(each)])
    if len(known) < len(values) / 2 or not len(known):
        return None
    low, high = np.percentile(known, PERCENTILES)
    return float(low), float(high)


def weighted_mean(values: Values, weights: Weights | None = None) -> float | None:
    """Mean of the known values, NaN being unknown, `None` without any."""
    weights = np.ones(len(values)) if weights is None else weights
    known = np.isfinite(values)
    total = float(weights[known].sum())
    return float(weights[known] @ values[known] / total) if total > 0 else None
