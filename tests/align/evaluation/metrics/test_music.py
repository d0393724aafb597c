import warnings

import numpy as np
import pytest

from align.datasets.truth import BeatTruth, SectionTruth
from align.evaluation.metrics.music import score_beats, score_sections

BEATS = BeatTruth(np.arange(0, 60, 0.5), np.tile([1, 2, 3, 4], 30))
SECTIONS = SectionTruth(np.array([[0.5, 20], [20, 40], [40, 60]]), ("verse", "chorus", "verse"))


def test_the_truth_itself_is_perfect() -> None:
    assert set(score_beats(BEATS, BEATS.time_s, BEATS.downbeats_s).values()) == {1}
    assert set(score_sections(SECTIONS, SECTIONS.spans_s, SECTIONS.labels).values()) == {1}


def test_beats_beyond_70_ms_do_not_count() -> None:
    assert score_beats(BEATS, BEATS.time_s + 0.06, None)["beat_f"] == 1
    assert score_beats(BEATS, BEATS.time_s + 0.08, None)["beat_f"] == 0


def test_double_tempo_is_forgiven_by_amlt_only() -> None:
    scores = score_beats(BEATS, np.arange(0, 60, 0.25), None)
    assert scores["beat_cmlt"] == 0
    assert scores["beat_amlt"] > 0.99


def test_downbeats_are_unknown_where_a_method_has_none() -> None:
    assert score_beats(BEATS, BEATS.time_s, None)["downbeat_f"] is None
    assert score_beats(BEATS, np.zeros(0), np.zeros(0))["downbeat_f"] == 0


def test_labels_matter_only_as_alike_or_not() -> None:
    scores = score_sections(SECTIONS, SECTIONS.spans_s, ("A", "B", "A"))
    assert scores["section_pairwise_f"] == 1
    merged = score_sections(SECTIONS, SECTIONS.spans_s, ("A", "A", "A"))
    assert merged["section_pairwise_f"] < 0.8


def test_boundaries_are_hit_within_half_a_second_or_three() -> None:
    spans_s = SECTIONS.spans_s + np.array([[0, 1], [1, 1], [1, 0]])
    scores = score_sections(SECTIONS, spans_s, SECTIONS.labels)
    assert scores["section_hr3"] == 1
    assert scores["section_inner_hr05"] == pytest.approx(1 / 3)  # where the padding ends


def test_one_section_is_scored_without_a_warning() -> None:
    """Without its first and last boundary nothing is left of it."""
    one = np.array([[0.0, 60.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert score_sections(SECTIONS, one, ("A",))["section_inner_hr05"] == 0
