"""What the stage looks like: `python -m tests.benchmarks.screenshots FOLDER [--only NAME ...]`.

Brings the real application in a real Chromium into every state that a visitor can meet, and
photographs it on a desktop, a tablet and a phone as `NAME-DEVICE.png`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.benchmarks import show_library
from tests.browser import listening
from tests.browser.looking import DEVICES, faults
from tests.browser.youtube_stand_in import standing_in

Act = Callable[[Page], None]

SLOWLY = 0.05
FOLLOWER = "document.querySelector('.deck[data-slot=left] video')"
STUMBLES = f"setInterval(() => {{ const v = {FOLLOWER}; if (v) v.currentTime -= 0.3 }}, 600)"
REFUSES = """{ const own = HTMLMediaElement.prototype.play; window.refusing = true;
HTMLMediaElement.prototype.play = function play() {
  return window.refusing ? Promise.reject(new DOMException('no', 'NotAllowedError'))
    : own.call(this); }; }"""


@dataclass(frozen=True)
class Scene:
    """A state: where it is, how the browser is set up, and what brings it about."""

    path: str = "/songs/evening"
    act: Act = lambda page: page.wait_for_timeout(600)
    browser: Mapping[str, Any] = field(default_factory=dict)
    remembers: Mapping[str, str] = field(default_factory=dict)
    script: str = ""


def ready(page: Page) -> None:
    """The first visit: everything is there, nothing plays."""
    page.wait_for_selector("#opening:not([disabled])", timeout=20_000)
    page.wait_for_timeout(700)


def begin(page: Page) -> None:
    """The song plays."""
    ready(page)
    page.click("#opening")
    page.wait_for_selector("body.open", timeout=15_000)


def play(page: Page) -> None:
    """Both companions are in step."""
    begin(page)
    listening.wait_in_step(page, "left", "right", timeout_ms=30_000)


def jump(page: Page) -> None:
    """The sound has moved on to who was at the left."""
    play(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("body.has-jumped", timeout=15_000)
    page.wait_for_timeout(500)


def switch(page: Page) -> None:
    """The picture is on its way; the browser shows it in slow motion."""
    play(page)
    slow = page.context.new_cdp_session(page)
    slow.send("Animation.enable")
    slow.send("Animation.setPlaybackRate", {"playbackRate": SLOWLY})
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(900)


def starve(page: Page) -> None:
    """Companions whose media do not come."""
    own = re.compile(r"/media/(?!1\b)")
    page.route(own, lambda route: None)  # never answered
    page.reload()
    begin(page)
    page.wait_for_timeout(1500)


def go_to(section: str) -> Act:
    """Play a part of the song."""

    def act(page: Page) -> None:
        play(page)
        page.locator(".section", has_text=section).first.click()
        page.wait_for_timeout(1000)

    return act


def open_panel(name: str) -> Act:
    """A panel of the drawer."""

    def act(page: Page) -> None:
        jump(page)
        page.click(f"#open-{name}", timeout=3000)
        page.wait_for_timeout(600)

    return act


def choose_tag(page: Page) -> None:
    """Two hashtags chosen, and one looked for."""
    open_panel("tags")(page)
    page.locator("#tag-list .tag").first.click()
    page.locator("#tag-list .tag:not([aria-pressed=true])").nth(1).click()
    page.fill("#tag-search", "e")
    page.wait_for_timeout(500)


def exhaust_tag(page: Page) -> None:
    """A hashtag that only one cover has."""
    play(page)
    page.click("#open-tags")
    page.locator("#tag-list .tag", has_text="oud").click()
    page.keyboard.press("Escape")
    page.locator("#live", has_text="#oud").wait_for(timeout=20_000)
    page.wait_for_timeout(400)


def fail_cover(page: Page) -> None:
    """A cover whose film is none."""
    ready(page)
    page.click("#opening")
    page.wait_for_timeout(700)


def be_offline(page: Page) -> None:
    """The net is gone."""
    jump(page)
    page.context.set_offline(True)
    page.wait_for_timeout(600)


def be_refused(page: Page) -> None:
    """The browser wants a click of its own liking."""
    ready(page)
    page.click("#opening")
    page.wait_for_timeout(600)


def miss(page: Page) -> None:
    """A cover that lacks this part stands beside."""
    begin(page)
    page.wait_for_selector(".deck.absent", timeout=20_000)
    page.wait_for_timeout(600)


def stumble(page: Page) -> None:
    """A cover that cannot be held in step."""
    begin(page)
    page.wait_for_selector('.dot[data-step="unsteady"]', timeout=40_000)


def save_data(page: Page) -> None:
    """Companions are not fetched yet."""
    begin(page)
    page.wait_for_selector('[data-slot="left"] .dot[data-step="waiting"]', timeout=20_000)
    page.wait_for_timeout(600)


def share(page: Page) -> None:
    """The link to this place."""
    jump(page)
    page.click("#share")
    page.wait_for_timeout(500)


def record(page: Page) -> None:
    """A mix is being recorded."""
    open_panel("mixes")(page)
    page.click("#record")
    page.wait_for_timeout(1200)


def name_mix(page: Page) -> None:
    """A mix that waits for its name."""
    record(page)
    page.click("#record")
    page.fill("#mix-name", "An evening")
    page.wait_for_timeout(300)


def replay(page: Page) -> None:
    """A mix plays."""
    begin(page)
    page.wait_for_selector("body.has-jumped", timeout=30_000)
    page.wait_for_timeout(300)


def at_youtube(page: Page) -> None:
    """A cover in YouTube's player, and others that wait."""
    begin(page)
    page.wait_for_selector('[data-slot="left"] .dot[data-step="waiting"]', timeout=20_000)
    page.wait_for_timeout(1500)
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("body.has-jumped", timeout=20_000)
    page.wait_for_timeout(600)


