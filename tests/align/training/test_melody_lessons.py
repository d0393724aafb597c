import numpy as np

from align.training.melody_lessons import MelodyLesson, draw_melody_batch


def test_half_of_a_batch_are_other_melodies() -> None:
    lessons = [
        MelodyLesson(np.full((80, 2, 2, 72), loudness, np.uint8), is_same=loudness > 0)
        for loudness in (0, 0, 0, 160)
    ]
    rng = np.random.default_rng(0)
    pairs, same = draw_melody_batch(lessons, rng, n_pairs=16, n_frames=60)
    assert pairs.shape == (16, 60, 2, 2, 72)
    assert same.tolist() == [0, 1] * 8
    is_loud = pairs.mean(dim=(1, 2, 3, 4)) > 0
    assert is_loud.tolist() == [False, True] * 8
