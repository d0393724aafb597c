"""Sections that are alike count as one another, all else does not."""

import numpy as np
import pytest

from align.datasets.truth import Annotation, SectionTruth
from align.evaluation.metrics.alike import share_within_alike
from catalog.time_map import Segment, TimeMap

# Ten beats a section; the second verse is played at half the speed of the first.
BEATS_S = np.concatenate([np.arange(0, 20), 20 + 2 * np.arange(0, 11)]).astype(float)
SECTIONS = SectionTruth(np.array([[0.0, 10], [10, 20], [20, 40]]), ("verse", "chorus", "verse"))


def annotate(reference_s: np.ndarray) -> Annotation:
    cover_s = np.arange(len(reference_s), dtype=float)
    segment = np.zeros(len(reference_s), dtype=np.int64)
    return Annotation(reference_s.astype(float), cover_s, segment, np.zeros((0, 2)), 1)


def share(estimate: TimeMap, truth: Annotation) -> float:
    return share_within_alike(estimate, truth, SECTIONS, BEATS_S, limit_ms=50)


def test_the_same_beat_of_a_like_section_counts() -> None:
    first_verse = annotate(np.arange(1, 10))
    in_second = TimeMap((Segment.of([22, 38], [0, 8]),))
    assert share(in_second, first_verse) == 1


def test_another_beat_of_a_like_section_does_not() -> None:
    first_verse = annotate(np.arange(1, 10))
    a_beat_late = TimeMap((Segment.of([24, 40], [0, 8]),))
    assert share(a_beat_late, first_verse) == 0


def test_a_section_that_is_not_alike_does_not_count() -> None:
    first_verse = annotate(np.arange(1, 10))
    in_chorus = TimeMap((Segment.of([11, 19], [0, 8]),))
    assert share(in_chorus, first_verse) == 0


def test_the_true_section_counts_as_everywhere_else() -> None:
    first_verse = annotate(np.arange(1, 10))
    assert share(TimeMap((Segment.of([1.04, 9.04], [0, 8]),)), first_verse) == 1
    assert share(TimeMap((Segment.of([1.06, 9.06], [0, 8]),)), first_verse) == 0


def test_an_unmapped_mark_is_a_miss() -> None:
    first_verse = annotate(np.arange(1, 10))
    half = TimeMap((Segment.of([1, 5], [0, 4]),))
    assert share(half, first_verse) == pytest.approx(5 / 9)
    assert share(TimeMap(), first_verse) == 0
