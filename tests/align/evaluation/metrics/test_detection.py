import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.evaluation.metrics.detection import (
    area_under_curve,
    equal_error_rate,
    operating_points,
    recall_at_false_accepts,
)


def points(positives, negatives):
    scores = np.array([*positives, *negatives], dtype=float)
    return operating_points(scores, np.arange(len(scores)) < len(positives))


def test_separated_scores_make_no_errors() -> None:
    found = points([0.8, 0.9, 1.0], [0.1, 0.2])
    assert equal_error_rate(found) == 0
    assert recall_at_false_accepts(found, 0.01) == 1
    assert area_under_curve(found) == 1


def test_scores_the_wrong_way_round_are_all_errors() -> None:
    found = points([0.1, 0.2], [0.8, 0.9, 1.0])
    assert equal_error_rate(found) == 1
    assert area_under_curve(found) == 0


def test_equal_scores_are_a_coin_toss() -> None:
    found = points([0.5] * 4, [0.5] * 7)
    assert equal_error_rate(found) == pytest.approx(0.5)
    assert area_under_curve(found) == pytest.approx(0.5)
    assert recall_at_false_accepts(found, 0.01) == 0


def test_random_scores_err_half_the_time() -> None:
    random = np.random.default_rng(1)
    found = points(random.random(2000), random.random(3000))
    assert equal_error_rate(found) == pytest.approx(0.5, abs=0.03)
    assert area_under_curve(found) == pytest.approx(0.5, abs=0.03)


def test_the_rate_lies_between_thresholds() -> None:
    # false accepts 0 -> 1/2 while recall stays at 2/3: they cross false rejects of 1/3
    assert equal_error_rate(points([4, 3, 1], [2, 0])) == pytest.approx(1 / 3)


def test_recall_uses_a_real_threshold() -> None:
    positives, negatives = np.arange(100, 200), np.append(np.arange(99), 150.5)
    assert recall_at_false_accepts(points(positives, negatives), 0.009) == pytest.approx(0.49)
    assert recall_at_false_accepts(points(positives, negatives), 0.01) == 1


def test_one_side_alone_says_nothing() -> None:
    assert equal_error_rate(points([1, 2], [])) is None
    assert area_under_curve(points([], [1])) is None


@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
    st.lists(st.integers(0, 9), min_size=1, max_size=20),
)
@settings(max_examples=100)
def test_area_is_the_chance_of_the_right_order(positives, negatives) -> None:
    gaps = np.subtract.outer(positives, negatives)
    chance = np.mean((gaps > 0) + 0.5 * (gaps == 0))
    assert area_under_curve(points(positives, negatives)) == pytest.approx(chance)
    assert 0 <= (equal_error_rate(points(positives, negatives)) or 0) <= 1


def test_weights_are_repetitions() -> None:
    scores, positive = np.array([3.0, 2.0, 1.0, 2.5]), np.array([True, True, False, False])
    repeated = operating_points(np.repeat(scores, [1, 3, 2, 1]), np.repeat(positive, [1, 3, 2, 1]))
    weighted = operating_points(scores, positive, np.array([1.0, 3.0, 2.0, 1.0]))
    assert equal_error_rate(weighted) == pytest.approx(equal_error_rate(repeated))
