import numpy as np
import pytest

from align.evaluation.metrics.switching import SwitchingCover, count_switches, switch_share
from catalog.time_map import TimeMap
from tests.align.evaluation.metrics.annotations import annotate, exact_map

BEATS = np.arange(0.0, 40.0)
WHOLE = annotate(BEATS, BEATS, [0] * 40)


def cover(name: str, late_s: float | None, truth=WHOLE) -> SwitchingCover:
    estimate = TimeMap() if late_s is None else exact_map(truth, late_s)
    return SwitchingCover(name, estimate, truth)


def test_the_reference_takes_part_with_no_error() -> None:
    song = count_switches([cover("a", 0.03)], BEATS)
    assert switch_share([song], 25) == 0
    assert switch_share([song], 50) == 1


def test_covers_that_err_alike_switch_well_among_each_other() -> None:
    song = count_switches([cover("a", 0.1), cover("b", 0.1)], BEATS)
    assert switch_share([song], 25) == pytest.approx(1 / 3)  # the two with the reference are bad


def test_an_unmapped_cover_fails_every_switch() -> None:
    assert switch_share([count_switches([cover("a", None), cover("b", None)], BEATS)], 50) == 0


def test_beats_that_one_of_two_lacks_are_not_drawn() -> None:
    first, second = (
        annotate(BEATS[:10], BEATS[:10], [0] * 10),
        annotate(BEATS[20:], BEATS[20:], [0] * 20),
    )
    song = count_switches([cover("a", 0.0, first), cover("b", 0.0, second)], BEATS)
    assert song.drawn[0, 1] == 0
    assert switch_share([song], 25) == 1


def test_each_occurrence_of_a_repeated_beat_is_drawn() -> None:
    twice = annotate([*BEATS, *BEATS], np.arange(80.0), [0] * 40 + [1] * 40)
    first_only = TimeMap(exact_map(twice).segments[:1])
    song = count_switches([SwitchingCover("a", first_only, twice)], BEATS)
    assert 0.35 < (switch_share([song], 25) or 0) < 0.65


def test_the_order_of_covers_does_not_matter() -> None:
    random = np.random.default_rng(3)
    covers = [
        SwitchingCover(
            name,
            exact_map(annotate(BEATS, BEATS + random.normal(0, 0.03, 40), WHOLE.segment)),
            WHOLE,
        )
        for name in "abcd"
    ]
    shares = [switch_share([count_switches(each, BEATS)], 25) for each in (covers, covers[::-1])]
    assert shares[0] == shares[1]
