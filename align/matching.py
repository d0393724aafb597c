"""Which stretch of a Cover is which stretch of its Reference, and in which key.

Works on harmony at a few frames per second; attacks, which say where exactly, only blur it.
Harmony holds nothing that a whole recording shares, so unrelated music scores about zero and the
price of a frame decides between song and not the song.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from align.descriptors import QUIET, Descriptors
from align.path import JumpPath, PathModel, best_score, find_path

Matrix = npt.NDArray[np.float32]

LOWEST_TRANSPOSITION, HIGHEST_TRANSPOSITION = -6, 5


@dataclass(frozen=True)
class MatchingConfig:
    """Rates and prices of the coarse match.

    Attributes:
        decimation: fine frames per coarse frame
        key_decimation: the same while twelve transpositions are compared
        context_s: spread of the smoothing along equal tempo
        frame_price: similarity below which a frame is better explained as not the song
        jump_s, enter_s: seconds of perfect similarity that a jump, or entering and leaving the
            song, must earn back
    """

    decimation: int = 8
    key_decimation: int = 16
    context_s: float = 0.5
    frame_price: float = 0.2
    jump_s: float = 2.5
    enter_s: float = 1.5
    tempo_change_s: float = 0.08
    odd_tempo_s: float = 1.0
    slowest: float = 0.45
    fastest: float = 2.2
    n_tempos: int = 24


@dataclass(frozen=True)
class Match:
    """A coarse match.

    Attributes:
        path: reference position of each coarse cover frame
        transposition_semitones: positive where the cover sounds higher
        similarity: what the path was found in, (cover frames, reference frames)
        frame_rate: coarse frames per second
    """

    path: JumpPath
    transposition_semitones: int
    similarity: Matrix
    frame_rate: float


def match_recordings(
    reference: Descriptors, cover: Descriptors, *, config: MatchingConfig | None = None
) -> Match:
    """Find the key, then the path with jumps, of a cover on its reference."""
    config = config or MatchingConfig()
    scores = compare_transpositions(reference, cover, config)
    semitones = LOWEST_TRANSPOSITION + int(np.argmax(scores))
    rate = cover.frame_rate / config.decimation
    similarity = _similarity(
        np.roll(_coarsen(reference.harmony, config.decimation), semitones, axis=1),
        _coarsen(cover.harmony, config.decimation),
        config,
        rate,
    )
    path = find_path(similarity, path_model(config, rate))
    return Match(path, semitones, similarity, rate)


def compare_transpositions(
    reference: Descriptors, cover: Descriptors, config: MatchingConfig
) -> npt.NDArray[np.float64]:
    """Mean score of a cover frame on the best path at each transposition, lowest first, (12,)."""
    rate = cover.frame_rate / config.key_decimation
    model = path_model(config, rate)
    reference_rows = _coarsen(reference.harmony, config.key_decimation)
    cover_rows = _coarsen(cover.harmony, config.key_decimation)
    scores = []
    for semitones in range(LOWEST_TRANSPOSITION, HIGHEST_TRANSPOSITION + 1):
        in_key = np.roll(reference_rows, semitones, axis=1)
        similarity = _similarity(in_key, cover_rows, config, rate)
        scores.append(best_score(similarity, model) / len(similarity))
    return np.array(scores)


def path_model(config: MatchingConfig, frame_rate: float) -> PathModel:
    """The prices at a frame rate: [s] * [frames/s] = [frames of perfect similarity]."""
    ratios = np.geomspace(config.slowest, config.fastest, config.n_tempos)
    return PathModel(
        tempo_ratios=ratios,
        tempo_change=config.tempo_change_s * frame_rate,
        jump=config.jump_s * frame_rate,
        leave=config.enter_s * frame_rate,
        enter=config.enter_s * frame_rate,
        odd_tempo=config.odd_tempo_s * frame_rate,
    )


def _similarity(
    reference: Matrix, cover: Matrix, config: MatchingConfig, frame_rate: float
) -> Matrix:
    """Correlation of every pair of frames, less the frame price, (cover, reference frames)."""
    smooth = _smooth_along_tempo(cover @ reference.T, config.context_s * frame_rate)
    return np.asarray(smooth - config.frame_price, dtype=np.float32)


def _coarsen(matrix: Matrix, decimation: int) -> Matrix:
    """Hann-weighted means around every `decimation`-th frame, of norm 1 where not quiet."""
    window = np.hanning(2 * decimation + 3)[1:-1]
    smooth = scipy.ndimage.convolve1d(matrix, window / window.sum(), axis=0, mode="nearest")
    kept = smooth[::decimation]
    norm = np.linalg.norm(kept, axis=1, keepdims=True)
    return np.asarray(kept / np.maximum(norm, QUIET * float(np.median(norm)) + 1e-9))


def _smooth_along_tempo(similarity: Matrix, frames: float) -> Matrix:
    """Mean over short diagonals, so that an order of chords counts more than one chord."""
    reach = max(1, round(2 * frames))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    padded = np.pad(similarity, reach, mode="edge")
    n_rows, n_columns = similarity.shape
    total = np.zeros_like(similarity)
    for lag, weight in zip(range(2 * reach + 1), weights / weights.sum(), strict=True):
        total += weight.astype(np.float32) * padded[lag : lag + n_rows, lag : lag + n_columns]
    return total
