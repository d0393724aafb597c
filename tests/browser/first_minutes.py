"""A curator's first minutes: from an empty library to a published cover, by the pages alone.

`Tour` starts the real `covers serve` and `covers worker` as somebody would in two terminals, and
walks through the desk in a real browser. Every step tells `look` where it is, so that a test can
walk in silence and a benchmark can take the time and a picture.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from playwright.sync_api import Page, expect

DEMO = Path(__file__).parents[2] / "ingest" / "demo" / "londonderry-air"
COVERS = ("brass-band", "lofi-beats", "cafe-waltz")
PASSWORD = "correct horse battery staple"
LISTENING_MS = 240_000
"""How long hearing the first songs may take, on a machine that does other things as well."""

Look = Callable[[str], None]


@contextmanager
def running(*command: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A `covers` command beside the tour, as in a terminal of its own."""
    with log.open("wb") as opened:
        process = subprocess.Popen(
            [sys.executable, "-m", "catalog", *command], stdout=opened, stderr=opened
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def write_other_song(path: Path) -> Path:
    """A tune that has nothing to do with the song, forty seconds long."""
    draw, rate = np.random.default_rng(7), 22_050
    tones = []
    for semitone in draw.integers(-12, 13, size=160):
        times_s = np.arange(rate // 4) / rate
        pitch_hz = 329.6 * 2 ** (int(semitone) / 12)
        tones.append(np.sin(2 * np.pi * pitch_hz * times_s) * np.exp(-6 * times_s))
    soundfile.write(path, 0.4 * np.concatenate(tones), rate)
    return path


class Tour:
    """Walks through the desk; `page` is at no address yet."""

    def __init__(self, page: Page, folder: Path, look: Look) -> None:
        self.page, self.folder, self.look = page, folder, look
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"

    def walk(self) -> None:
        """From nothing to a published cover that plays."""
        serve_log = self.folder / "serve.log"
        with running("serve", "--port", str(self.port), log=serve_log) as serving:
            self.meet_the_empty_library(_wait_for(serving, serve_log, r"http://\S+setup\?\S+"))
            self.become_admin()
            self.add_the_song()
            with running("worker", log=self.folder / "worker.log"):
                self.watch_the_reference()
                self.let_nothing_through_alone()
                self.add_covers()
                self.decide()
            self.play()

    def meet_the_empty_library(self, setup_address: str) -> None:
        self.page.goto(self.address)
        self.look("the empty library")
        self.page.goto(setup_address)
        self.look("the first admin")

    def become_admin(self) -> None:
        self.page.get_by_label("Name").fill("kim")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Make the admin").click()
        expect(self.page.get_by_role("link", name="Add the first song")).to_be_visible()
        self.look("an empty inbox")

    def add_the_song(self) -> None:
        self.page.get_by_role("link", name="Add the first song").click()
        self.page.get_by_role("textbox", name="Title").fill("Londonderry Air")
        self.page.get_by_label("A file").set_input_files(DEMO / "reference.mp4")
        self.page.get_by_label("I may serve this recording").check()
        self.look("a new song")
        self.page.get_by_role("button", name="Add the song").click()
        self.page.wait_for_url("**/desk/songs/londonderry-air")
        expect(self.page.get_by_text("no worker runs")).to_be_visible()
        self.look("the song waits for a worker")

    def watch_the_reference(self) -> None:
        done = self.page.get_by_role("link", name="Look at and correct beats and sections")
        expect(done).to_be_visible(timeout=LISTENING_MS)
        self.look("the reference is analysed")
        done.click()
        expect(self.page.get_by_role("heading", name="Timeline of Londonderry Air")).to_be_visible()
        self.look("its beats and sections")
        self.page.go_back()

    def let_nothing_through_alone(self) -> None:
        self.page.get_by_label("Publish from a confidence").fill("100")
        self.page.get_by_role("button", name="Set", exact=True).click()
        expect(self.page.get_by_label("Publish from a confidence")).to_have_value("100.0")

    def add_covers(self) -> None:
        files = [DEMO / f"{name}.mp4" for name in COVERS]
        files.append(write_other_song(self.folder / "other song.wav"))
        self.page.locator("input[name=files]").set_input_files(files)
        self.page.get_by_label("I may serve these files").check()
        self.page.get_by_role("button", name="Add", exact=True).click()
        expect(self.page.get_by_text(re.compile(r"under way"))).to_be_visible()
        self.look("covers are under way")
        self.page.get_by_role("link", name="Jobs").click()
        self.look("the jobs")
        self.page.go_back()
        expect(self.page.get_by_text(re.compile(r"under way"))).to_have_count(
            0, timeout=LISTENING_MS
        )
        expect(self.page.locator(".status-counts")).to_contain_text(
            f"{len(COVERS)} in review", timeout=LISTENING_MS
        )
        self.look("all covers were heard")

    def decide(self) -> None:
        self.page.get_by_role("link", name="Inbox").first.click()
        expect(self.page.locator("tbody tr")).to_have_count(len(COVERS))
        expect(self.page.locator("#keys")).to_be_visible()
        self.look("the inbox")
        self.page.keyboard.press("Enter")
        expect(self.page.locator("#listen-bar")).to_be_visible()
        self.page.keyboard.press("Space")
        expect(self.page.locator("#step")).to_have_text("in step", timeout=15_000)
        self.page.keyboard.press("c")
        self.look("a cover against its reference")
        for _ in COVERS[1:]:
            before = self.page.url
            self.page.keyboard.press("a")
            self.page.wait_for_url(lambda url, before=before: url != before)
            expect(self.page.locator("#listen-bar")).to_be_visible()
        self.page.keyboard.press("a")
        expect(self.page.locator(".cover-line .badge")).to_have_text("published")
        self.page.get_by_role("link", name="Inbox").first.click()
        expect(self.page.get_by_text("Nothing waits")).to_be_visible()
        self.look("the inbox is empty")

    def play(self) -> None:
        self.page.goto(f"{self.address}/songs/londonderry-air")
        self.page.locator("#opening:not([disabled])").click()
        for slot in ("left", "right"):
            dot = self.page.locator(f'.plate[data-slot="{slot}"] .dot[data-step="in-step"]')
            expect(dot).to_be_visible(timeout=20_000)
        self.page.wait_for_timeout(1500)
        self.look("the stage plays")


def _wait_for(process: subprocess.Popen[bytes], log: Path, pattern: str) -> str:
    """What a command writes first that looks like this, once it says so."""
    for _ in range(600):
        if found := re.search(pattern, log.read_text(errors="replace")):
            return found.group()
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"{pattern!r} is not in: {log.read_text(errors='replace')}")
