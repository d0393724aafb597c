"""How exact switches are: `python -m tests.benchmarks.switching [--switches 60] [--steady]`.

Presses the real button in a real Chromium over covers at tempi from 0.8 to 1.25 of the
Reference, and prints the distribution of the distance between the old and the new beat as
listeners hear it, and of the three players against each other. With `--steady` covers play the
renditions that the shipped code makes of them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, TimeoutError, sync_playwright

from tests.browser import listening
from tests.library import ClickSong, insert_click_song

TEMPO_RATIOS = (0.8, 0.87, 0.94, 1.0, 1.06, 1.15, 1.25)
GOAL_P95_MS = 10.0
STEADY = "infinite-covers.steady"


@dataclass
class Figures:
    """What was measured. Offsets in ms."""

    switches_ms: list[float] = field(default_factory=list)
    in_step_ms: list[float] = field(default_factory=list)
    crossovers_ms: list[float] = field(default_factory=list)
    weakest: list[float] = field(default_factory=list)
    by_ratio: dict[str, list[float]] = field(default_factory=dict)
    invalid: int = 0


def measure(page: Page, address: str, song: ClickSong, switches: int) -> Figures:
    """Switch left and right in turn, as long as it takes."""
    figures = Figures()
    listening.prepare_probe(page)
    listening.open_stage(page, address, song.slug)
    listening.start_listening(page)
    while len(figures.switches_ms) < switches and figures.invalid < switches:
        key = "ArrowRight" if len(figures.switches_ms) % 3 else "ArrowLeft"
        try:
            _measure_one(page, key, song, figures)
        except (listening.InvalidRun, TimeoutError, KeyError) as reason:
            figures.invalid += 1
            print(f"invalid: {reason}", file=sys.stderr)
    return figures


def _measure_one(page: Page, key: str, song: ClickSong, figures: Figures) -> None:
    listening.wait_in_step(page, "left", "right", timeout_ms=30_000)
    followers, now_s = listening.ids_beside(page), page.evaluate("soundProbe.context.currentTime")
    switch = listening.record_switch(page, lambda: page.keyboard.press(key))
    before = listening.take(page, now_s - 1.5, now_s)
    listening.check_sources(switch)
    offset_ms = 1000 * listening.click_offset_s(switch)
    fade = listening.measure_fade(switch)
    middle_s = (switch.fade_start_s + switch.fade_end_s) / 2
    figures.switches_ms.append(offset_ms)
    figures.crossovers_ms.append(1000 * (fade.crossover_s - middle_s))
    figures.weakest.append(listening.weakest_share(switch))
    figures.in_step_ms += [
        1000 * each for each in listening.offsets_in_step_s(before, switch.old, followers)
    ]
    pair = f"{_ratio(song, switch.old)} -> {_ratio(song, switch.new)}"
    figures.by_ratio.setdefault(pair, []).append(offset_ms)
    print(
        f"{len(figures.switches_ms):3d}  {pair:14s} {offset_ms:+7.2f} ms  "
        f"weakest {figures.weakest[-1]:4.0%}",
        file=sys.stderr,
    )


def _ratio(song: ClickSong, recording_id: int) -> float:
    number = song.ids.index(recording_id)
    return 1.0 if number == 0 else TEMPO_RATIOS[number - 1]


def describe(name: str, offsets_ms: Sequence[float]) -> str:
    """One line: median, 95th percentile and maximum of the magnitudes, and the bias."""
    sizes = np.abs(offsets_ms)
    return (
        f"{name:28s} n={len(sizes):4d}  median {np.median(sizes):5.2f}  "
        f"p95 {np.percentile(sizes, 95):5.2f}  max {sizes.max():5.2f}  "
        f"bias {np.median(offsets_ms):+5.2f} ms"
    )


def report(figures: Figures) -> None:
    """Print what was measured."""
    print(describe("old beat to new beat", figures.switches_ms))
    print(describe("three players in step", figures.in_step_ms))
    print(describe("crossover to its schedule", figures.crossovers_ms))
    print(f"weakest 6 ms around a switch: {min(figures.weakest):.0%} of the usual level")
    print(f"invalid recordings, measured again: {figures.invalid}")
    p95_ms = float(np.percentile(np.abs(figures.switches_ms), 95))
    print(f"goal p95 {GOAL_P95_MS:.0f} ms: {'reached' if p95_ms <= GOAL_P95_MS else 'MISSED'}")


def render(song: ClickSong) -> None:
    """Give every cover its rendition."""
    from align.rendition.making import render_recording

    for cover_id in song.ids[1:]:
        render_recording(cover_id, lambda share: None)


def main() -> None:
    """Build the library, switch, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--switches", type=int, default=60)
    parser.add_argument("--steady", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["COVERS_DATA_FOLDER"] = folder
        from catalog import database

        database.upgrade()
        song = insert_click_song(Path(folder), tempo_ratios=TEMPO_RATIOS, beat_count=150)
        if chosen.steady:
            render(song)
        browser = playwright.chromium.launch(
            executable_path=listening.CHROMIUM, args=listening.CHROMIUM_ARGUMENTS
        )
        with listening.serving() as address:
            page = browser.new_page()
            page.add_init_script(f"localStorage['{STEADY}'] = {str(chosen.steady).lower()}")
            report(measure(page, address, song, chosen.switches))
        browser.close()


if __name__ == "__main__":
    main()
