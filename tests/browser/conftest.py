"""A real Chromium, the real application, and libraries with exactly known maps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import listening
from tests.library import ClickSong, insert_click_song

expect.set_options(timeout=10_000)
"""Two cores carry the browser, the application and the test."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {
        "executable_path": listening.CHROMIUM,
        "args": listening.CHROMIUM_ARGUMENTS,
    }


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the page writes to the console as errors, and what it throws."""
    found: list[str] = []
    page.on("console", lambda each: found.append(each.text) if each.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def click_song(library: Path, tmp_path: Path) -> ClickSong:
    """A Reference and four covers; the second lacks the song's first half."""
    return insert_click_song(
        tmp_path,
        tempo_ratios=(0.85, 1.0, 1.2, 0.95),
        beat_count=60,
        missing_beats={1: range(0, 30)},
    )


@pytest.fixture
def address(click_song: ClickSong) -> Iterator[str]:
    """Where the application serves the click song."""
    with listening.serving() as address:
        yield address
