"""YouTube's players on the stage, in a real Chromium against a stand-in on another origin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Frame, Page, expect

from catalog.settings import get_settings
from tests.browser import listening
from tests.browser.youtube_stand_in import Knobs, standing_in
from tests.library import insert_click_song

pytestmark = pytest.mark.browser

PLAYING = 1
CENTRE = '.plate[data-slot="centre"]'
NAMES = ("The Clock", "Cover 1.0", "Cover 1.05", "Cover 0.95")
GOOD, OTHER, THIRD = "videoAAAAA1", "videoBBBBB2", "videoCCCCC3"
SMALLEST_PX = 200

Serve = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def serve(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Serve:
    """A song of which some recordings are at YouTube, and players that behave as told."""

    @contextmanager
    def serving(
        videos: dict[int, str],
        knobs: dict[str, Knobs] | None = None,
        *,
        mode: str = "single",
        tempo_ratios: tuple[float, ...] = (1.0, 1.05, 0.95),
    ) -> Iterator[str]:
        insert_click_song(tmp_path, tempo_ratios=tempo_ratios, beat_count=150, at_youtube=videos)
        with ExitStack() as stack:
            stand_in = stack.enter_context(standing_in(knobs or {}))
            monkeypatch.setenv("COVERS_YOUTUBE_STAND_IN", stand_in)
            monkeypatch.setenv("COVERS_YOUTUBE_MODE", mode)
            get_settings.cache_clear()
            yield stack.enter_context(listening.serving())

    return serving


def begin(page: Page, address: str) -> None:
    listening.open_stage(page, address, "clicks")
    page.click("#opening")
    page.wait_for_selector("body.open")


def players(page: Page) -> list[Frame]:
    return [each for each in page.frames if "/embed/" in each.url]


def playing(page: Page) -> list[Frame]:
    return [each for each in players(page) if _state(each) == PLAYING]


def _state(player: Frame) -> int | None:
    """`None` for a player whose script is still on its way, or that has just gone."""
    try:
        return player.evaluate("window.standIn?.state()")
    except Error:
        return None


def wait_state(page: Page, slot: str, state: str, timeout_ms: float = 15_000) -> None:
    page.wait_for_selector(
        f'.plate[data-slot="{slot}"] .dot[data-step="{state}"]', timeout=timeout_ms
    )


def jump_to_youtube(page: Page) -> str:
    """Jump to the left, which waits, and until it sounds. Returns its name."""
    wait_state(page, "left", "waiting")
    page.wait_for_timeout(1500)
    name = page.locator('.plate[data-slot="left"] .who bdi').inner_text()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(f"{CENTRE} .who")).to_contain_text(name, timeout=10_000)
    wait_state(page, "centre", "sounding")
    return name


ALL_COVERS = {1: GOOD, 2: OTHER, 3: THIRD}


def test_a_song_of_our_own_media_fetches_nothing_of_youtubes_player(
    page: Page, serve: Serve
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with serve({}) as address:
        begin(page, address)
        listening.wait_in_step(page, "left")
        assert not [each for each in asked if "youtube" in each or "/embed/" in each]


def test_nothing_of_youtubes_but_stills_comes_before_the_first_press(
    page: Page, serve: Serve
) -> None:
    with serve({0: GOOD, 1: OTHER}) as address:
        listening.open_stage(page, address, "clicks")
        page.wait_for_timeout(500)
        assert players(page) == []


def test_a_jump_to_youtube_plays_it_in_the_centre_and_only_there(
    page: Page, serve: Serve, complaints: list[str]
) -> None:
    with serve(ALL_COVERS) as address:
        begin(page, address)
        jump_to_youtube(page)
        sounding = playing(page)
        assert len(sounding) == 1
        assert sounding[0].evaluate("standIn.muted") is False
        expect(page.locator(".screen.shown")).to_have_count(1)
        assert complaints == []


def test_without_the_script_for_youtube_the_song_goes_on(page: Page, serve: Serve) -> None:
    page.route("**/youtube-adapter.js", lambda route: route.abort())
    with serve({1: GOOD}) as address:
        begin(page, address)
        listening.wait_in_step(page, "left", "right")
        names = [page.locator(f'.plate[data-slot="{slot}"] .who bdi') for slot in ("left", "right")]
        assert {each.inner_text() for each in names} == {"Cover 1.05", "Cover 0.95"}


def test_never_two_of_youtubes_players_play_at_once(page: Page, serve: Serve) -> None:
    with serve(ALL_COVERS) as address:
        begin(page, address)
        jump_to_youtube(page)
        page.keyboard.press("ArrowRight")
        most = 0
        for _ in range(25):
            most = max(most, len(playing(page)))
            page.wait_for_timeout(80)
        assert most == 1


def test_our_own_media_follow_youtubes_beat(page: Page, serve: Serve) -> None:
    with serve({0: GOOD}) as address:
        begin(page, address)
        listening.wait_in_step(page, "left", "right")


def test_nothing_lies_over_the_player_and_it_is_large_enough(page: Page, serve: Serve) -> None:
    with serve(ALL_COVERS) as address:
        for width, height in ((1280, 800), (390, 844), (820, 1180)):
            page.set_viewport_size({"width": width, "height": height})
            begin(page, address)
            jump_to_youtube(page)
            check_players_are_free(page)


def check_players_are_free(page: Page) -> None:
    """Every shown player is large enough, and nothing is painted over any point of it."""
    page.evaluate("document.styleSheets[0].insertRule('* { pointer-events: auto !important }')")
    shown = page.locator(".screen.shown iframe")
    assert shown.count() > 0
    for frame in shown.all():
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box is not None
        assert box["width"] >= SMALLEST_PX and box["height"] >= SMALLEST_PX, box
        over = frame.evaluate(
            """(frame) => {
              const box = frame.getBoundingClientRect();
              const found = new Set();
              for (let x = 0.02; x < 1; x += 0.08) for (let y = 0.02; y < 1; y += 0.08) {
                const at = [box.x + box.width * x, box.y + box.height * y];
                if (at[1] > innerHeight) continue;
                for (const each of document.elementsFromPoint(...at)) {
                  if (each === frame) break;
                  if (getComputedStyle(each).opacity !== '0') found.add(each.className || each.id);
                }
              }
              return [...found];
            }"""
        )
        assert over == []


ERRORS = {
    2: "YouTube does not know this video",
    5: "cannot play it in this browser",
    100: "no longer at YouTube",
    101: "only be watched at YouTube itself",
    150: "only be watched at YouTube itself",
    153: "error 153",
}
FAR = (1.2, 0.85)
"""Companions of such a tempo come last, when there is nobody else."""


def test_every_error_is_said_and_ends_in_a_replacement(page: Page, serve: Serve) -> None:
    videos = {number: f"broken{code:05d}" for number, code in enumerate(ERRORS, 1)}
    knobs = {f"broken{code:05d}": Knobs(error=code) for code in ERRORS}
    with serve(videos, knobs, tempo_ratios=(1.0,) * len(ERRORS) + FAR) as address:
        listening.open_stage(page, address, "clicks#cover=1&left=2&right=3")
        page.evaluate(
            """() => {
              const live = document.getElementById('live');
              window.said = [];
              new MutationObserver(() => said.push(live.textContent)).observe(
                live, { childList: true, characterData: true, subtree: true });
            }"""
        )
        page.click("#opening")
        listening.wait_in_step(page, "left", "right", timeout_ms=30_000)
        said = " ".join(page.evaluate("said"))
        assert [each for each in ERRORS.values() if each not in said] == []
        beside = {
            page.locator(f'.plate[data-slot="{each}"] .who bdi').inner_text() for each in SIDES
        }
        assert beside == {f"Cover {each}" for each in FAR}
        assert players(page) == []


SIDES = ("left", "right")
SLOTS = ("left", "centre", "right")


@pytest.mark.parametrize(
    ("knobs", "words"),
    [
        (Knobs(silent=True), "YouTube does not answer"),
        (Knobs(stall_at_s=3.5, stall_s=60), "YouTube is still loading"),
        (Knobs(error=150), "only be watched at YouTube itself"),
    ],
    ids=["silent", "stall", "error"],
)
def test_the_one_that_sounds_is_replaced_and_the_song_goes_on(
    page: Page, serve: Serve, knobs: Knobs, words: str
) -> None:
    with serve({0: GOOD}, {GOOD: knobs}) as address:
        begin(page, address)
        expect(page.locator("#live")).to_contain_text(words, timeout=25_000)
        expect(page.locator(f"{CENTRE} .who")).not_to_contain_text("The Clock")
        if not knobs.silent and knobs.error is None:
            assert "playing" in str(page.get_attribute("body", "class"))


def test_an_advert_is_said_and_the_song_waits_for_its_end(page: Page, serve: Serve) -> None:
    with serve({0: GOOD}, {GOOD: Knobs(advert_s=5)}) as address:
        begin(page, address)
        expect(page.locator(CENTRE)).to_contain_text("YouTube shows an advert", timeout=8_000)
        wait_state(page, "centre", "sounding")
        listening.wait_in_step(page, "left")
        expect(page.locator(f"{CENTRE} .who")).to_contain_text("The Clock")


def test_a_short_stall_keeps_everybody_and_they_come_into_step_again(
    page: Page, serve: Serve
) -> None:
    with serve({0: GOOD}, {GOOD: Knobs(stall_at_s=4, stall_s=6)}) as address:
        begin(page, address)
        expect(page.locator(CENTRE)).to_contain_text("YouTube is still loading", timeout=15_000)
        wait_state(page, "centre", "sounding")
        listening.wait_in_step(page, "left", "right")
        expect(page.locator(f"{CENTRE} .who")).to_contain_text("The Clock")


def test_a_refused_start_is_said_and_the_old_one_goes_on(page: Page, serve: Serve) -> None:
    with serve({1: GOOD}, {GOOD: Knobs(blocked=True)}) as address:
        listening.open_stage(page, address, "clicks#cover=1&left=2")
        page.click("#opening")
        wait_state(page, "left", "waiting")
        page.wait_for_timeout(1500)
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#live")).to_contain_text("your browser wants a click", timeout=8_000)
        expect(page.locator(f"{CENTRE} .who")).to_contain_text("The Clock")
        listening.wait_in_step(page, "left")
        expect(page.locator("body")).to_have_class(re.compile(r"\bplaying\b"))


def test_a_click_in_the_player_itself_begins_and_pauses(page: Page, serve: Serve) -> None:
    with serve({0: GOOD}, {GOOD: Knobs(blocked=True)}) as address:
        begin(page, address)
        expect(page.locator(CENTRE)).to_contain_text("your browser wants a click", timeout=8_000)
        button = page.frame_locator(".screen.shown iframe").locator("#button")
        button.click()
        expect(page.locator("body")).to_have_class(re.compile(r"\bplaying\b"))
        listening.wait_in_step(page, "left")
        button.click()
        expect(page.locator("body")).not_to_have_class(re.compile(r"\bplaying\b"))


def test_lies_about_players_are_not_heard(page: Page, serve: Serve) -> None:
    knobs = {
        GOOD: Knobs(attack="wrong origin"),
        OTHER: Knobs(attack="other window"),
        THIRD: Knobs(attack="spoofed id"),
    }
    with serve({0: GOOD, 1: OTHER, 2: THIRD}, knobs) as address:
        listening.open_stage(page, address, "clicks#left=2&right=3")
        page.click("#opening")
        for slot, state in (("centre", "sounding"), ("left", "waiting"), ("right", "waiting")):
            wait_state(page, slot, state)
        page.wait_for_timeout(3000)
        assert len(players(page)) >= 3, "all three are there to be lied about"
        shown = [
            page.locator(f'.plate[data-slot="{each}"] .who bdi').inner_text() for each in SLOTS
        ]
        assert shown == ["Cover 1.0", "The Clock", "Cover 1.05"]
        assert len(playing(page)) == 1


def test_volume_and_mute_reach_the_player(page: Page, serve: Serve) -> None:
    with serve({0: GOOD}) as address:
        begin(page, address)
        wait_state(page, "centre", "sounding")
        page.keyboard.press("ArrowDown")
        wait_volume(page, 81)
        page.keyboard.press("m")
        wait_volume(page, 0)


def wait_volume(page: Page, volume: int) -> None:
    """Until the player in the centre is that loud."""
    for _ in range(100):
        if [each.evaluate("standIn.volume") for each in playing(page)] == [volume]:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"no player at volume {volume}")


@pytest.mark.parametrize("rates", ["fine", "steps"])
def test_three_play_in_step_when_the_owner_says_so(page: Page, serve: Serve, rates: Any) -> None:
    knobs = Knobs(rates=rates)
    videos = {0: GOOD, 1: OTHER, 2: THIRD, 3: "videoDDDDD4"}
    with serve(videos, dict.fromkeys(videos.values(), knobs), mode="triple") as address:
        page.set_viewport_size({"width": 1280, "height": 800})
        begin(page, address)
        listening.wait_in_step(page, "left", timeout_ms=30_000)
        listening.wait_in_step(page, "right", timeout_ms=30_000)
        sounding = [each for each in playing(page) if not each.evaluate("standIn.muted")]
        assert len(playing(page)) >= 3 and len(sounding) == 1  # one in the wings may play, too
        expect(page.locator(".screen.shown")).to_have_count(3)
        check_players_are_free(page)


def test_who_takes_no_rates_says_that_it_cannot_be_held(page: Page, serve: Serve) -> None:
    videos = {1: OTHER}
    with serve(videos, {OTHER: Knobs(rates="none")}, mode="triple", tempo_ratios=(0.9,)) as address:
        page.set_viewport_size({"width": 1280, "height": 800})
        begin(page, address)
        side = page.locator('.plate:has(.dot[data-step="unsteady"])')
        expect(side).to_contain_text("cannot be held in step", timeout=30_000)
