"""Descriptors of sound -> how much each frame looks like a beat.

Not learned: the activation is the rise of the short-window spectrum against its surroundings,
so it fires on every loud onset and the decoder has to find the regular ones. A network's output
replaces `beat_activation` by returning the same type.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from align.descriptors import onset_strength
from align.features import FRAME_RATE, Features

Activation = npt.NDArray[np.float64]

LOUDEST_S = 4.0
QUIET, CERTAIN = 0.02, 0.9


def beat_activation(features: Features) -> Activation:
    """Likelihood of a beat in each frame, strictly inside 0..1, (frames,)."""
    strength = onset_strength(features)
    reach = round(LOUDEST_S * FRAME_RATE)
    loudest = scipy.ndimage.maximum_filter1d(strength, 2 * reach + 1)
    floor = 0.1 * float(strength.max()) + 1e-9
    relative = strength / np.maximum(loudest, floor)
    smooth = scipy.ndimage.gaussian_filter1d(relative, 1.0)
    return np.asarray(np.clip(smooth, QUIET, CERTAIN), dtype=np.float64)
