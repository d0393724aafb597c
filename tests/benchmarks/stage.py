"""What the stage costs: `python -m tests.benchmarks.stage [--minutes 30]`.

The demo library's recordings (360p, H.264 and AAC) from the shipped server on this machine, in a
real Chromium: how soon the page can be played, what it loads, what three players cost the
processor, and whether memory stays flat over minutes of autoplay. `--loads 5` cold loads, `--cpu
20` seconds per measurement of the processor.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.browser_cost import cpu_share, resident_bytes
from tests.browser import listening
from tests.library import insert_song, read_demo

DEMO = Path("ingest/demo/londonderry-air")
SLUG = "londonderry-air"
GOAL_INTERACTIVE_S = 1.5
GOAL_FIRST_SOUND_S = 0.3
GOAL_SCRIPT_KB = 60
GOAL_CPU_SHARE = 0.6
GOAL_HEAP_MB_PER_10_MIN = 1
GOAL_RESIDENT_MB_PER_10_MIN = 20
SAMPLE_EVERY_S = 20.0
SETTLE_SHARE = 0.25
"""So much of the time passes before memory counts: caches fill first."""
SCRIPT_BYTES = """performance.getEntriesByType('resource')
  .filter(({ name }) => name.endsWith('.js'))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""


@contextmanager
def serving() -> Iterator[str]:
    """`covers serve` as it is shipped, over the library in force. Yields its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "catalog", "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(address)
        yield address
    finally:
        server.terminate()
        server.wait()


def _await(address: str, timeout_s: float = 60.0) -> None:
    give_up_s = time.monotonic() + timeout_s
    while True:
        try:
            urlopen(address).close()
        except OSError:
            if time.monotonic() > give_up_s:
                raise
            time.sleep(0.2)
        else:
            return


def measure_loads(browser: Browser, address: str, count: int) -> None:
    """Each with an empty cache."""
    interactive_s, first_sound_s, script_bytes = [], [], 0
    for _ in range(count):
        page = browser.new_context().new_page()
        listening.prepare_probe(page)
        listening.open_stage(page, address, SLUG, audio="")
        interactive_s.append(page.evaluate("performance.now()") / 1000)
        page.click("#opening")
        listening.wait_until(page, "soundProbe.firstSound_ms !== null", timeout_s=20)
        first_sound_s.append(page.evaluate("soundProbe.firstSound_ms") / 1000)
        page.wait_for_timeout(1000)
        script_bytes = page.evaluate(SCRIPT_BYTES)
        page.context.close()
    ready_s, sound_s = float(np.median(interactive_s)), float(np.median(first_sound_s))
    say(f"page can be played: median {ready_s:.2f} s", ready_s, GOAL_INTERACTIVE_S)
    say(f"first sound after play: median {sound_s:.2f} s", sound_s, GOAL_FIRST_SOUND_S)
    say(f"scripts loaded: {script_bytes / 1000:.1f} KB", script_bytes / 1000, GOAL_SCRIPT_KB)


def measure_cpu(page: Page, duration_s: float) -> None:
    """Three players that play, against the same page paused."""
    listening.wait_in_step(page, "left", "right", timeout_ms=60_000)
    playing = cpu_share(duration_s)
    page.keyboard.press("Space")
    page.wait_for_timeout(2000)
    paused = cpu_share(duration_s)
    page.keyboard.press("Space")
    cost = playing - paused
    print(f"processor, of one core: {playing:.0%} playing, {paused:.0%} paused")
    say(f"three players cost {cost:.0%}", cost, GOAL_CPU_SHARE)


def measure_memory(page: Page, minutes: float) -> None:
    """Autoplay, with memory looked at after the garbage was collected."""
    page.keyboard.press("a")
    session = page.context.new_cdp_session(page)
    rows = []
    start_s = time.monotonic()
    while (passed_s := time.monotonic() - start_s) < 60 * minutes:
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")["usedSize"]
        rows.append((passed_s, heap, resident_bytes()))
        page.wait_for_timeout(1000 * min(SAMPLE_EVERY_S, 60 * minutes / 12))
    time_s, heap, resident = np.array(rows, dtype=float).T
    late = time_s >= SETTLE_SHARE * time_s[-1]
    jumps = page.evaluate("document.querySelector('#counters')?.textContent ?? ''")
    print(f"{minutes:g} minutes of autoplay: {' '.join(jumps.split())}")
    for name, sizes, goal in (
        ("scripts' heap", heap, GOAL_HEAP_MB_PER_10_MIN),
        ("browser's memory", resident, GOAL_RESIDENT_MB_PER_10_MIN),
    ):
        slope_mb = 600 / 1e6 * float(np.polyfit(time_s[late], sizes[late], 1)[0])
        line = (
            f"{name}: {sizes[0] / 1e6:.1f} MB first, {sizes[-1] / 1e6:.1f} MB last, "
            f"{slope_mb:+.2f} MB per 10 minutes"
        )
        say(line, slope_mb, goal)


def say(line: str, measured: float, most: float) -> None:
    """A line with its goal."""
    print(f"{line}  [{most:g} at most: {'reached' if measured <= most else 'MISSED'}]", flush=True)


def main() -> None:
    """Build the library, open the stage, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--loads", type=int, default=5)
    parser.add_argument("--cpu", type=float, default=20)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["COVERS_DATA_FOLDER"] = folder
        from catalog import database

        database.upgrade()
        insert_song(SLUG, "Londonderry Air", *read_demo(DEMO))
        browser = playwright.chromium.launch(
            executable_path=listening.CHROMIUM, args=listening.CHROMIUM_ARGUMENTS
        )
        with serving() as address:
            measure_loads(browser, address, chosen.loads)
            page = browser.new_page()
            listening.open_stage(page, address, SLUG, audio="")
            page.click("#opening")
            measure_cpu(page, chosen.cpu)
            measure_memory(page, chosen.minutes)
        browser.close()
    print("Lighthouse is not among the development tools; its scores are not measured here")


if __name__ == "__main__":
    main()