GERMAN = {"locale": "de-DE"}
LIGHT = {"color_scheme": "light"}

SCENES: dict[str, Scene] = {
    "first-visit": Scene(act=ready),
    "playing": Scene(act=play),
    "jumped": Scene(act=jump),
    "switching": Scene(act=switch),
    "drop": Scene(act=go_to("chorus 1")),
    "buffering": Scene(act=starve),
    "none-for-tag": Scene(act=exhaust_tag),
    "failed-cover": Scene("/songs/broken", fail_cover),
    "offline": Scene(act=be_offline),
    "blocked": Scene(act=be_refused, script=REFUSES),
    "no-covers": Scene("/songs/alone", begin),
    "missing": Scene("/songs/evening#left=6", miss),
    "unsteady": Scene(act=stumble, script=STUMBLES),
    "instant": Scene(act=open_panel("settings"), remembers={"instant": "true"}),
    "steady": Scene(act=play, remembers={"steady": "true"}),
    "data-saver": Scene(act=save_data, remembers={"saver": "true"}),
    "calm": Scene(act=play, browser={"reduced_motion": "reduce"}),
    "light": Scene(act=play, browser=LIGHT),
    "tags": Scene(act=choose_tag),
    "settings": Scene(act=open_panel("settings")),
    "visit": Scene(act=open_panel("visit")),
    "mixes": Scene(act=open_panel("mixes")),
    "keys": Scene(act=open_panel("keys")),
    "share": Scene(act=share),
    "recording": Scene(act=record),
    "naming": Scene(act=name_mix),
    "mix": Scene("/mixes/MIX", replay),
    "embed": Scene("/embed/mixes/MIX", replay),
    "youtube": Scene("/songs/tube", at_youtube),
    "german": Scene(act=open_panel("settings"), browser=GERMAN),
    "german-first": Scene(act=ready, browser=GERMAN),
    "long-names": Scene("/songs/evening#cover=5&left=4&right=7", play),
}
PAGES = {
    "home": "/",
    "cover": "/covers/2",
    "cover-long": "/covers/5",
    "performer": "/performers/Blechkapelle Nord",
    "stats": "/stats",
    "library": "/library",
    "error": "/songs/nothing",
}
for page_name, address in PAGES.items():
    SCENES[page_name] = Scene(address)
    SCENES[f"{page_name}-german"] = Scene(address, browser=GERMAN)
    SCENES[f"{page_name}-light"] = Scene(address, browser=LIGHT)
EMPTY = {
    "empty-home": Scene("/"),
    "empty-library": Scene("/library"),
    "empty-stats": Scene("/stats"),
}


def photograph(browser: Browser, address: str, scene: Scene, device: str, path: Path) -> None:
    """One state on one device; what went wrong on the way is said, and photographed."""
    looks = {"color_scheme": "dark", **DEVICES[device], **scene.browser}
    context = browser.new_context(**looks)
    page = context.new_page()
    for name, value in scene.remembers.items():
        page.add_init_script(f"localStorage['infinite-covers.{name}'] = '{value}'")
    if scene.script:
        page.add_init_script(scene.script)
    page.goto(address + scene.path)
    try:
        scene.act(page)
    except Error as reason:
        print(f"{path.stem}: {str(reason).splitlines()[0]}", file=sys.stderr)
    page.screenshot(path=path)
    for fault in faults(page):
        print(f"{path.stem}: {fault}")
    context.close()


@contextmanager
def application(folder: Path) -> Iterator[str]:
    """The real application over a library in a folder, with players in YouTube's stead."""
    with ExitStack() as stack:
        os.environ["COVERS_DATA_FOLDER"] = str(folder)
        os.environ["COVERS_YOUTUBE_STAND_IN"] = stack.enter_context(standing_in({}))
        from catalog import database

        database.upgrade()
        yield stack.enter_context(listening.serving())


def main() -> None:
    """Build the library and photograph what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", metavar="NAME", help=", ".join([*EMPTY, *SCENES]))
    parser.add_argument("--device", nargs="*", choices=DEVICES, default=list(DEVICES))
    parser.add_argument("--library", type=Path, help="keep the library here, and use it again")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=listening.CHROMIUM, args=listening.CHROMIUM_ARGUMENTS
        )

        def take(address: str, scenes: Mapping[str, Scene]) -> None:
            for name, scene in scenes.items():
                for device in chosen.device if not chosen.only or name in chosen.only else ():
                    path = chosen.folder / f"{name}-{device}.png"
                    photograph(browser, address, scene, device, path)

        with application(chosen.library or Path(temporary)) as address:
            if not show_library.is_filled():
                take(address, EMPTY)
                show_library.fill(Path(temporary))
            mix = show_library.find_mix()
            for name, scene in SCENES.items():
                path = scene.path.replace("MIX", mix)
                take(address, {name: Scene(**{**vars(scene), "path": path})})
        browser.close()


if __name__ == "__main__":
    main()
