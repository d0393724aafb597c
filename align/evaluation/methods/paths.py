"""Warping paths -> time maps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.evaluation.methods.normalising import Normalisation
from catalog.time_map import Segment, TimeMap

Path = npt.NDArray[np.float64]


def map_of_path(path: Path, frame_rate: float, normalisation: Normalisation) -> TimeMap:
    """The map of one path, empty when it never moves on in both recordings.

    Parameters
    ----------
    path
        frames of the reference and of the time-scaled cover, never falling, (2, steps)
    frame_rate
        frames per second of both
    """
    rising = strictly_rising(path)
    if rising.shape[1] < 2:
        return TimeMap()
    reference_s, scaled_s = rising / frame_rate
    return TimeMap((Segment.of(reference_s, scaled_s / normalisation.stretch),))


def strictly_rising(path: Path) -> Path:
    """The steps of a path at which both recordings move on, ending where the path ends."""
    kept = [0]
    for step in range(1, path.shape[1]):
        if np.all(path[:, step] > path[:, kept[-1]]):
            kept.append(step)
    while len(kept) > 1 and np.any(path[:, kept[-1]] >= path[:, -1]):
        kept.pop()
    ends = np.all(path[:, -1] > path[:, kept[-1]])
    return path[:, [*kept, path.shape[1] - 1] if ends else kept]
