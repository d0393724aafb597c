"""How anchors steer: the coarse path through each of them, the fine path close around each.

The matrix that a path is searched in gets rewards or walls, so the search itself stays as it is,
whatever the matrix was made of. Without anchors all is returned unchanged.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from align.anchors import Anchors
from align.path import OUTSIDE, JumpPath, PathModel, find_path

Matrix = npt.NDArray[np.float32]
Curve = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

AT_ANCHOR, NEARBY = 1000.0, 0.6
"""What a frame of the coarse path gains: the first outweighs all evidence of a recording, the
second what speaks against the song where nothing is heard."""
NEARBY_S = 3.0
"""An anchor says for so long on either side that the song is heard, not where in it."""
COARSE_TOLERANCE_S = 0.3
NEVER = 2000.0
"""A price that nothing earns back."""
LEADING_S = 1.0
"""A fine curve that an anchor moves is moved less and less for so long on either side."""
TEMPO_TOLERANCE = 0.1
"""The fine path leaves an anchor at the coarse tempo, within this share of it."""
WALL = 1.0
"""Price of a fine frame beyond that: as much as one that nothing speaks for."""


def find_path_through(
    similarity: Matrix, model: PathModel, anchors: Anchors, frame_rate: float
) -> JumpPath:
    """The best path through every anchor, whole between those that are held together.

    Its score is what the recordings alone give it.

    Parameters
    ----------
    similarity
        (cover frames, reference frames)
    """
    steered = steer(similarity, anchors, frame_rate)
    path = find_path(steered, model)
    inside = np.flatnonzero(path.positions != OUTSIDE)
    rewards = (steered - similarity)[inside, path.positions[inside]]
    path = replace(path, score=path.score - float(rewards.sum(dtype=float)))
    rows = _rows(anchors.cover_s, len(similarity), frame_rate)
    for stretch in anchors.stretches():
        if len(stretch) > 1:
            path = _keep_whole(path, steered, model, slice(rows[stretch[0]], rows[stretch[-1]] + 1))
    return _break_between(path, anchors, rows)


def steer(similarity: Matrix, anchors: Anchors, frame_rate: float) -> Matrix:
    """Similarity whose best path passes through every anchor.

    Near an anchor little speaks for leaving the song, much may for being elsewhere in it.

    Parameters
    ----------
    similarity
        (cover frames, reference frames)
    """
    if not len(anchors):
        return similarity
    steered = similarity.copy()
    n_rows, n_columns = steered.shape
    steered[_distance(np.arange(n_rows), anchors, frame_rate) <= NEARBY_S * frame_rate] += NEARBY
    off_s = np.arange(n_columns) / frame_rate - anchors.reference_s[:, None]
    for row, near in zip(
        _rows(anchors.cover_s, n_rows, frame_rate), np.abs(off_s) <= COARSE_TOLERANCE_S, strict=True
    ):
        steered[row, near] += AT_ANCHOR
    return steered


def lead_through(curve: Curve, frames: Indices, anchors: Anchors, frame_rate: float) -> Curve:
    """The curve moved so that it passes through every anchor, and less far from them.

    Parameters
    ----------
    curve
        reference frame at each of the cover's `frames`, (frames,)
    """
    if not len(anchors):
        return curve
    at = anchors.cover_s * frame_rate
    off = anchors.reference_s * frame_rate - np.interp(at, frames, curve)
    weight = 1 - (_distance(frames, anchors, frame_rate) - 1) / (LEADING_S * frame_rate)
    return np.asarray(curve + np.interp(frames, at, off) * np.clip(weight, 0, 1))


def wall_in(costs: Matrix, frames: Indices, anchors: Anchors, frame_rate: float) -> Matrix:
    """Costs of a band around a curve through the anchors, dear where none can be reached from.

    Parameters
    ----------
    costs
        (frames, width)
    """
    if not len(anchors):
        return costs
    deviation = np.abs(np.arange(costs.shape[1]) - costs.shape[1] // 2)
    distance = _distance(frames, anchors, frame_rate)[:, None]
    walls = np.where(distance < 1, AT_ANCHOR, WALL)
    return np.asarray(costs + walls * (deviation > TEMPO_TOLERANCE * distance), costs.dtype)


def _keep_whole(path: JumpPath, steered: Matrix, model: PathModel, rows: slice) -> JumpPath:
    """The path with the best one that neither jumps nor leaves, in some rows."""
    fitted = model.for_shape(steered.shape)
    staying = replace(fitted, jump=NEVER, enter=NEVER, breaking=fitted.breaking[rows])
    whole = find_path(steered[rows] + np.float32(NEVER), staying)
    positions, tempos, breaks = path.positions.copy(), path.tempos.copy(), path.breaks.copy()
    positions[rows], tempos[rows] = whole.positions, whole.tempos
    breaks[rows.start + 1 : rows.stop] = False
    return replace(path, positions=positions, tempos=tempos, breaks=breaks)


def _break_between(path: JumpPath, anchors: Anchors, rows: Indices) -> JumpPath:
    """The path, broken between anchors that fall back so little that it passes both unbroken."""
    breaks = path.breaks.copy()
    for earlier, later in pairwise(range(len(anchors))):
        unbroken = not np.any(breaks[rows[earlier] + 1 : rows[later] + 1])
        if unbroken and not anchors.rises(earlier, later):
            breaks[(rows[earlier] + rows[later] + 1) // 2] = True
    return replace(path, breaks=breaks)


def _rows(times_s: Curve, n_rows: int, frame_rate: float) -> Indices:
    """The rows of cover times."""
    return np.clip(np.round(times_s * frame_rate), 0, n_rows - 1).astype(np.int64)


def _distance(frames: Indices, anchors: Anchors, frame_rate: float) -> Curve:
    """Frames to the nearest anchor, (frames,)."""
    return np.asarray(np.abs(frames[:, None] - anchors.cover_s * frame_rate).min(axis=1))
