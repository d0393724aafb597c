"""How well YouTube's players are held: `python -m tests.benchmarks.youtube_sync [--seconds 20]`.

Runs the stage in a real Chromium against players that stand in for YouTube's on another origin,
as good or as bad as their knobs say, and prints two tables in Markdown. Where each player truly
was is asked of the stand-in itself, for one moment of the clock on the wall.

`triple`: two followers at 0.95 and 1.05 of the Reference's tempo against the one that sounds, after
the first was in step; `single`: jumps between players of which one plays at a time.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Frame, Page, TimeoutError, sync_playwright

from catalog.settings import get_settings
from tests.browser import listening
from tests.browser.youtube_stand_in import Knobs, standing_in
from tests.library import insert_click_song

RATIOS = (0.95, 1.05)
VIDEOS = {0: "videoAAAAA0", 1: "videoBBBBB1", 2: "videoCCCCC2"}
SAMPLE_MS = 150
LOOK_BACK_S = 0.3
FIRST_S = 25.0
JUMPS = 6
BAD = "videoAAAAA0"
"""The one whose stall and advert are tried: it sounds first."""

TRIPLE: Mapping[str, tuple[Knobs, Knobs]] = {
    "any rate": (Knobs(), Knobs()),
    "steps of 0.25": (Knobs(rates="steps"), Knobs(rates="steps")),
    "no rate but 1": (Knobs(rates="none"), Knobs(rates="none")),
    "any rate, seeks take 0.8 s": (Knobs(seek_s=0.8), Knobs(seek_s=0.8)),
    "no rate but 1, seeks take 0.8 s": (
        Knobs(rates="none", seek_s=0.8),
        Knobs(rates="none", seek_s=0.8),
    ),
    "any rate, master stalls 3 s": (Knobs(), Knobs(stall_at_s=11, stall_s=3)),
    "any rate, advert of 5 s first": (Knobs(), Knobs(advert_s=5)),
}
SINGLE = {"starts in 0.3 s": Knobs(start_s=0.3), "starts in 0.8 s": Knobs(start_s=0.8)}


@dataclass(frozen=True)
class Held:
    """Errors of both followers in ms of the song, and what it took."""

    errors_ms: list[float]
    first_s: float | None
    seeks: int
    said: str


def reference_s(number: int, position_s: float) -> float:
    """Where in the song a recording of the click song is; the Reference is number 0."""
    if number == 0:
        return position_s
    return 1.0 + (position_s - 1.5 - (number - 1) / 4) * RATIOS[number - 1]


def frames_of(page: Page) -> dict[int, Frame]:
    """Players on the page by the number of their recording."""
    return {
        number: frame
        for frame in page.frames
        for number, video in VIDEOS.items()
        if f"/embed/{video}" in frame.url
    }


def hold(page: Page, address: str, seconds: float) -> Held:
    """Play for a while, and compare followers with the one that sounds."""
    listening.open_stage(page, address, "clicks")
    page.click("#opening")
    began_s = time.monotonic()
    first_s: float | None = None
    try:
        page.wait_for_selector('[data-step="in-step"]', timeout=FIRST_S * 1000)
        first_s = time.monotonic() - began_s
    except TimeoutError:
        pass
    before = _seeks(page)
    errors_ms: list[float] = []
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        errors_ms += _errors_ms(page)
        page.wait_for_timeout(SAMPLE_MS)
    dots = page.locator('.plate:not([data-slot="centre"]) .step').all_inner_texts()
    return Held(errors_ms, first_s, _seeks(page) - before, " / ".join(dots))


def _errors_ms(page: Page) -> list[float]:
    frames = frames_of(page)
    at_s = time.time() - LOOK_BACK_S
    ask = f"[standIn.positionAt({at_s}), standIn.muted, standIn.rateAt({at_s})]"
    states = {number: frame.evaluate(ask) for number, frame in frames.items()}
    loud = [number for number, (_, muted, rate) in states.items() if not muted and rate]
    if len(loud) != 1:
        return []
    lead_s = reference_s(loud[0], states[loud[0]][0])
    return [
        1000 * (reference_s(number, position_s) - lead_s)
        for number, (position_s, _, rate) in states.items()
        if number != loud[0] and rate
    ]


def _seeks(page: Page) -> int:
    count = "standIn.commands.filter((each) => each === 'seekTo').length"
    return sum(int(each.evaluate(count)) for each in frames_of(page).values())


@dataclass(frozen=True)
class Jump:
    """How late in the song the new one came in, and how long nothing played before, in ms."""

    late_ms: float
    gap_ms: float


def jump(page: Page, key: str) -> Jump:
    """Press a key, and find from both players' own histories what happened."""
    page.wait_for_selector('[data-step="waiting"]', timeout=20_000)
    page.wait_for_timeout(2500)
    frames = frames_of(page)
    old = next(each for each, frame in frames.items() if frame.evaluate("standIn.state()") == 1)
    pressed_s = time.time()
    page.keyboard.press(key)
    new, start = _started(page, frames, old, pressed_s)
    asked = f"standIn.history.findLast((each) => each.rate > 0 && each.at_s < {start['at_s']})"
    went = frames[old].evaluate(asked)
    stop = frames[old].evaluate(
        f"standIn.history.find((each) => each.at_s > {pressed_s} && each.rate === 0)"
    )
    expected_s = reference_s(old, went["position_s"] + start["at_s"] - went["at_s"])
    late_s = expected_s - reference_s(new, start["position_s"])
    return Jump(1000 * late_s, 1000 * (start["at_s"] - stop["at_s"]))


