import numpy as np

from align.bar_positions import place_beats
from tests.align.activations_of_truth import FRAME_RATE, Flaws, activation_of, bars_of


def test_missed_downbeats_are_filled_in() -> None:
    beats_s, positions = bars_of([3] * 20, 0.6)
    heard = activation_of(beats_s[positions == 1], 40.0, flaws=Flaws(missed=0.3, seed=4))
    assert place_beats(beats_s, heard, frame_rate=FRAME_RATE).tolist() == positions.tolist()


def test_a_weaker_peak_in_the_middle_of_the_bar_does_not_halve_it() -> None:
    beats_s, positions = bars_of([4] * 20, 0.5)
    heard = activation_of(beats_s[positions == 1], 45.0)
    middle = 0.3 * activation_of(beats_s[positions == 3], 45.0)
    found = place_beats(beats_s, np.maximum(heard, middle), frame_rate=FRAME_RATE)
    assert found.tolist() == positions.tolist()


def test_a_recording_may_begin_and_break_off_within_a_bar() -> None:
    beats_s, positions = bars_of([4] * 12, 0.5)
    beats_s, positions = beats_s[3:-2], positions[3:-2]
    heard = activation_of(beats_s[positions == 1], 30.0)
    assert place_beats(beats_s, heard, frame_rate=FRAME_RATE).tolist() == positions.tolist()


def test_a_network_that_is_never_sure_is_believed_where_it_is_surest() -> None:
    beats_s, positions = bars_of([4] * 12, 0.5)
    faint = 0.25 * activation_of(beats_s[positions == 1], 30.0)
    assert place_beats(beats_s, faint, frame_rate=FRAME_RATE).tolist() == positions.tolist()


def test_one_odd_downbeat_begins_a_bar_after_a_pause_but_not_within_the_flow() -> None:
    flowing_s, _ = bars_of([4] * 9, 0.5)
    paused_s = flowing_s + 2.0 * (np.arange(36) >= 34)
    places = {}
    for name, beats_s in (("flowing", flowing_s), ("paused", paused_s)):
        downbeats_s = beats_s[[*range(0, 36, 4), 34]]
        heard = np.minimum(2 * activation_of(downbeats_s, 25.0), 0.97)
        places[name] = place_beats(beats_s, heard, frame_rate=FRAME_RATE).tolist()
    assert places["flowing"] == [1, 2, 3, 4] * 9
    assert places["paused"] == [1, 2, 3, 4] * 8 + [1, 2, 1, 2]


def test_no_beats_have_no_places() -> None:
    assert place_beats(np.zeros(0), np.full(100, 0.1), frame_rate=FRAME_RATE).tolist() == []
