"""Maps carried from one timeline to another, where both are known exactly."""

import numpy as np
import pytest

from catalog.map_composition import carry_over
from catalog.time_map import Segment, TimeMap

BEATS_S = np.arange(0.0, 20.01, 0.5)


def straight(start_s: float, end_s: float, rate: float, offset_s: float) -> Segment:
    """Cover time is reference time times `rate`, plus an offset."""
    beats_s = BEATS_S[(start_s <= BEATS_S) & (end_s >= BEATS_S)]
    return Segment.of(beats_s, beats_s * rate + offset_s, np.full(len(beats_s), 0.9))


def test_two_straight_maps_make_a_straight_one():
    cover = TimeMap((straight(0, 20, 1.1, 2.0),))
    bridge = TimeMap((straight(4, 16, 0.8, 1.0),))
    carried = carry_over(cover, bridge)
    (segment,) = carried.segments
    assert (segment.start_s, segment.end_s) == (pytest.approx(6.4), pytest.approx(19.6))
    for old_s in (4.0, 7.3, 16.0):
        assert carried.reference_at(old_s * 1.1 + 2) == pytest.approx(old_s * 0.8 + 1)
    assert carried.reference_at(5.0) is None, "the new reference does not have it"
    assert segment.confidence == pytest.approx(0.81)


def test_repeats_and_cuts_of_either_side_are_kept():
    cover = TimeMap((straight(0, 10, 1, 0.0), straight(4, 20, 1, 10.0)))  # plays 4 to 10 twice
    bridge = TimeMap((straight(0, 6, 1, 0.0), straight(12, 20, 1, -4.0)))  # lacks 6 to 12
    carried = carry_over(cover, bridge)
    spans = [(s.start_s, s.end_s, s.reference_s[0], s.reference_s[-1]) for s in carried.segments]
    assert np.allclose(spans, [(0, 6, 0, 6), (14, 16, 4, 6), (22, 30, 8, 16)])


def test_what_the_new_reference_plays_twice_is_mapped_once():
    bridge = TimeMap((straight(0, 8, 1, 0.0), straight(4, 20, 1, 10.0)))
    carried = carry_over(TimeMap((straight(0, 20, 1, 0.0),)), bridge)
    spans = [(s.start_s, s.end_s, s.reference_s[0]) for s in carried.segments]
    assert np.allclose(spans, [(0, 4, 0), (4, 20, 14)])


def test_the_old_reference_is_carried_by_the_map_turned_round():
    bridge = TimeMap((straight(2, 18, 1.25, 3.0),))
    turned = carry_over(TimeMap.identity(20.0), bridge)
    for old_s in (2.0, 9.9, 18.0):
        assert turned.reference_at(old_s) == pytest.approx(old_s * 1.25 + 3)
    assert carry_over(TimeMap((straight(2, 18, 1, 0.0),)), TimeMap()) == TimeMap()


def test_knots_that_nearly_fall_together_stay_apart_when_written():
    cover = TimeMap((straight(0, 20, 1, 0.0),))
    shifted_s = BEATS_S + 0.00004
    bridge = TimeMap((Segment.of(shifted_s, shifted_s * 1.1),))
    TimeMap.from_json(carry_over(cover, bridge).to_json())  # raises where rounding joined two
