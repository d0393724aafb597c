"""The switch as it is heard: on the beat, without a gap, at the scheduled moment.

Clicks and steady tones of known pitch are played by the real page in a real browser; the sound
is recorded with the audio clock's own frame numbers. A recording with holes says nothing and is
made again, four times at most.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import listening
from tests.browser.test_player import click_side
from tests.library import ClickSong, insert_click_song

pytestmark = pytest.mark.sound

MOST_OFFSET_S = 0.040
MOST_FADE_ERROR_S = 0.010
MOST_STRAY = 0.35
SEAMLESS = 0.8
OPEN = 0.7
"""A fader is open from here on: the clicks of a second or two match loudness within 2 dB only."""
ATTEMPTS = 5
DECODING_S = {"elements": 0.0, "buffers": 4.0}
"""Decoding four players' first windows takes both cores; the recorder loses frames meanwhile."""


@pytest.fixture(params=("elements", "buffers"))
def audio(request: pytest.FixtureRequest) -> str:
    """Through what the recordings sound."""
    return str(request.param)


def click_left(page: Page) -> None:
    click_side(page, "left")


def press_right(page: Page) -> None:
    page.keyboard.press("ArrowRight")


def hear_switch(
    page: Page,
    song: ClickSong,
    press: Callable[[Page], None],
    *,
    audio: str,
    settle_s: float = 0.0,
) -> listening.Switch:
    """One switch from the Reference, recorded without holes.

    A machine that cannot do that in five attempts fails.
    """
    listening.prepare_probe(page)
    with listening.serving() as address:
        for attempt in range(1, ATTEMPTS + 1):
            listening.open_stage(page, address, song.slug, audio=audio)
            try:
                listening.start_listening(page)
                listening.wait_in_step(page, "left", "right", timeout_ms=30_000)
                page.wait_for_timeout(1000 * max(settle_s, DECODING_S[audio]))
                switch = listening.record_switch(page, lambda: press(page))
                listening.check_sources(switch)
                if switch.old != song.ids[0]:
                    raise listening.InvalidRun("the song had come round before it was listened to")
            except listening.InvalidRun as reason:
                warnings.warn(f"invalid run {attempt} of {ATTEMPTS}: {reason}", stacklevel=1)
                last = reason
            else:
                return switch
    pytest.fail(f"no valid recording in {ATTEMPTS} attempts, the last: {last}")


@pytest.mark.parametrize("press", [click_left, press_right])
@pytest.mark.parametrize("tempo_ratios", [(0.8, 1.25), (1.0, 0.93)], ids=str)
def test_switch_is_on_the_beat_and_gapless(
    page: Page,
    library: Path,
    tmp_path: Path,
    tempo_ratios: tuple[float, ...],
    audio: str,
    press: Callable[[Page], None],
) -> None:
    song = insert_click_song(tmp_path, tempo_ratios=tempo_ratios, beat_count=80)
    switch = hear_switch(page, song, press, audio=audio)

    assert switch.old == song.ids[0]
    assert switch.new in song.ids[1:]

    offset_s = listening.click_offset_s(switch)
    assert abs(offset_s) < MOST_OFFSET_S, f"the new beat is {1000 * offset_s:.1f} ms off"

    fade = listening.measure_fade(switch)
    middle_s = (switch.fade_start_s + switch.fade_end_s) / 2
    assert fade.old_before > OPEN and fade.new_after > OPEN, "the right cover has to sound"
    assert abs(fade.crossover_s - middle_s) < MOST_FADE_ERROR_S

    assert listening.stray_share(switch) < MOST_STRAY, "there is a hole in the sound"

    ratio = tempo_ratios[song.ids.index(switch.new) - 1]
    for interval_s in listening.click_intervals_s(switch):
        assert interval_s == pytest.approx(song.beat_s / ratio, abs=0.02)


@pytest.mark.parametrize("press", [click_left])
def test_three_players_are_in_step(
    page: Page, library: Path, tmp_path: Path, audio: str, press: Callable[[Page], None]
) -> None:
    song = insert_click_song(tmp_path, tempo_ratios=(0.9, 1.1), beat_count=80)
    switch = hear_switch(page, song, press, audio=audio, settle_s=4.0)
    before = switch.excerpt.until(switch.fade_start_s)
    offsets_s = listening.offsets_in_step_s(before, switch.old, list(song.ids[1:]))
    assert len(offsets_s) >= 4
    assert sorted(map(abs, offsets_s))[len(offsets_s) // 2] < 0.015


def test_the_next_pass_begins_without_a_break(
    page: Page, library: Path, tmp_path: Path, audio: str
) -> None:
    song = insert_click_song(tmp_path, tempo_ratios=(0.9, 1.1), beat_count=14)
    switch = hear_switch(page, song, lambda page: None, audio=audio)
    assert switch.old == song.ids[0]
    assert switch.new in song.ids[1:]
    assert listening.stray_share(switch) < MOST_STRAY, "there is a hole in the sound"
    heard = listening.click_intervals_s(switch)
    ratio = (0.9, 1.1)[song.ids.index(switch.new) - 1]
    assert heard[0] == pytest.approx(song.beat_s / ratio, abs=0.03)


def weakest(excerpt: listening.Excerpt) -> float:
    """The quietest moment of any player or of the mix, against what is usual there."""
    sounds = (excerpt.mix, *excerpt.players.values())
    return min(listening.weakest_window(each, excerpt.sample_rate) for each in sounds)


def test_decoded_windows_follow_each_other_without_a_seam(
    page: Page, library: Path, tmp_path: Path
) -> None:
    """Windows of 5 s: each player begins one in every stretch of six seconds."""
    song = insert_click_song(tmp_path, tempo_ratios=(0.9, 1.1), beat_count=60)
    listening.prepare_probe(page)
    with listening.serving() as address:
        for attempt in range(1, ATTEMPTS + 1):
            listening.open_stage(page, address, song.slug, audio="buffers")
            try:
                listening.start_listening(page)
                listening.wait_until(page, "soundProbe.context.currentTime > 13", timeout_s=40)
                excerpt = listening.take(page, 6.0, 12.5)
                if weakest(excerpt) <= SEAMLESS:
                    raise listening.Starved(f"a hole: {weakest(excerpt):.2f} of the usual sound")
            except listening.InvalidRun as reason:
                warnings.warn(f"invalid run {attempt} of {ATTEMPTS}: {reason}", stacklevel=1)
                last = reason
            else:
                break
        else:
            pytest.fail(f"no valid recording in {ATTEMPTS} attempts, the last: {last}")
    clicks = listening.find_clicks(excerpt.mix, excerpt.sample_rate)
    intervals_s = [(b - a) / excerpt.sample_rate for a, b in itertools.pairwise(clicks)]
    assert len(intervals_s) >= 8
    assert intervals_s == pytest.approx([song.beat_s] * len(intervals_s), abs=0.001)
