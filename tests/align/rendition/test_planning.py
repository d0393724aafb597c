import numpy as np
import pytest

from align.rendition.planning import LONGEST_LEG_S, plan_legs, rendition_map
from catalog.time_map import Segment, TimeMap


def spans(time_map: TimeMap) -> list[tuple[float, float]]:
    return [(float(each.reference_s[0]), float(each.reference_s[-1])) for each in time_map.segments]


def straight(start_s: float, end_s: float, cover_start_s: float, rate: float) -> Segment:
    reference_s = np.linspace(start_s, end_s, round((end_s - start_s) * 2) + 1)
    return Segment.of(reference_s, cover_start_s + rate * (reference_s - start_s))


def test_a_steady_cover_is_one_leg_and_a_swaying_one_has_more():
    (leg,) = plan_legs(TimeMap((straight(1, 31, 4, 0.8),)))
    assert (leg.start_s, leg.end_s, leg.cover_start_s) == (1, 31, 4)
    assert leg.rate == pytest.approx(0.8)
    beats_s = np.arange(1, 32.0)
    swaying = TimeMap((Segment.of(beats_s, beats_s + 0.05 * np.sin(beats_s)),))
    legs = plan_legs(swaying)
    assert len(legs) > 20
    for leg in legs:
        assert swaying.reference_at(leg.cover_start_s) == pytest.approx(leg.start_s)


def test_what_is_nearly_straight_is_off_by_no_more_than_the_tolerance():
    rng = np.random.default_rng(3)
    beats_s = np.arange(0, 100, 0.5)
    cover_s = 1.1 * beats_s + rng.uniform(-0.004, 0.004, len(beats_s))
    time_map = TimeMap((Segment.of(beats_s, cover_s),))
    for leg in plan_legs(time_map):
        for beat_s, played_s in zip(beats_s, cover_s, strict=True):
            if leg.start_s <= beat_s <= leg.end_s:
                at_s = leg.start_s + (played_s - leg.cover_start_s) / leg.rate
                assert abs(at_s - beat_s) <= 0.0021


def test_long_legs_are_divided():
    legs = plan_legs(TimeMap((straight(0, 130, 0, 1.0),)))
    assert max(leg.end_s - leg.start_s for leg in legs) <= LONGEST_LEG_S
    assert spans(rendition_map(legs)) == [(0, 130)]


def test_what_the_cover_lacks_is_a_gap_and_its_own_order_does_not_matter():
    time_map = TimeMap((straight(40, 60, 5, 1.0), straight(10, 30, 30, 0.9)))
    legs = plan_legs(time_map)
    assert [leg.start_s for leg in legs] == [10, 40]
    own = rendition_map(legs)
    assert spans(own) == [(10, 30), (40, 60)]
    assert own.reference_at(35) is None
    assert own.reference_at(20) == 20


def test_of_a_part_that_comes_twice_the_first_is_taken():
    time_map = TimeMap((straight(10, 30, 5, 1.0), straight(20, 50, 40, 0.9)))
    legs = plan_legs(time_map)
    assert [(leg.start_s, leg.end_s) for leg in legs] == [(10, 30), (30, 50)]
    assert legs[1].cover_start_s == pytest.approx(49)
    assert spans(rendition_map(legs)) == [(10, 50)]


def test_scraps_and_impossible_tempi_are_left_out():
    assert plan_legs(TimeMap((straight(10, 30, 5, 1.0), straight(29.5, 30.5, 40, 1.0)))) == (
        plan_legs(TimeMap((straight(10, 30, 5, 1.0),)))
    )
    assert plan_legs(TimeMap((straight(0, 10, 0, 5.0),))) == ()
    assert plan_legs(TimeMap()) == ()
    assert rendition_map(()).segments == ()


def test_confidence_is_the_mean_of_what_is_played():
    time_map = TimeMap((Segment.of([0, 5, 10], [0, 5, 10], [0.2, 0.5, 0.8]),))
    (segment,) = rendition_map(plan_legs(time_map)).segments
    assert segment.confidence.tolist() == pytest.approx([0.5, 0.5])
