import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from align.evaluation.methods.normalising import Normalisation
from align.evaluation.methods.paths import map_of_path, strictly_rising

STEPS = st.sampled_from([(0, 1), (1, 0), (1, 1)])


@given(st.lists(STEPS, max_size=60))
def test_what_is_left_of_a_path_rises_on_both_sides_to_its_end(steps) -> None:
    path = np.cumsum([(0, 0), *steps], axis=0).T.astype(float)
    rising = strictly_rising(path)
    assert np.all(np.diff(rising, axis=1) > 0)
    assert rising[:, 0].tolist() == [0, 0]
    if path[:, -1].min() > 0:
        assert rising[:, -1].tolist() == path[:, -1].tolist()


def test_a_diagonal_path_is_the_identity_times_the_stretch() -> None:
    path = np.array([np.arange(100.0), np.arange(100.0)])
    stretched = Normalisation(semitones=0, tempo_ratio=2.0, likeness=1.0)
    (segment,) = map_of_path(path, 50, stretched).segments
    assert segment.reference_s[-1] == 99 / 50
    assert segment.cover_s[-1] == 99 / 100


def test_a_path_that_stands_still_is_no_map() -> None:
    path = np.array([np.zeros(10), np.arange(10.0)])
    assert map_of_path(path, 50, Normalisation(0, 1.0, 1.0)).segments == ()
