import numpy as np
import pytest

from align.datasets.truth import SectionTruth
from align.evaluation.metrics.mapped_sections import (
    NOT_THE_SONG,
    map_sections,
    score_mapped_sections,
)
from catalog.time_map import Segment, TimeMap

REFERENCE = SectionTruth(np.array([[0.0, 10.0], [10.0, 20.0], [20.0, 30.0]]), ("A", "B", "A"))
REPEATED = TimeMap((Segment.of([0, 20], [5, 15]), Segment.of([10, 30], [20, 30])))


def test_sections_appear_wherever_the_map_plays_them() -> None:
    found = map_sections(REPEATED, REFERENCE)
    assert found is not None
    assert found.spans_s[:, 0].tolist() == [5, 10, 15, 20, 25]
    assert found.labels == ("A", "B", NOT_THE_SONG, "B", "A")
    assert found.spans_s[-1, 1] == 30


def test_a_seam_within_a_section_is_no_boundary() -> None:
    seam = TimeMap((Segment.of([0, 5], [0, 5]), Segment.of([5.2, 30], [5.2, 30])))
    found = map_sections(seam, REFERENCE)
    assert found is not None
    assert found.spans_s[:, 0].tolist() == [0, 10, 20]


def test_a_perfect_map_of_perfect_sections_is_perfect() -> None:
    truth = map_sections(REPEATED, REFERENCE)
    assert truth is not None
    scores = score_mapped_sections(truth, REPEATED, REFERENCE)
    assert list(scores.values()) == pytest.approx([1, 1, 1])


TWICE = SectionTruth(
    np.array([[2.0, 12.0], [12.0, 22.0], [22.0, 32.0], [32.0, 42.0]]), ("A", "A", "B", "A")
)


@pytest.mark.parametrize(("late_s", "short_s"), [(0, 0), (0, 0.004), (0, 0.2), (0.003, 0)])
def test_a_perfect_map_of_a_section_played_twice_in_a_row_is_perfect(
    late_s: float, short_s: float
) -> None:
    """Though it ends a little before the truth, or jumps a little late."""
    first = Segment.of([0, 10 + late_s], [2, 12 + late_s])
    second = Segment.of([late_s, 30 - short_s], [12 + late_s, 42 - short_s])
    estimate = TimeMap((first, second))
    scores = score_mapped_sections(TWICE, estimate, REFERENCE)
    assert list(scores.values()) == pytest.approx([1, 1, 1], abs=1e-3)


def test_a_map_that_ends_seconds_before_the_song_is_not_perfect() -> None:
    estimate = TimeMap((Segment.of([0, 10], [2, 12]), Segment.of([0, 28], [12, 40])))
    assert score_mapped_sections(TWICE, estimate, REFERENCE)["map_section_hr05"] < 1


def test_an_empty_map_has_none() -> None:
    assert set(score_mapped_sections(REFERENCE, TimeMap(), REFERENCE).values()) == {0}
