import numpy as np
import pytest

from align.training.melody_lessons import MelodyLesson, draw_melody_batch


def lesson(kind: str, loudness: int) -> MelodyLesson:
    return MelodyLesson(kind, np.full((80, 2, 2, 72), loudness, np.uint8))


OTHER, SUNG, WITHOUT = (
    lesson("other_melody", 0),
    lesson("full_band", 80),
    lesson("absent_melody", 160),
)


def loudness_of(*lessons: MelodyLesson) -> tuple[np.ndarray, np.ndarray]:
    """Mean level of each of 16 pairs, and their answers."""
    rng = np.random.default_rng(0)
    pairs, same = draw_melody_batch(lessons, rng, n_pairs=16, n_frames=60)
    assert pairs.shape == (16, 60, 2, 2, 72)
    return pairs.mean(dim=(1, 2, 3, 4)).numpy(), same.numpy()


def test_half_of_a_batch_are_other_melodies() -> None:
    loudness, same = loudness_of(OTHER, SUNG, WITHOUT)
    assert same.tolist() == [0, 1] * 8
    assert np.all(loudness[same == 0] == 0)
    assert np.all(loudness[same == 1] > 0)


def test_every_fourth_of_the_rest_leaves_the_melody_out() -> None:
    loudness, same = loudness_of(OTHER, *[SUNG] * 20, WITHOUT)
    assert (loudness[same == 1] > 0.6).sum() == 2


@pytest.mark.parametrize("alone", [SUNG, WITHOUT])
def test_either_may_be_missing(alone: MelodyLesson) -> None:
    loudness, same = loudness_of(OTHER, alone)
    assert np.all(loudness[same == 1] > 0)
