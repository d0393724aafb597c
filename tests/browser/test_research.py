"""The research pages as a visitor meets them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalog import database
from catalog.evaluations import keep_run
from tests.browser import listening
from tests.metrics_documents import metrics_document

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def address(library: Path) -> Iterator[str]:
    """Where the application serves three kept runs."""
    with database.session() as session:
        for method, share in (("tracker", 0.9), ("mrmsdtw-flux", 0.7), ("dtw", 0.3)):
            keep_run(session, metrics_document("air", method, [share, share - 0.1, share - 0.2]))
    with listening.serving() as address:
        yield address


def test_from_the_songs_to_a_run_and_back(page: Page, address: str, complaints: list[str]) -> None:
    page.goto(address)
    page.get_by_role("link", name="Research").click()
    expect(page.get_by_role("heading", name="air", exact=True)).to_be_visible()
    page.get_by_role("link", name="tracker").click()
    expect(page.get_by_role("heading", name="tracker on air")).to_be_visible()
    page.get_by_text("What the figures mean").click()
    expect(page.get_by_text("how far a map is from the truth")).to_be_visible()
    page.get_by_role("link", name="All runs").click()
    expect(page.get_by_role("link", name="mrmsdtw-flux")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("path", ["/research", "/research/1"])
def test_on_a_phone_tables_scroll_and_the_page_does_not(
    page: Page, address: str, path: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    boxes = page.locator(".table-box").evaluate_all(
        "boxes => boxes.map((each) => each.scrollWidth > each.clientWidth)"
    )
    assert any(boxes)


def test_tables_are_scrolled_with_the_keyboard(page: Page, address: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{address}/research")
    box = page.get_by_role("region", name="Alignment, air")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert box.evaluate("box => box.scrollLeft") > 0


def test_charts_are_drawn_in_the_colours_of_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/research/1")
    widths = page.locator(".chart .mark").evaluate_all(
        "marks => marks.map((each) => each.getBoundingClientRect().width)"
    )
    assert widths and all(each > 20 for each in widths)
    fill = page.locator(".chart .median").first.evaluate("each => getComputedStyle(each).fill")
    assert fill not in ("rgb(0, 0, 0)", "none")