def _started(
    page: Page, frames: dict[int, Frame], old: int, since_s: float
) -> tuple[int, dict[str, float]]:
    """The player that has begun since, and its first movement."""
    ask = f"standIn.history.find((each) => each.at_s > {since_s} && each.rate > 0) ?? null"
    for _ in range(200):
        for number, frame in frames.items():
            found = None if number == old else frame.evaluate(ask)
            if found is not None:
                page.wait_for_timeout(300)
                return number, found
        page.wait_for_timeout(50)
    raise listening.InvalidRun("nobody began to play")


@contextmanager
def stage(browser: Browser, mode: str, knobs: Mapping[str, Knobs]) -> Iterator[tuple[Page, str]]:
    """The application over players that behave so."""
    with standing_in(knobs) as stand_in:
        os.environ["COVERS_YOUTUBE_STAND_IN"] = stand_in
        os.environ["COVERS_YOUTUBE_MODE"] = mode
        get_settings.cache_clear()
        with listening.serving() as address:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            yield page, address
            page.close()


def measure_triple(browser: Browser, seconds: float, only: str) -> None:
    """One row for each set of knobs whose name begins so."""
    print(
        "| players take | median | p95 | within 50 ms | in step after | seeks | said at the end |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, (usual, first) in TRIPLE.items():
        if not name.startswith(only):
            continue
        knobs = dict.fromkeys(VIDEOS.values(), usual) | {BAD: replace(first, rates=usual.rates)}
        with stage(browser, "triple", knobs) as (page, address):
            held = hold(page, address, seconds)
        sizes = np.abs(held.errors_ms) if held.errors_ms else np.array([np.nan])
        first_in = "never" if held.first_s is None else f"{held.first_s:.1f} s"
        print(
            f"| {name} | {np.median(sizes):.0f} ms | {np.percentile(sizes, 95):.0f} ms "
            f"| {np.mean(sizes <= 50):.0%} | {first_in} | {held.seeks} | {held.said} |",
            flush=True,
        )


def measure_single(browser: Browser) -> None:
    """One row for each set of knobs."""
    print("\n| players | jumps | off the song, median | worst | nothing plays before, median |")
    print("| --- | --- | --- | --- | --- |")
    for name, knobs in SINGLE.items():
        jumps: list[Jump] = []
        with stage(browser, "single", dict.fromkeys(VIDEOS.values(), knobs)) as (page, address):
            listening.open_stage(page, address, "clicks")
            page.click("#opening")
            for number in range(JUMPS):
                try:
                    jumps.append(jump(page, "ArrowLeft" if number % 2 else "ArrowRight"))
                except (listening.InvalidRun, TimeoutError, StopIteration) as reason:
                    print(f"invalid: {reason!r}", file=sys.stderr)
        late = np.abs([each.late_ms for each in jumps] or [np.nan])
        gaps = [each.gap_ms for each in jumps] or [np.nan]
        print(
            f"| {name} | {len(jumps)} | {np.median(late):.0f} ms | {late.max():.0f} ms "
            f"| {np.median(gaps):.0f} ms |",
            flush=True,
        )


def main() -> None:
    """Build the library, play, print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--only", default="", help="rows of `triple` that begin so, and no others")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["COVERS_DATA_FOLDER"] = folder
        get_settings.cache_clear()
        from catalog import database

        database.upgrade()
        insert_click_song(Path(folder), tempo_ratios=RATIOS, beat_count=150, at_youtube=VIDEOS)
        browser = playwright.chromium.launch(
            executable_path=listening.CHROMIUM, args=listening.CHROMIUM_ARGUMENTS
        )
        measure_triple(browser, chosen.seconds, chosen.only)
        if not chosen.only:
            measure_single(browser)
        browser.close()


if __name__ == "__main__":
    main()
