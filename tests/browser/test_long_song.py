"""A song with more covers than a player loads: its companions come from the library as needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalog.time_map import Segment, TimeMap
from tests.browser import listening
from tests.browser.test_player import CENTRE_NAME, begin, click_side, name_in, side_in_step
from tests.library import Entry, insert_song, render_clicks, write_m4a

pytestmark = pytest.mark.browser

COVERS = 150
RARE = 149
"""The last cover is the only one with its tag."""


@pytest.fixture
def long_song(library: Path, tmp_path: Path) -> tuple[int, ...]:
    """Covers that sound alike; the first number is the Reference's."""
    beats_s = [1.0 + 0.5 * beat for beat in range(100)]
    sound = render_clicks(beats_s, 52.0, click_hz=3000, bed_hz=200)
    media = write_m4a(sound, tmp_path / "take.m4a")
    common = {"duration_s": 52.0, "media": media}
    straight = TimeMap((Segment.of(beats_s, beats_s),))
    reference = Entry(
        "Clicks", **common, performer="The Clock", beats_s=beats_s, downbeats_s=beats_s[::4]
    )
    covers = [
        Entry(
            f"Take {number}",
            **common,
            performer=f"Cover {number}",
            time_map=straight,
            tags=("rare",) if number == RARE else ("common",),
        )
        for number in range(COVERS)
    ]
    return insert_song("clicks", "Clicks", reference, covers)


@pytest.fixture
def address(long_song: tuple[int, ...]) -> Iterator[str]:
    with listening.serving() as address:
        yield address


def test_companions_come_as_needed(page: Page, address: str, complaints: list[str]) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    begin(page, address)
    side = side_in_step(page)
    click_side(page, side)
    expect(page.locator(CENTRE_NAME)).to_contain_text("Cover")
    expect(page.locator(".counter", has_text="heard")).to_contain_text(f"/{COVERS + 1}")
    assert not any("cursor" in each for each in asked)
    assert any("/companions?" in each for each in asked)
    assert complaints == []


def test_a_tag_that_no_loaded_cover_has_brings_the_one_that_has_it(
    page: Page, address: str, complaints: list[str]
) -> None:
    begin(page, address)
    side_in_step(page)
    page.keyboard.press("t")
    page.click('#tag-list [data-tag="rare"]')
    expect(page.locator("#tag-state")).to_contain_text("1")
    expect(page.locator('#tag-list [data-tag="common"]')).to_contain_text("0")
    expect(page.locator(".plate", has_text=f"Cover {RARE}")).to_have_count(1, timeout=10_000)
    assert complaints == []


def test_a_link_fetches_whom_it_names(
    page: Page, address: str, long_song: tuple[int, ...], complaints: list[str]
) -> None:
    centre, left = long_song[1 + 140], long_song[1 + 90]
    page.goto(f"{address}/songs/clicks#cover={centre}&left={left}&at=5&tags=common")
    page.wait_for_selector("#opening:not([disabled])")
    assert name_in(page, "centre") == "Cover 140"
    assert name_in(page, "left") == "Cover 90"
    expect(page.locator('#tags [data-tag="common"]')).to_have_attribute("aria-pressed", "true")
    assert complaints == []
