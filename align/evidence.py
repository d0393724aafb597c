"""Activations -> evidence for and against, as log-odds that searches may add up.

Networks are surer of some recordings than of others, so what counts as likely is measured
against the recording's own clear events.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
Activation = npt.NDArray[np.float64]

CERTAINTY = 0.99
"""An activation is never believed more than this, nor less than its complement."""
CLEAR_PERCENTILE = 90
FAINTEST = 0.1
"""What stays below this in the whole recording is never clear."""


def evidence(activation: Vector, likely: float) -> Vector:
    """Log-odds of each activation, 0 where it is `likely`, same shape."""
    believed = np.clip(activation, 1 - CERTAINTY, CERTAINTY)
    return np.asarray(np.log(believed / (1 - believed)) - np.log(likely / (1 - likely)))


def clear_level(heights: Vector) -> float:
    """What a recording's clear events reach, given the activations of its possible ones."""
    heights = heights[heights >= FAINTEST]
    return float(np.percentile(heights, CLEAR_PERCENTILE)) if len(heights) else FAINTEST
