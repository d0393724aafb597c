from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.datasets.truth import Annotation, SectionTruth
from align.evaluation.metrics.covers import UNMAPPED_MS, score_cover
from align.evaluation.metrics.marks import mark_errors, read_map, wrong_section_share
from catalog.time_map import Segment, TimeMap
from tests.align.evaluation.metrics.annotations import annotate, annotations, exact_map

VERSES = SectionTruth(np.array([[0.0, 10.0], [10.0, 20.0], [20.0, 30.0]]), ("A", "A", "B"))


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


def test_a_monotone_path_through_a_repeat_is_right_by_luck_only_where_it_crosses() -> None:
    beats = np.arange(64.0)
    twice = annotate([*beats, *beats], np.arange(128.0), [0] * 64 + [1] * 64)
    stretched = TimeMap((Segment.of([0, 63], [0, 127]),))
    assert score_cover(stretched, twice).within[200] <= 2 / 128


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


def test_wrong_beat_is_unknown_where_beats_are() -> None:
    known = annotate([0, 2, 4, 6, 8], [0, 2, 4, 6, 8], [0] * 5)
    measures = replace(known, beats_per_mark=None)
    scores = score_cover(exact_map(measures, late_s=0.2), measures, VERSES)
    assert scores.wrong_beat is None
    assert scores.wrong_section == 0
    assert score_cover(exact_map(measures, late_s=0.3), measures, VERSES).wrong_section == 0.2
    four = replace(known, beats_per_mark=4)
    assert score_cover(exact_map(four, late_s=0.3), four).wrong_beat == 1


def test_the_wrong_verse_is_a_wrong_section_though_on_the_beat() -> None:
    truth = annotate(np.arange(1, 10), np.arange(1, 10), [0] * 9)
    second_verse = TimeMap((Segment.of([10, 20], [0, 10]),))
    assert wrong_section_share(exact_map(truth), truth, VERSES) == 0
    assert wrong_section_share(second_verse, truth, VERSES) == 1
    assert wrong_section_share(TimeMap(), truth, VERSES) == 1


def test_half_a_beat_across_a_boundary_is_not_another_section() -> None:
    truth = annotate(np.arange(0, 20), np.arange(0, 20), [0] * 20)
    assert wrong_section_share(exact_map(truth, late_s=0.49), truth, VERSES) == 0
    of_two_boundaries = wrong_section_share(exact_map(truth, late_s=0.6), truth, VERSES)
    assert of_two_boundaries == pytest.approx(2 / 20)


def test_marks_outside_every_section_are_not_judged() -> None:
    truth = annotate([40, 41, 42], [0, 1, 2], [0] * 3)
    assert wrong_section_share(TimeMap(), truth, VERSES) is None


@given(annotations())
@settings(max_examples=50)
def test_a_perfect_map_is_perfect(truth: Annotation) -> None:
    scores = score_cover(exact_map(truth), truth)
    assert scores.median_ms == pytest.approx(0, abs=1e-6)
    assert scores.within[25] == 1
    assert (scores.unmapped, scores.wrong_beat, scores.attribution) == (0, 0, 0)
    assert scores.splices.annotated == scores.splices.estimated == scores.splices.matched


@given(annotations(), st.floats(-0.1, 0.1))
@settings(max_examples=50)
def test_a_shifted_map_is_off_by_its_shift(truth: Annotation, late_s: float) -> None:
    one = annotate(*(each[truth.segment == 0] for each in (
        truth.reference_s, truth.cover_s, truth.segment)))  # fmt: skip
    assert mark_errors(exact_map(one, late_s), one) == pytest.approx(-1000 * late_s, abs=1e-6)


@given(annotations())
@settings(max_examples=50)
def test_an_empty_map_is_all_wrong(truth: Annotation) -> None:
    scores = score_cover(TimeMap(), truth)
    assert set(scores.within.values()) == {0}
    assert (scores.unmapped, scores.wrong_beat, scores.attribution) == (1, 1, 1)
    assert scores.median_ms == UNMAPPED_MS
