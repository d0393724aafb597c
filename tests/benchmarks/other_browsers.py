"""The stage in Firefox and WebKitGTK: `python -m tests.benchmarks.other_browsers [NAME ...]`.

Starts, waits until all three are in step, switches, seeks and opens the drawer by real input, over
the demo's recordings, and prints what each browser did side by side, and what was heard of it. What
a browser cannot do is a line of the table, not an end.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.benchmarks.stage import SLUG, demo_library
from tests.benchmarks.tables import print_table
from tests.browser.other_browsers import (
    BROWSERS,
    SAMPLE_RATE,
    Driver,
    SoundDevice,
    sound_device,
)

POSITION = "document.querySelector('.deck[data-slot=centre] video').currentTime"
SOUNDING = "document.querySelector('.deck[data-slot=centre] video').currentSrc"
IN_STEP = """['left', 'right'].every((slot) => document.querySelector(
  `.plate[data-slot="${slot}"] .dot[data-step="in-step"]`))"""
SWITCHES = 4
SILENCE_DB = -60.0
BLOCK = SAMPLE_RATE // 200

Step = Callable[[Driver], str]


def start(driver: Driver) -> str:
    """Press play; the song has to go on by itself."""
    driver.wait("document.querySelector('#opening:not([disabled])')")
    driver.click("#opening")
    took_s = driver.wait(f"document.body.matches('.open') && {POSITION} > 0")
    before_s, begun_s = driver.evaluate(POSITION), time.monotonic()
    time.sleep(3)
    rate = (driver.evaluate(POSITION) - before_s) / (time.monotonic() - begun_s)
    return f"plays after {took_s:.1f} s, at rate {rate:.3f}"


def audio_path(driver: Driver) -> str:
    """What was chosen for this browser: buffers are decoded by scripts of their own."""
    scripts = "performance.getEntriesByType('resource').map(({ name }) => name).join(' ')"
    return "buffers" if "buffer-player.js" in driver.evaluate(scripts) else "elements"


def come_in_step(driver: Driver) -> str:
    """Both companions say that they are in step."""
    return f"after {driver.wait(IN_STEP, timeout_s=40):.1f} s"


def switch(driver: Driver) -> str:
    """Arrow keys, one after the other."""
    times_s = []
    for count in range(SWITCHES):
        driver.wait(IN_STEP, timeout_s=40)
        before = driver.evaluate(SOUNDING)
        begun_s = time.monotonic()
        driver.press("ArrowRight" if count % 2 else "ArrowLeft")
        driver.wait(f"{SOUNDING} !== {before!r}", timeout_s=5)
        times_s.append(time.monotonic() - begun_s)
    return f"{SWITCHES} of {SWITCHES}, picture after {1000 * statistics.median(times_s):.0f} ms"


def seek(driver: Driver) -> str:
    """To the last section."""
    count = driver.evaluate("document.querySelectorAll('#timeline .section').length")
    before_s = driver.evaluate(POSITION)
    driver.click(f"#timeline .section:nth-of-type({count})")
    driver.wait(f"Math.abs({POSITION} - {before_s}) > 8", timeout_s=10)
    return f"goes there, in step {come_in_step(driver)}"


def drawer(driver: Driver) -> str:
    """Hashtags open by their key, and close."""
    driver.press("t")
    driver.wait("document.body.matches('.drawer-open')", timeout_s=5)
    driver.press("Escape")
    driver.wait("!document.body.matches('.drawer-open')", timeout_s=5)
    return "opens and closes"


STEPS: dict[str, Step] = {
    "start": start,
    "sound through": audio_path,
    "three in step": come_in_step,
    "switch": switch,
    "seek": seek,
    "drawer": drawer,
}


def describe_sound(samples: npt.NDArray[np.float32]) -> str:
    """How loud it was, and the longest silence, in blocks of 5 ms."""
    blocks = samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK)
    levels_db = 10 * np.log10(np.mean(blocks.astype(float) ** 2, axis=1) + 1e-12)
    stretches = groupby(levels_db < SILENCE_DB)
    longest = max((len(list(run)) for is_silent, run in stretches if is_silent), default=0)
    return f"{np.median(levels_db):.0f} dBFS, silent for at most {5 * longest} ms"


def go_through(driver: Driver, address: str, device: SoundDevice) -> list[str]:
    """What each step came to, and what was heard while three played and were switched."""
    driver.open(f"{address}/songs/{SLUG}")
    ends, moments_s = [], {}
    for name, step in STEPS.items():
        begun_s = device.now_s
        try:
            ends.append(step(driver))
        except (TimeoutError, RuntimeError, OSError) as error:
            ends.append(f"FAILED: {str(error)[:90]}")
        moments_s[name] = (begun_s, device.now_s)
    return [*ends, describe_sound(device.heard(*moments_s["switch"]))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=list(BROWSERS), help=", ".join(BROWSERS))
    chosen = parser.parse_args().names
    columns = []
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_library(Path(folder)) as address,
        sound_device(Path(folder)) as device,
    ):
        for name in chosen:
            with BROWSERS[name]() as driver:
                columns.append((driver.name, go_through(driver, address, device)))
    steps = [*STEPS, "heard of the switches"]
    rows = [[step, *(ends[n] for _, ends in columns)] for n, step in enumerate(steps)]
    print_table(["step", *(name for name, _ in columns)], rows)


if __name__ == "__main__":
    main()
