import numpy as np
import pytest

from align.evaluation.metrics.confidence import (
    confidence_auroc,
    kept_after_abstaining,
    measure_reliability,
)


def test_low_confidence_that_marks_the_bad_covers_is_perfect() -> None:
    within_50 = np.array([0.95, 0.9, 0.85, 0.3, 0.1])
    assert confidence_auroc(within_50, within_50) == 1
    assert confidence_auroc(-within_50, within_50) == 0
    assert confidence_auroc(np.full(5, 0.5), within_50) == pytest.approx(0.5)


def test_all_good_covers_cannot_be_told_from_bad_ones() -> None:
    assert confidence_auroc(np.array([0.2, 0.9]), np.array([0.9, 0.95])) is None


def test_the_least_sure_tenth_is_dropped() -> None:
    confidence = np.arange(20) / 20
    values = np.append(np.zeros(2), np.ones(18))
    assert kept_after_abstaining(confidence, values) == 1
    assert kept_after_abstaining(-confidence, values) == pytest.approx(16 / 18)


def test_a_calibrated_confidence_has_no_gap() -> None:
    confidence = np.repeat([0.25, 0.75], 400)
    right = np.arange(800) % 4 < np.repeat([1, 3], 400)
    found = measure_reliability(confidence, right)
    assert found is not None
    assert found.error == pytest.approx(0)
    assert [each.n for each in found.bins if each.n] == [400, 400]


def test_an_overconfident_method_has_one() -> None:
    found = measure_reliability(np.ones(10), np.arange(10) < 4)
    assert found is not None
    assert found.error == pytest.approx(0.6)
    assert found.bins[-1].share_right == pytest.approx(0.4)
