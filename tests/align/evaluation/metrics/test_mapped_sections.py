import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


SONG_S = np.array([0.5, 9.0, 21.0, 33.5, 40.0, 52.0])
SONG = SectionTruth(np.column_stack([SONG_S[:-1], SONG_S[1:]]), ("in", "A", "B", "A", "out"))
Play = tuple[int, float, float]
"""A section of the song, and from where to where in it, each 0..1."""

PARTS = st.sampled_from([(0.0, 1.0), (0.0, 0.5), (0.0, 0.4), (0.6, 1.0)])
PLAYS = st.lists(st.tuples(st.integers(0, 4), PARTS), min_size=1, max_size=8).map(
    lambda chosen: [(index, *part) for index, part in chosen]
)


def perform(plays: list[Play], start_s: float, rate: float) -> tuple[SectionTruth, TimeMap]:
    """A cover of parts of the song in any order, and its true map; every part is a section."""
    ends_s = [start_s]
    segments = []
    for index, first, last in plays:
        begin_s, end_s = SONG.spans_s[index]
        played_s = begin_s + np.array([first, last]) * (end_s - begin_s)
        ends_s.append(ends_s[-1] + rate * float(played_s[1] - played_s[0]))
        segments.append(Segment.of(played_s, np.array(ends_s[-2:])))
    labels = tuple(SONG.labels[index] for index, *_ in plays)
    return SectionTruth(np.column_stack([ends_s[:-1], ends_s[1:]]), labels), TimeMap(
        tuple(segments)
    )


@given(PLAYS, st.sampled_from([0.0, 0.8, 20.0]), st.floats(0.5, 2.0))
def test_a_perfect_map_is_perfect_whatever_was_cut_repeated_or_reordered(
    plays: list[Play], start_s: float, rate: float
) -> None:
    truth, estimate = perform(plays, start_s, rate)
    scores = score_mapped_sections(truth, estimate, SONG)
    assert list(scores.values()) == pytest.approx([1, 1, 1], abs=1e-3)


@given(PLAYS, st.integers(1, 3), st.floats(0.5, 2.0))
def test_each_lead_in_that_the_reference_lacks_costs_one_boundary(
    plays: list[Play], n_lacking: int, rate: float
) -> None:
    played, estimate = perform(plays, 20.0, rate)
    starts_s = 20.0 - 4.0 * np.arange(n_lacking, 0, -1)
    lead_in_s = np.column_stack([starts_s, starts_s + 4.0])
    labels = tuple(f"lead-in {each}" for each in range(n_lacking))
    truth = SectionTruth(np.vstack([lead_in_s, played.spans_s]), (*labels, *played.labels))
    n_found = len(plays) + 2  # with those at 0 and at the end
    scores = score_mapped_sections(truth, estimate, SONG)
    expected = 2 * n_found / (2 * n_found + n_lacking)
    assert scores["map_section_hr05"] == pytest.approx(expected, abs=1e-6)


def test_a_section_inside_that_the_reference_lacks_costs_labels_only() -> None:
    estimate = TimeMap((Segment.of([0, 20], [0, 20]), Segment.of([20, 30], [30, 40])))
    spans_s = np.array([[0.0, 10.0], [10.0, 20.0], [20.0, 30.0], [30.0, 40.0]])
    alone = SectionTruth(spans_s, ("A", "B", "solo", "A"))
    scores = score_mapped_sections(alone, estimate, REFERENCE)
    assert list(scores.values()) == pytest.approx([1, 1, 1])
    like_another = SectionTruth(spans_s, ("A", "B", "B", "A"))
    scores = score_mapped_sections(like_another, estimate, REFERENCE)
    assert scores["map_section_hr05"] == pytest.approx(1)
    assert scores["map_section_pairwise_f"] < 0.9


def test_a_jump_to_a_pick_up_bar_costs_one_boundary() -> None:
    """The bar before B is the end of A in the Reference, and the end of the first B here."""
    estimate = TimeMap((Segment.of([10, 18.5], [0, 8.5]), Segment.of([8.5, 20], [8.5, 20])))
    truth = SectionTruth(np.array([[0.0, 10.0], [10.0, 20.0]]), ("B", "B"))
    assert score_mapped_sections(truth, estimate, REFERENCE)["map_section_hr05"] == pytest.approx(
        2 * 3 / (3 + 4)
    )
