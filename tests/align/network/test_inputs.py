import numpy as np
import pytest

from align.audio import Audio
from align.features import FRAME_RATE, PITCH, compute_features
from align.network.inputs import (
    HEADROOM,
    PLACE_DECIMATION,
    PLACE_RATE,
    Levels,
    place_times,
    place_view,
    pulse_view,
)
from tests.align.tones import make_song, perform, steady


@pytest.fixture(scope="module")
def levels() -> Levels:
    return Levels.of(compute_features(perform(make_song(4, seed=1), steady(0.5))))


def test_levels_do_not_depend_on_loudness(levels: Levels) -> None:
    song = perform(make_song(4, seed=1), steady(0.5))
    quiet = Levels.of(compute_features(Audio((0.01 * song.samples).astype(np.float32))))
    assert np.array_equal(quiet.pitch, levels.pitch)


def test_levels_stay_within_their_range(levels: Levels) -> None:
    for each in (levels.pitch, levels.attack):
        assert each.min() >= 0
        assert 0.9 < each.max() <= HEADROOM


@pytest.mark.parametrize("semitones", [-5, 3])
def test_transposing_moves_bins_by_whole_semitones(levels: Levels, semitones: int) -> None:
    moved = levels.transposed(semitones)
    by = semitones * PITCH.bins_per_semitone
    inside = slice(20, -20)
    assert np.array_equal(moved.pitch[:, inside], np.roll(levels.pitch, by, axis=1)[:, inside])
    edge = moved.pitch[:, :by] if by > 0 else moved.pitch[:, by:]
    assert not edge.any()


def test_place_frames_hold_the_means_of_their_halves(levels: Levels) -> None:
    view = place_view(levels.pitch)
    assert view.shape == (-(-len(levels.pitch) // PLACE_DECIMATION), 4, PITCH.n_bins)
    half = PLACE_DECIMATION // 2
    assert np.allclose(view[3, 1], levels.pitch[3 * 8 + half : 4 * 8].mean(axis=0), atol=1e-6)


def test_place_times_are_the_centres_of_eight_frames() -> None:
    centres_s = np.arange(64).reshape(8, 8).mean(axis=1) / FRAME_RATE
    assert np.allclose(place_times(8), centres_s)
    assert np.allclose(np.diff(place_times(8)), 1 / PLACE_RATE)


def test_rises_stand_where_something_begins() -> None:
    levels = np.zeros((20, 5), np.float32)
    levels[10:, 2] = 1
    rises = pulse_view(levels)[:, 1, 2]
    assert set(np.flatnonzero(rises)) == {9, 10}
