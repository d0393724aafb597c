"""Steady mode as a visitor meets it: real renditions in a real Chromium."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from align.rendition.making import render_recording
from catalog import database
from catalog.ffmpeg import run_ffmpeg
from catalog.models import Recording
from tests.browser import listening
from tests.library import ClickSong, insert_click_song

pytestmark = pytest.mark.browser

RATIOS = (0.8, 1.2)
SIDES = ("left", "right")
MOST_APART_S, SAMPLES_TOGETHER = 0.12, 10


@pytest.fixture
def song(library: Path, tmp_path: Path) -> ClickSong:
    """A Reference and two covers with renditions; the first cover has a picture."""
    song = insert_click_song(tmp_path, tempo_ratios=RATIOS, beat_count=50)
    add_picture(library, song.ids[1])
    for cover_id in song.ids[1:]:
        render_recording(cover_id, lambda share: None)
    return song


def add_picture(library: Path, cover_id: int) -> None:
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        sound = library / "media" / str(cover.media_file)
        film = sound.with_suffix(".mp4")
        made = run_ffmpeg(
            *("-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x180:rate=25"),
            *("-i", str(sound), "-shortest", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25"),
            *("-pix_fmt", "yuv420p", "-c:a", "copy", "-movflags", "+faststart", "-y", str(film)),
        )
        assert made.returncode == 0, made.stderr.decode()
        cover.media_file = f"{cover_id}/{film.name}"
        cover.media_type = "video/mp4"
        cover.has_video = True
        cover.media_sha256 = hashlib.sha256(film.read_bytes()).hexdigest()


@pytest.fixture
def address(song: ClickSong) -> Iterator[str]:
    with listening.serving() as address:
        yield address


def source_of(page: Page, slot: str) -> str:
    return str(page.locator(f'.deck[data-slot="{slot}"] video').first.get_attribute("src"))


def play_steadily(page: Page, address: str) -> None:
    listening.open_stage(page, address, "clicks")
    page.click("#open-settings")
    page.click("#steady")
    expect(page.locator("#steady")).to_have_attribute("aria-pressed", "true")
    page.reload()
    page.wait_for_selector("#opening:not([disabled])", timeout=20_000)
    page.click("#opening")
    page.wait_for_selector("body.open")
    listening.wait_in_step(page, *SIDES)


def test_covers_come_at_the_tempo_of_the_reference(
    page: Page, address: str, song: ClickSong, complaints: list[str]
) -> None:
    play_steadily(page, address)
    for slot in SIDES:
        assert source_of(page, slot).startswith("/renditions/")
        rate = f"""document.querySelector('.deck[data-slot="{slot}"] video').playbackRate"""
        listening.wait_until(page, f"Math.abs({rate} - 1) < 0.06", timeout_s=5)
        expect(page.locator(f'.plate[data-slot="{slot}"]')).to_contain_text("100 bpm")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#live")).to_contain_text("Cover", timeout=6_000)
    centre = page.locator('.deck[data-slot="centre"] video').first
    assert centre.evaluate("e => e.playbackRate") == 1
    assert source_of(page, "centre").startswith("/renditions/")
    assert complaints == []


def test_the_picture_goes_along_with_the_sound(
    page: Page, address: str, song: ClickSong, complaints: list[str]
) -> None:
    play_steadily(page, address)
    slot = next(
        each for each in SIDES if source_of(page, each).startswith(f"/renditions/{song.ids[1]}")
    )
    together = 0
    for _ in range(100):
        sound_s, picture_s, muted, shown = page.locator(f'.deck[data-slot="{slot}"]').evaluate(
            """deck => {
              const [sound, picture] = deck.querySelectorAll('video');
              return [sound.currentTime, picture.currentTime, picture.muted, picture.videoWidth];
            }"""
        )
        expected_s = 1.5 + (sound_s - 1.0) / RATIOS[0]
        together = together + 1 if abs(picture_s - expected_s) < MOST_APART_S else 0
        if together == SAMPLES_TOGETHER:
            break
        page.wait_for_timeout(150)
    assert together == SAMPLES_TOGETHER, f"{picture_s:.2f} s is seen with {expected_s:.2f} s"
    assert (muted, shown) == (True, 320)
    other = "right" if slot == "left" else "left"
    assert page.locator(f'.deck[data-slot="{other}"] .picture').is_hidden()
    assert complaints == []


def test_without_renditions_there_is_no_such_setting(
    page: Page, library: Path, tmp_path: Path
) -> None:
    insert_click_song(tmp_path, tempo_ratios=(1.0,), beat_count=20)
    with listening.serving() as address:
        listening.open_stage(page, address, "clicks")
        page.click("#open-settings")
        expect(page.locator("#calm")).to_be_visible()
        expect(page.locator("#steady")).to_be_hidden()
