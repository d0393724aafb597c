"""A curator's first minutes, in pictures: `python -m tests.benchmarks.first_minutes FOLDER`.

Walks from an empty library to a published cover that plays, by the pages alone, and writes a
picture of each step to the folder. Prints when each was reached.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import listening
from tests.browser.first_minutes import Tour

SCREEN = {"width": 1440, "height": 900}


def tour(page: Page, work: Path, pictures: Path) -> None:
    """Walk, photographing every step."""
    begun_s = time.monotonic()
    count = 0

    def look(step: str) -> None:
        nonlocal count
        count += 1
        print(f"{time.monotonic() - begun_s:6.1f} s  {step}", flush=True)
        page.screenshot(path=pictures / f"{count:02d} {step}.png")

    Tour(page, work, look).walk()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    pictures: Path = parser.parse_args().folder
    pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["COVERS_DATA_FOLDER"] = str(Path(folder) / "data")
        browser = playwright.chromium.launch(
            executable_path=listening.CHROMIUM, args=listening.CHROMIUM_ARGUMENTS
        )
        page = browser.new_page(viewport=SCREEN)
        tour(page, Path(folder), pictures)
        browser.close()


if __name__ == "__main__":
    main()
