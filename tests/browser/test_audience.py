"""The drawer beside the stage: hashtags, the visit, mixes, settings; and who cannot see or hear."""

import re
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from catalog import database
from catalog.listener_models import Mix, PlayCount, SyncReport
from catalog.models import Recording
from catalog.songs import add_hashtags
from tests.browser import listening
from tests.browser.looking import DEVICES, faults
from tests.browser.test_player import CENTRE_NAME, begin, click_side, name_in, side_in_step
from tests.library import ClickSong

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
COMMANDS = "axe.run(document, {resultTypes: ['violations']})"


def violations(page: Page) -> list[str]:
    """What axe finds, as `rule: element`."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"{COMMANDS}.then(({{ violations }}) => violations)")
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("panel", ["tags", "visit", "mixes", "settings", "keys"])
def test_axe_finds_nothing_on_the_stage_with_a_panel_open(
    page: Page, address: str, panel: str
) -> None:
    begin(page, address)
    side_in_step(page)
    page.click(f"#open-{panel}")
    expect(page.locator(f'[data-panel="{panel}"]')).to_be_visible()
    page.wait_for_timeout(400)
    assert violations(page) == []


PAGES = ["/", "/stats", "/library", "/songs/clicks", "/covers/2", "/performers/Cover 1.0", "/x"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on_pages(
    page: Page, address: str, path: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address + path)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    assert violations(page) == []


@pytest.mark.parametrize("device", ["phone", "tablet", "aside"])
def test_fingers_find_everything_and_nothing_runs_off_the_screen(
    browser: Browser, address: str, click_song: ClickSong, device: str
) -> None:
    with database.session() as session:
        cover = session.get_one(Recording, click_song.ids[1])
        add_hashtags(session, cover, [(f"many-hashtags-{each}", "title") for each in range(12)])
    page = browser.new_context(**DEVICES[device]).new_page()
    for path in PAGES:
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        assert faults(page) == [], path
    for panel in ("tags", "visit", "mixes", "settings"):
        listening.open_stage(page, address, "clicks")
        page.click(f"#open-{panel}")
        page.wait_for_timeout(300)
        assert faults(page) == [], panel
    page.context.close()


def test_the_drawer_lies_beside_the_players_and_returns_the_focus(page: Page, address: str) -> None:
    begin(page, address)
    page.focus("#open-settings")
    page.keyboard.press("Enter")
    expect(page.locator("#settings-title")).to_be_focused()
    page.wait_for_timeout(400)
    for slot in ("left", "centre", "right"):
        deck = f"document.querySelector('.deck[data-slot={slot}]').getBoundingClientRect()"
        drawer = "document.getElementById('drawer').getBoundingClientRect()"
        listening.wait_until(page, f"{deck}.right <= {drawer}.left + 1", timeout_s=3)
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator("#open-settings")).to_be_focused()


def test_the_back_button_closes_the_drawer_and_stays(page: Page, address: str) -> None:
    begin(page, address)
    page.keyboard.press("t")
    expect(page.locator("#drawer")).to_be_visible()
    page.go_back()
    expect(page.locator("#drawer")).to_be_hidden()
    assert page.url.startswith(f"{address}/songs/clicks")


def test_letters_in_a_field_are_no_commands(page: Page, address: str) -> None:
    begin(page, address)
    page.keyboard.press("t")
    page.fill("#tag-search", "")
    page.locator("#tag-search").press_sequentially("macs ")
    expect(page.locator("#mute")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#autoplay")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#tag-state")).to_contain_text("No hashtag like this")
    expect(page.locator("body")).to_have_class(re.compile("playing"))


def test_german_is_spoken_to_who_speaks_it(page: Page, address: str) -> None:
    page.add_init_script(
        "Object.defineProperty(navigator, 'languages', {get: () => ['de-DE', 'en']})"
    )
    listening.open_stage(page, address, "clicks")
    assert page.get_attribute("html", "lang") == "de"
    expect(page.locator("#share")).to_contain_text("Teilen")
    page.click("#open-settings")
    page.select_option("#language", "en")
    expect(page.locator("#share")).to_contain_text("Share")


def test_plays_are_counted_and_reports_arrive(
    page: Page, address: str, click_song: ClickSong, complaints: list[str]
) -> None:
    begin(page, address)
    side = side_in_step(page)
    click_side(page, side)
    expect(page.locator(".counter", has_text="switch").first).to_contain_text("1")
    page.keyboard.press("o")
    expect(page.locator("#live")).to_contain_text("the curator will listen")
    with database.reading() as session:
        report = session.query(SyncReport).one()
    assert report.recording_id in click_song.ids[1:] and report.other_id == click_song.ids[0]
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector("#opening:not([disabled])")
    listening.wait_until(page, "localStorage.getItem('infinite-covers.outbox') === '[]'")
    with database.reading() as session:
        counts = {each.recording_id: each for each in session.query(PlayCount)}
    assert counts[click_song.ids[0]].heard_ms > 1000
    assert counts[report.recording_id].switches == 1
    assert complaints == []


def test_a_mix_is_recorded_and_plays_again(page: Page, address: str, complaints: list[str]) -> None:
    begin(page, address)
    side = side_in_step(page)
    page.click("#open-mixes")
    expect(page.locator("#mix-list")).to_have_text("None yet: yours may be the first.")
    page.click("#record")
    page.wait_for_timeout(1500)
    name = name_in(page, side)
    page.keyboard.press("ArrowLeft" if side == "left" else "ArrowRight")
    expect(page.locator("#live")).to_contain_text(name)
    page.wait_for_timeout(2000)
    page.click("#record")
    click_side(page, side)
    expect(page.locator("#counters .counter", has_text="switch")).to_contain_text("2")
    page.fill("#mix-name", "An evening")
    page.press("#mix-name", "Enter")
    expect(page.locator("#mix-state")).to_contain_text("Kept")
    with database.reading() as session:
        mix = session.query(Mix).one()
    assert len(mix.steps) == 2
    listed = page.locator("#mix-list a")
    expect(listed).to_have_text("An evening")
    assert listed.get_attribute("href") == f"/mixes/{mix.key}"

    page.goto(f"{address}/embed/mixes/{mix.key}")
    page.wait_for_selector("#opening:not([disabled])")
    expect(page.locator("#mix-title")).to_contain_text("An evening")
    page.click("#opening")
    expect(page.locator(CENTRE_NAME)).to_contain_text(name, timeout=15_000)
    expect(page.locator("#live")).to_contain_text("The mix is over", timeout=15_000)
    assert complaints == []


def test_a_link_opens_the_same_three_covers(
    page: Page, address: str, click_song: ClickSong
) -> None:
    _, first, _, third, fourth = click_song.ids
    page.goto(f"{address}/songs/clicks#cover={third}&left={fourth}&right={first}&at=9")
    page.wait_for_selector("#opening:not([disabled])")
    names = [name_in(page, slot) for slot in ("centre", "left", "right")]
    assert names == ["Cover 1.2", "Cover 0.95", "Cover 0.85"]
