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


def test_an_empty_map_has_none() -> None:
    assert set(score_mapped_sections(REFERENCE, TimeMap(), REFERENCE).values()) == {0}
