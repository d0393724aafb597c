import numpy as np
import pytest

from align.descriptors import describe
from align.features import compute_features
from align.harmony import CHANCE, compare_harmony, with_surroundings
from align.network.inputs import place_view
from tests.align.tones import make_song, perform, steady

SONG = make_song(12, seed=5)


def harmony(transposition: int, brightness: float) -> np.ndarray:
    sound = perform(SONG, steady(0.4), transposition=transposition, brightness=brightness)
    return with_surroundings(describe(compute_features(sound)).harmony)


def test_harmony_finds_the_place_in_the_right_key_alone() -> None:
    reference, cover = harmony(0, 0.5), harmony(3, 0.3)
    right, wrong = (compare_harmony(reference, cover, semitones) for semitones in (3, 0))
    diagonal = np.arange(min(right.shape))
    assert right[diagonal, diagonal].mean() > 0.4
    assert wrong[diagonal, diagonal].mean() < 0.1
    assert right.mean() < 0  # any two moments rather are not one place


def test_a_moment_correlates_wholly_with_itself() -> None:
    song = harmony(0, 0.5)[20:-20]  # loud throughout
    assert compare_harmony(song, song, 0).diagonal() == pytest.approx(1 - CHANCE, abs=0.02)


def test_as_many_frames_as_the_networks_hear() -> None:
    frames = describe(compute_features(perform(SONG, steady(0.4)))).harmony[:81]
    assert len(with_surroundings(frames)) == len(place_view(np.zeros((81, 216), np.float32)))
