"""Paths through chroma whose course is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.ndimage import gaussian_filter1d

from align.evaluation.methods.librosa_dtw import warp

Matrix = npt.NDArray[np.float64]

N_FRAMES, FIRST, LAST = 600, 150, 450
BLUR = 8
"""[frames]: chords last about so long."""


def chroma(seed: int, n_frames: int = N_FRAMES) -> Matrix:
    """Slowly changing chords, (12, frames)."""
    heard = np.random.default_rng(seed).exponential(size=(12, n_frames))
    blurred: Matrix = gaussian_filter1d(heard, BLUR, axis=1)
    return blurred


def played_otherwise(part: Matrix, seed: int) -> Matrix:
    """The same chords under as much else."""
    return part + chroma(seed, part.shape[1])


@pytest.fixture
def song() -> Matrix:
    """With a noise near its beginning that resembles every chord a little."""
    heard = chroma(1)
    heard[:, 20:30] = 1.0
    return heard


@pytest.mark.parametrize("seed", range(5))
def test_a_cover_of_a_part_is_found_in_the_reference(song: Matrix, seed: int) -> None:
    cover = played_otherwise(song[:, FIRST:LAST], 100 + seed)
    reference_frames, cover_frames = warp(song, cover, subsequence=True)
    assert np.abs(reference_frames - FIRST - cover_frames).max() <= 2 * BLUR
    assert cover_frames[[0, -1]].tolist() == [0, cover.shape[1] - 1]


@pytest.mark.parametrize("seed", range(5))
def test_a_reference_is_found_in_a_longer_cover(song: Matrix, seed: int) -> None:
    reference = played_otherwise(song[:, FIRST:LAST], 200 + seed)
    reference_frames, cover_frames = warp(reference, song, subsequence=True)
    assert np.abs(cover_frames - FIRST - reference_frames).max() <= 2 * BLUR
    assert reference_frames[[0, -1]].tolist() == [0, reference.shape[1] - 1]


def test_nothing_in_common_is_still_matched_at_half_to_double_speed(song: Matrix) -> None:
    reference_frames, cover_frames = warp(song, chroma(2, LAST - FIRST), subsequence=True)
    speed = np.diff(reference_frames) / np.diff(cover_frames)
    assert speed.min() >= 0.5 and speed.max() <= 2


def test_equal_recordings_match_on_the_diagonal(song: Matrix) -> None:
    for subsequence in (False, True):
        reference_frames, cover_frames = warp(song, song, subsequence=subsequence)
        assert np.array_equal(reference_frames, cover_frames)


def test_plain_dtw_goes_from_end_to_end(song: Matrix) -> None:
    path = warp(song, played_otherwise(song[:, FIRST:LAST], 3), subsequence=False)
    assert path[:, 0].tolist() == [0, 0]
    assert path[:, -1].tolist() == [N_FRAMES - 1, LAST - FIRST - 1]
