"""What the stage looks like: `python -m tests.benchmarks.screenshots FOLDER [--only NAME ...]`.

Brings the real application in a real Chromium into every state that a visitor can meet, and
photographs it on a desktop, a tablet, and a phone upright and aside as `NAME-DEVICE.png`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

from tests.benchmarks import show_library
from tests.benchmarks.scenes import EMPTY, SCENES, Scene
from tests.browser import listening
from tests.browser.looking import DEVICES, faults
from tests.browser.youtube_stand_in import standing_in


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
