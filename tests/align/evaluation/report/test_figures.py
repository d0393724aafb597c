"""What the figures show, asked of the numbers behind them."""

from __future__ import annotations

import numpy as np
import pytest

from align.datasets.reading import Dataset
from align.evaluation.report.drawing import line_of
from align.evaluation.report.errors import section_shares, share_over_song, share_within
from align.evaluation.report.matrices import mapped_song, measure_similarity, true_song
from align.evaluation.report.screening import all_thresholds
from align.evaluation.report.worst import draw_worst
from align.evaluation.results import Evaluation
from catalog.time_map import Segment, TimeMap
from tests.align.evaluation.report.conftest import LATE_S, evaluate_by_hand


def test_distribution_reaches_what_is_mapped_and_no_more(evaluations: list[Evaluation]) -> None:
    limits_ms = np.array([1000 * LATE_S - 1, 1000 * LATE_S + 1, 1e9])
    assert share_within(evaluations[0].covers, limits_ms) == pytest.approx([1, 1, 1])
    assert share_within(evaluations[1].covers, limits_ms) == pytest.approx([0, 0.5, 0.5])


def test_along_the_song_every_place_counts_its_own_marks(evaluations: list[Evaluation]) -> None:
    cover = evaluations[0].covers[0]
    cover.errors_ms[: len(cover.errors_ms) // 2] = 500
    position, shares = share_over_song([cover])
    assert shares[position < 0.45] == pytest.approx(0)
    assert shares[position > 0.55] == pytest.approx(1)


def test_sections_gather_marks_by_label(evaluations: list[Evaluation]) -> None:
    rows = section_shares(evaluations, {"tones": [(0, 8, "verse"), (8, 16, "chorus")]})
    assert [(each["label"], each["n"]) for each in rows] == [("verse", 32), ("chorus", 32)]
    assert rows[0]["shares"] == pytest.approx([1.0, 0.0])


def test_similarity_is_highest_along_the_truth_in_the_right_key(
    evaluations: list[Evaluation],
) -> None:
    similarity = measure_similarity(evaluations[0].covers[0])
    annotation = evaluations[0].covers[0].entry.annotation
    assert annotation is not None and similarity.transposition_semitones == 2
    height, width = similarity.levels.shape
    rows = (annotation.reference_s / similarity.reference_s * height).astype(int)
    columns = (annotation.cover_s / similarity.cover_s * width).astype(int)
    assert similarity.levels[rows, columns].mean() > np.percentile(similarity.levels, 80)


def test_the_strip_knows_song_and_silence(dataset: Dataset) -> None:
    annotation = dataset.covers[0].annotation
    assert annotation is not None
    times_s = np.array([1.0, 12.0, 30.0])
    assert true_song(annotation, times_s).tolist() == [True, True, False]
    half = TimeMap((Segment.of([0, 5], [0, 5]),))
    assert mapped_song(half, times_s).tolist() == [True, False, False]
    assert mapped_song(None, times_s).tolist() == [False, False, False]


def test_the_worst_cover_comes_first_beside_the_best_other_method(
    evaluations: list[Evaluation], dataset: Dataset
) -> None:
    evaluations[0].covers[1].errors_ms[::2] = 60
    evaluations.append(evaluate_by_hand(dataset, "never", [0, 0], [None, None]))
    worst = draw_worst(evaluations, most=1)
    assert [each.name for each in worst] == ["second.wav"]
    assert worst[0].shares == {"right": 0.5, "late": 0.0}


def test_no_two_methods_look_alike() -> None:
    looks = [(each["color"], each["ls"]) for each in map(line_of, range(20))]
    assert len(set(looks)) == len(looks)


def test_screening_needs_both_kinds_of_recordings() -> None:
    song = {"score": 0.9, "relation": {"annotation": "performance"}}
    other = {"score": 0.1, "relation": {"annotation": "background"}}
    assert all_thresholds([song]) is None
    points = all_thresholds([song, other])
    assert points is not None and points.recall[1] == 1 and points.false_accepts[1] == 0
