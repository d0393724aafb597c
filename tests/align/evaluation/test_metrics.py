import numpy as np
import pytest

from align.evaluation.truth import Annotation
from align.evaluation.metrics import UNMAPPED_MS, mark_errors, read_map, score_cover
from catalog.time_map import Segment, TimeMap


def annotate(
    reference_s: list[float], cover_s: list[float], segment: list[int], foreign: list = ()
) -> Annotation:
    spans = np.array(foreign, dtype=float).reshape(-1, 2)
    return Annotation(
        np.array(reference_s), np.array(cover_s), np.array(segment), spans, beats_per_mark=1
    )


def test_errors_are_in_seconds_of_the_cover() -> None:
    truth = annotate([0, 2, 4, 6], [0, 1, 2, 3], [0] * 4)
    late = TimeMap((Segment.of([0.1, 8.1], [0, 4]),))
    assert mark_errors(late, truth) == pytest.approx([50] * 4)


def test_each_occurrence_of_a_repeat_is_judged() -> None:
    truth = annotate([0, 1, 2, 0, 1, 2], [0, 1, 2, 3, 4, 5], [0, 0, 0, 1, 1, 1])
    only_first = TimeMap((Segment.of([0, 2], [0, 2]),))
    scores = score_cover(only_first, truth)
    assert scores.unmapped == pytest.approx(0.5)
    assert scores.within[200] == pytest.approx(0.5)
    assert scores.p90_ms == UNMAPPED_MS


def test_marks_are_extrapolated_by_half_a_second_and_no_further() -> None:
    estimate = TimeMap((Segment.of([10, 12], [1, 2]),))
    assert read_map(estimate, 0.6) == pytest.approx(9.2)
    assert read_map(estimate, 2.5) == pytest.approx(13)
    assert read_map(estimate, 2.6) is None
    assert read_map(TimeMap(), 1.0) is None


def test_wrong_beat_means_more_than_half_a_beat_off() -> None:
    truth = annotate([0, 1, 2, 3], [0, 1, 2, 3], [0] * 4)
    off = TimeMap((Segment.of([0.4, 3.4], [0, 3]),))
    far_off = TimeMap((Segment.of([0.6, 3.6], [0, 3]),))
    assert score_cover(off, truth).wrong_beat == 0
    assert score_cover(far_off, truth).wrong_beat == 1


def test_song_called_foreign_and_foreign_called_song_are_wrong() -> None:
    truth = annotate([0, 10], [5, 15], [0, 0], [[0, 5]])
    exact = TimeMap((Segment.of([0, 10], [5, 15]),))
    stretched = TimeMap((Segment.of([0, 10], [0, 15]),))
    assert score_cover(exact, truth).attribution == pytest.approx(0, abs=0.01)
    assert score_cover(stretched, truth).attribution == pytest.approx(1 / 3, abs=0.01)
    assert score_cover(TimeMap(), truth).attribution == pytest.approx(2 / 3, abs=0.01)
