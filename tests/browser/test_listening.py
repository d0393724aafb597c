"""The measuring itself: what counts as a hole in the sound of a switch. Needs no browser."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from tests.browser.listening import Excerpt, Switch, stray_share, whose

RATE = 48_000.0
FADE_START_S, FADE_END_S = 1.0, 1.016


def switch_of(new: npt.NDArray[np.float64], *, hole_s: float = 0.0) -> Switch:
    """From a tone to another sound, the mix silent for a while after the fade."""
    times_s = np.arange(len(new)) / RATE
    old = 0.3 * np.sin(2 * np.pi * 250 * times_s)
    angle = np.pi / 2 * np.clip((times_s - FADE_START_S) / (FADE_END_S - FADE_START_S), 0, 1)
    mix = np.cos(angle) * old + 0.5 * np.sin(angle) * new
    mix[(times_s > 1.2) & (times_s < 1.2 + hole_s)] = 0
    return Switch(1, 2, FADE_START_S, FADE_END_S, Excerpt(0.0, RATE, {1: old, 2: new}, mix))


def tone(phase: float) -> npt.NDArray[np.float64]:
    """As loud as the old one in the mix."""
    return 0.6 * np.sin(2 * np.pi * 250 * np.arange(int(2 * RATE)) / RATE + phase)


def test_the_old_recording_is_heard_where_it_was_at_the_switch() -> None:
    assert whose(1, at_switch=[1, 2, 3, 0], at_end=[4, 2, 3, 1]) == [1, 2, 3, 0]
    assert whose(1, at_switch=[1, 2, 3, 0], at_end=[1, 2, 3, 4]) == [1, 2, 3, 4]


def test_two_tones_that_cancel_each_other_are_no_hole() -> None:
    switch = switch_of(tone(np.pi))
    middle = switch.excerpt.between(switch.excerpt.mix, 1.006, 1.01)
    assert np.sqrt(np.mean(middle**2)) < 0.05
    assert stray_share(switch) < 0.01


@pytest.mark.parametrize(("hole_s", "share"), [(0.006, 0.9), (0.002, 0.5), (0.0, 0.0)])
def test_a_hole_is_one_however_short(hole_s: float, share: float) -> None:
    assert stray_share(switch_of(tone(0.3), hole_s=hole_s)) == pytest.approx(share, abs=0.15)


def test_a_fade_at_another_moment_strays() -> None:
    switch = switch_of(tone(1.0))
    late = Switch(1, 2, FADE_START_S + 0.01, FADE_END_S + 0.01, switch.excerpt)
    assert stray_share(late) > 0.35
