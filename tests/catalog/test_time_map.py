import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import TimeMapError
from catalog.time_map import Segment, TimeMap


def repeat_map() -> TimeMap:
    """Reference 10..20 is played twice, with talk between and the second time at half tempo."""
    return TimeMap((Segment.of([10, 15, 20], [5, 10, 15]), Segment.of([10, 15, 20], [18, 28, 38])))


def test_reference_at_interpolates_inside_and_is_none_outside():
    time_map = repeat_map()
    assert time_map.reference_at(7.5) == pytest.approx(12.5)
    assert time_map.reference_at(20.0) == pytest.approx(11.0)
    assert time_map.reference_at(4.99) is None
    assert time_map.reference_at(16.5) is None


def test_of_two_segments_that_touch_the_later_owns_the_instant():
    time_map = TimeMap((Segment.of([0, 5], [0, 5]), Segment.of([30, 35], [5, 10])))
    assert time_map.reference_at(5.0) == pytest.approx(30.0)


def test_the_three_policies_of_a_repeated_section():
    time_map = repeat_map()
    assert time_map.covers_at(15.0) == pytest.approx([10.0, 28.0])
    assert time_map.first_cover_at(15.0) == pytest.approx(10.0)
    assert time_map.nearest_cover_at(15.0, 26.0) == pytest.approx(28.0)
    assert time_map.nearest_cover_at(15.0, 19.0) == pytest.approx(10.0)  # equal: the earlier
    assert time_map.nearest_cover_at(25.0, 19.0) is None


def test_rate_is_reference_seconds_per_cover_second():
    assert repeat_map().rate_at(7.0) == pytest.approx(1.0)
    assert repeat_map().rate_at(20.0) == pytest.approx(0.5)
    assert repeat_map().rate_at(38.0) == pytest.approx(0.5)
    assert repeat_map().rate_at(17.0) is None


@pytest.mark.parametrize(
    ("reference_s", "cover_s", "confidence", "message"),
    [
        ([0, 1], [1, 1], None, "strictly increasing, but 1.0 is followed by 1.0"),
        ([1, 0], [0, 1], None, "reference_s must be strictly increasing"),
        ([0, 1, 2], [0, 1], None, "one value per knot"),
        ([0], [0], None, "1 knots: at least 2"),
        ([0, float("nan")], [0, 1], None, "not finite"),
        ([0, 1], [0, 1], [0.5, 1.5], "0..1"),
        ([0, 1], [0, 1], [0.5, float("nan")], "0..1"),
    ],
)
def test_time_map_rejects(reference_s, cover_s, confidence, message):
    with pytest.raises(TimeMapError, match=message):
        Segment.of(reference_s, cover_s, confidence)


def test_time_map_rejects_overlapping_segments():
    with pytest.raises(TimeMapError, match="overlap in cover time"):
        TimeMap((Segment.of([0, 5], [0, 5]), Segment.of([0, 5], [4.9, 9])))


@pytest.mark.parametrize("document", [[{"reference_s": [0, 1]}], [{"reference_s": 1}], [7]])
def test_from_json_rejects_what_is_no_segment(document):
    with pytest.raises(TimeMapError):
        TimeMap.from_json(document)


steps = st.lists(st.floats(0.05, 10), min_size=2, max_size=20)


@given(steps, steps, st.floats(0, 100))
def test_going_there_and_back_returns(reference_steps, cover_steps, start_s):
    count = min(len(reference_steps), len(cover_steps))
    segment = Segment.of(
        start_s + np.cumsum(reference_steps[:count]), np.cumsum(cover_steps[:count])
    )
    time_map = TimeMap((segment,))
    for cover_s in np.linspace(segment.start_s, segment.end_s, 7):
        reference_s = time_map.reference_at(float(cover_s))
        assert reference_s is not None
        assert time_map.first_cover_at(reference_s) == pytest.approx(cover_s, abs=1e-6)


@given(steps, st.floats(0, 100))
def test_json_round_trip_keeps_a_tenth_of_a_millisecond(cover_steps, start_s):
    cover_s = np.cumsum(cover_steps)
    time_map = TimeMap((Segment.of(start_s + 2 * cover_s, cover_s),))
    again = TimeMap.from_json(time_map.to_json())
    np.testing.assert_allclose(again.segments[0].cover_s, cover_s, atol=1e-4)
