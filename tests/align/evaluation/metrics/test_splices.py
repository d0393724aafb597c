import numpy as np
import pytest

from align.evaluation.metrics.splices import SpliceCounts, count_splices, splice_f
from catalog.time_map import Segment, TimeMap
from tests.align.evaluation.metrics.annotations import annotate, exact_map

TWICE = annotate([0, 5, 10, 0, 5, 10], [0, 5, 10, 11, 16, 21], [0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(("late_s", "matched"), [(0.0, 1), (0.4, 1), (0.6, 0)])
def test_a_splice_is_found_within_half_a_second(late_s: float, matched: int) -> None:
    assert count_splices(exact_map(TWICE, late_s), TWICE) == SpliceCounts(1, 1, matched)


def test_a_gap_without_a_leap_is_no_splice() -> None:
    truth = annotate(np.arange(20), np.arange(20), [0] * 20)
    broken = TimeMap((Segment.of([0, 9], [0, 9]), Segment.of([11, 19], [11, 19])))
    assert count_splices(broken, truth) == SpliceCounts(0, 0, 0)


def test_going_on_after_foreign_material_is_a_splice() -> None:
    truth = annotate([0, 10, 11, 20], [0, 10, 31, 40], [0, 0, 1, 1], [[10.5, 30.5]])
    assert count_splices(TimeMap(), truth) == SpliceCounts(1, 0, 0)


def test_f_is_over_all_splices_and_unknown_without_any() -> None:
    counts = [SpliceCounts(1, 1, 1), SpliceCounts(2, 1, 0), SpliceCounts(0, 1, 0)]
    assert splice_f(counts) == pytest.approx(2 * 1 / (3 + 3))
    assert splice_f([SpliceCounts(0, 3, 0)]) is None
