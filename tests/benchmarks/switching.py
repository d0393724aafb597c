"""How exact switches are: `python -m tests.benchmarks.switching`.

Presses the real keys in a real Chromium over covers at half to double the Reference's tempo,
recorded at different levels, and prints how the switches came out: on the beat, without a hole,
as loud as before. Options:

`--switches 60`, `--minutes 2` of three players in step without a switch, `--starts 5` first sounds
and cuts at once, `--load` with one core kept busy, `--steady` with the renditions that the shipped
code makes of the covers, `--audio buffers` with sound from decoded buffers.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, TimeoutError, sync_playwright

from tests.benchmarks.switching_report import Figures, report
from tests.browser import beats, listening
from tests.library import ClickSong, insert_click_song

TEMPO_RATIOS = (0.5, 0.67, 0.8, 0.87, 0.94, 1.0, 1.06, 1.15, 1.25, 1.5, 2.0)
LEVELS_DB = (-3.0, 1.0, -6.0, -1.0, -4.5)
STRETCH_S = 4.0
BEFORE_S = 2.8
STEADY = "infinite-covers.steady"


def measure_switches(page: Page, song: ClickSong, count: int, figures: Figures) -> None:
    """Switch left and right in turn, as long as it takes."""
    while len(figures.beats_ms) < count and figures.invalid < max(5, count):
        key = "ArrowRight" if len(figures.beats_ms) % 3 else "ArrowLeft"
        try:
            _measure_switch(page, key, song, figures)
        except listening.Starved as reason:
            figures.starved += 1
            print(f"a hole: {reason}", file=sys.stderr)
        except listening.LostFrames as reason:
            figures.lost += 1
            print(f"lost: {reason}", file=sys.stderr)
        except (listening.InvalidRun, TimeoutError) as reason:
            figures.others += 1
            print(f"invalid: {reason}", file=sys.stderr)


def _measure_switch(page: Page, key: str, song: ClickSong, figures: Figures) -> None:
    listening.wait_in_step(page, "left", "right", timeout_ms=30_000)
    followers = listening.ids_beside(page)
    page.wait_for_timeout(1000)  # who sounds has to have done so alone for BEFORE_S
    switch = listening.record_switch(
        page, lambda: page.keyboard.press(key), before_s=BEFORE_S, after_s=2.5
    )
    listening.check_sources(switch)
    old, new = _ratio(song, switch.old), _ratio(song, switch.new)
    tempi_s = _beats_s(page, song, old, new)
    crossing = beats.measure_crossing(switch, *tempi_s)
    step_lu = beats.loudness_step_lu(switch, *tempi_s)
    fade = listening.measure_fade(switch)
    middle_s = (switch.fade_start_s + switch.fade_end_s) / 2
    before = switch.excerpt.until(switch.fade_start_s)
    figures.beats_ms.append(1000 * crossing.beat_s)
    figures.centres_ms.append(1000 * crossing.centre_s)
    figures.crossovers_ms.append(1000 * (fade.crossover_s - middle_s))
    figures.strays.append(listening.stray_share(switch))
    figures.steps_lu.append(step_lu)
    figures.in_step_ms += _in_step_ms(before, switch.old, followers)
    figures.pairs.add((old, new))
    print(
        f"{len(figures.beats_ms):3d}  {old:4} -> {new:4}  {1000 * crossing.beat_s:+7.2f} ms  "
        f"centre {1000 * crossing.centre_s:+7.2f} ms  {step_lu:+5.2f} LU  "
        f"strays {figures.strays[-1]:4.0%}",
        file=sys.stderr,
    )


def _beats_s(page: Page, song: ClickSong, old: float, new: float) -> tuple[float, float]:
    """Distances between beats of two covers as they play: renditions have the Reference's."""
    if page.evaluate(f"localStorage['{STEADY}']") == "true":
        return song.beat_s, song.beat_s
    return song.beat_s / old, song.beat_s / new


def _in_step_ms(excerpt: listening.Excerpt, leader: int, followers: list[int]) -> list[float]:
    return [1000 * each for each in listening.offsets_in_step_s(excerpt, leader, followers)]


