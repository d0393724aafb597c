import numpy as np
import pytest

from align.evaluation.methods.local_alignment import find_common_span, qmax


def frames(count: int, seed: int) -> np.ndarray:
    """Unit columns that are clearly unlike each other, (72, count)."""
    columns = np.random.default_rng(seed).standard_normal((72, count))
    return columns / np.linalg.norm(columns, axis=0)


@pytest.mark.parametrize("every", [1, 2])
def test_the_stretch_that_both_play_is_found_at_any_tempo(every: int) -> None:
    reference = frames(200, seed=1)
    played = reference[:, 60:160:every]
    cover = np.concatenate([frames(30, seed=2), played, frames(40, seed=3)], axis=1)
    span = find_common_span(reference, cover)
    assert (span.reference_start, span.reference_end) == pytest.approx((60, 160), abs=4)
    assert (span.cover_start, span.cover_end) == pytest.approx((30, 30 + played.shape[1]), abs=4)


def test_nothing_in_common_is_everything() -> None:
    span = find_common_span(np.tile(np.eye(12)[:, :1], 20), -np.tile(np.eye(12)[:, :1], 30))
    assert (span.reference_start, span.reference_end) == (0, 20)
    assert (span.cover_start, span.cover_end) == (0, 30)


def test_qmax_is_the_length_of_the_longest_match() -> None:
    assert qmax(np.eye(40, dtype=bool)) == 40
    assert qmax(np.zeros((40, 30), dtype=bool)) == 0


def test_qmax_bridges_a_gap_at_a_price() -> None:
    recurrent = np.eye(40, dtype=bool)
    recurrent[20, 20] = False
    assert 30 < qmax(recurrent) < 39
    assert qmax(np.eye(40, dtype=bool)[:, ::2]) >= 19  # twice the tempo is a step of its own
