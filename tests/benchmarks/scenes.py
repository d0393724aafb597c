"""The states of the stage that a visitor can meet, and what brings each of them about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

from tests.browser import listening

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


def read_along(page: Page) -> None:
    """What is sung is written into the centre."""
    play(page)
    page.wait_for_function("document.querySelector('#caption').textContent !== ''", timeout=9_000)


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
    page.locator("#tag-list .tag", has_text="choir").click()
    page.keyboard.press("Escape")
    page.locator("#live", has_text="no other").wait_for(timeout=20_000)
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
    "captions": Scene(act=read_along, remembers={"captions": "true"}),
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
