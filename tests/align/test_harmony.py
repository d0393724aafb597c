import numpy as np

from align.descriptors import describe
from align.features import compute_features
from align.harmony import compare_harmony
from tests.align.tones import make_song, perform, steady

SONG = make_song(12, seed=5)


def harmony(transposition: int, brightness: float) -> np.ndarray:
    sound = perform(SONG, steady(0.4), transposition=transposition, brightness=brightness)
    return describe(compute_features(sound)).harmony


def test_harmony_finds_the_place_in_the_right_key_alone() -> None:
    reference, cover = harmony(0, 0.5), harmony(3, 0.3)
    right, wrong = (compare_harmony(reference, cover, semitones) for semitones in (3, 0))
    diagonal = np.arange(min(right.shape))
    assert right[diagonal, diagonal].mean() > 0.4
    assert wrong[diagonal, diagonal].mean() < 0.1
    assert right.mean() < 0  # any two moments rather are not one place


def test_as_many_frames_as_the_networks_hear() -> None:
    reference = harmony(0, 0.5)
    assert compare_harmony(reference, reference[:81], 0).shape == (11, -(-len(reference) // 8))