def measure_in_step(page: Page, minutes: float, figures: Figures) -> None:
    """Three players beside each other, without switches."""
    listening.wait_in_step(page, "left", "right", timeout_ms=30_000)
    for _ in range(round(60 * minutes / STRETCH_S)):
        leader, followers = listening.sounding_id(page), listening.ids_beside(page)
        page.wait_for_timeout(1000 * STRETCH_S)
        now_s = page.evaluate("soundProbe.context.currentTime")
        try:
            excerpt = listening.take(page, now_s - STRETCH_S - 0.2, now_s - 0.2)
        except listening.LostFrames:
            figures.lost += 1
        else:
            if leader == listening.sounding_id(page):
                figures.long_in_step_ms += _in_step_ms(excerpt, leader, followers)


@dataclass(frozen=True)
class Stages:
    """Where the song is played, and how."""

    browser: Browser
    address: str
    slug: str
    chosen: argparse.Namespace

    def open(self) -> Page:
        """A new page, ready to be played."""
        page = self.browser.new_page()
        page.add_init_script(f"localStorage['{STEADY}'] = {str(self.chosen.steady).lower()}")
        listening.prepare_probe(page)
        listening.open_stage(page, self.address, self.slug, audio=self.chosen.audio)
        return page


def measure_starts(stages: Stages, count: int, figures: Figures) -> None:
    """Each on a page of its own: play until the first sound; a key until who comes sounds."""
    for _ in range(count):
        page = stages.open()
        page.click("#opening")
        listening.wait_until(page, "soundProbe.firstSound_ms !== null")
        figures.first_sounds_ms.append(page.evaluate("soundProbe.firstSound_ms"))
        listening.wait_in_step(page, "left", "right", timeout_ms=30_000)
        page.keyboard.press("i")
        page.keyboard.press("ArrowRight")
        listening.wait_until(page, "soundProbe.plans.length > 0")
        figures.instant_ms.append(page.evaluate("soundProbe.sinceGesture_ms(soundProbe.plans[0])"))
        page.close()


def _ratio(song: ClickSong, recording_id: int) -> float:
    number = song.ids.index(recording_id)
    return 1.0 if number == 0 else TEMPO_RATIOS[number - 1]


def render(song: ClickSong) -> None:
    """Give every cover its rendition."""
    from align.rendition.making import render_recording

    for cover_id in song.ids[1:]:
        render_recording(cover_id, lambda share: None)


@contextmanager
def busy_core(wanted: bool) -> Iterator[None]:
    """One core with nothing to spare."""
    if not wanted:
        yield
        return
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        child.kill()
        child.wait()


def measure(browser: Browser, address: str, song: ClickSong, chosen: argparse.Namespace) -> Figures:
    """Everything that was asked for."""
    figures, stages = Figures(), Stages(browser, address, song.slug, chosen)
    measure_starts(stages, chosen.starts, figures)
    page = stages.open()
    listening.start_listening(page)
    measure_in_step(page, chosen.minutes, figures)
    measure_switches(page, song, chosen.switches, figures)
    return figures


def read_arguments() -> argparse.Namespace:
    """What is to be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--switches", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--audio", choices=("elements", "buffers"), default="elements")
    parser.add_argument("--load", action="store_true")
    parser.add_argument("--steady", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Build the library, play, report."""
    chosen = read_arguments()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["COVERS_DATA_FOLDER"] = folder
        from catalog import database

        database.upgrade()
        beat_count = 150 + round(100 * chosen.minutes)
        song = insert_click_song(
            Path(folder), tempo_ratios=TEMPO_RATIOS, beat_count=beat_count, levels_db=LEVELS_DB
        )
        if chosen.steady:
            render(song)
        browser = playwright.chromium.launch(
            executable_path=listening.CHROMIUM, args=listening.CHROMIUM_ARGUMENTS
        )
        with listening.serving() as address, busy_core(chosen.load):
            report(measure(browser, address, song, chosen))
        browser.close()


if __name__ == "__main__":
    main()
