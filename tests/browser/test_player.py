"""The stage as a visitor meets it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from catalog import database
from catalog.models import Recording
from tests.browser import listening
from tests.library import (
    ClickSong,
    Entry,
    insert_click_song,
    insert_song,
    render_clicks,
    write_m4a,
)

pytestmark = pytest.mark.browser

CENTRE_NAME = '.plate[data-slot="centre"] .who'
MISSING = "this part is missing here"
FADES_WHILE_THE_CLOCK_STANDS = """async () => {
  const main = document.querySelector('script[src$="/main.js"]').src;
  const { Channel } = await import(main.replace('main.js', 'channel.js'));
  const context = new OfflineAudioContext(1, 4800, 48000);
  const tone = new ConstantSourceNode(context);
  tone.start();
  const player = { sourceIn: () => tone, setAudible() {} };
  const channel = new Channel(context, player, context.destination);
  const [rising, falling] = [Float32Array.of(0, 1), Float32Array.of(1, 0)];
  channel.fade(true, rising, 0.05, 0.016);
  channel.fade(false, falling, 0.055, 0.016);
  channel.fade(true, rising, 0.04, 0.016);
  const heard = (await context.startRendering()).getChannelData(0);
  return [heard[0], heard[heard.length - 1]];
}"""
"""Planned one after the other, as without a sound device; what the last one leaves is heard."""


def begin(page: Page, address: str) -> None:
    listening.open_stage(page, address, "clicks")
    page.click("#opening")
    page.wait_for_selector("body.open")


def side_in_step(page: Page) -> str:
    """A side whose player is in step."""
    ready = page.locator('.plate:not([data-slot="centre"]):has(.dot[data-step="in-step"])')
    ready.first.wait_for(timeout=15_000)
    return str(ready.first.get_attribute("data-slot"))


def name_in(page: Page, slot: str) -> str:
    return page.locator(f'.plate[data-slot="{slot}"] .who bdi').inner_text()


def click_side(page: Page, slot: str) -> None:
    """Click a side's middle, as a hand does, whoever is there by then: companions come and go."""
    box = page.locator(f'.slot[data-slot="{slot}"]').bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def test_first_visit_offers_one_button_and_plays_nothing(
    page: Page, address: str, complaints: list[str]
) -> None:
    listening.open_stage(page, address, "clicks")
    expect(page.get_by_role("button", name="Play", exact=True).first).to_be_visible()
    expect(page.locator(CENTRE_NAME)).to_contain_text("The Clock")
    assert page.evaluate("[...document.querySelectorAll('video')].every((each) => each.paused)")
    assert complaints == []


def test_play_starts_the_reference_and_brings_companions_into_step(
    page: Page, address: str, complaints: list[str]
) -> None:
    begin(page, address)
    side_in_step(page)
    rate = page.evaluate("document.querySelector('.deck[data-slot=centre] video').playbackRate")
    assert rate == 1
    assert complaints == []


def test_a_click_on_a_side_makes_it_the_centre(
    page: Page, address: str, complaints: list[str]
) -> None:
    begin(page, address)
    side = side_in_step(page)
    name = name_in(page, side)
    click_side(page, side)
    expect(page.locator(CENTRE_NAME)).to_contain_text(name)
    expect(page.locator("#live")).to_contain_text(name)
    expect(page.locator(".counter", has_text="switch")).to_contain_text("1")
    assert complaints == []


def test_fades_do_not_collide_while_the_audio_clock_stands_still(page: Page, address: str) -> None:
    listening.open_stage(page, address, "clicks")
    assert page.evaluate(FADES_WHILE_THE_CLOCK_STANDS) == [0, 1]


def test_play_wakes_a_sound_device_that_the_system_has_stopped(page: Page, address: str) -> None:
    listening.prepare_probe(page)
    begin(page, address)
    page.keyboard.press("Space")
    page.wait_for_selector("body:not(.playing)")
    page.evaluate("soundProbe.context.suspend()")
    page.keyboard.press("Space")
    listening.wait_until(page, "soundProbe.context.state === 'running'")


def test_the_keys_of_a_headset_pause_and_play(page: Page, address: str) -> None:
    begin(page, address)
    sounding = "document.querySelector('.deck[data-slot=centre] video')"
    page.evaluate(f"{sounding}.pause()")
    page.wait_for_selector("body:not(.playing)")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    page.evaluate(f"{sounding}.play()")
    page.wait_for_selector("body.playing")
    side_in_step(page)


def test_the_lock_screen_says_who_sounds_plays_and_jumps(page: Page, address: str) -> None:
    page.add_init_script("""
      window.acts = {};
      MediaSession.prototype.setActionHandler = (name, act) => { acts[name] = act; };
    """)
    begin(page, address)
    side_in_step(page)
    assert page.evaluate("navigator.mediaSession.metadata.artist") == "The Clock"
    page.evaluate("acts.pause()")
    page.wait_for_selector("body:not(.playing)")
    assert page.evaluate("navigator.mediaSession.playbackState") == "paused"
    page.evaluate("acts.play()")
    page.wait_for_selector("body.playing")
    side = side_in_step(page)
    name = name_in(page, side)
    page.evaluate("acts.previoustrack()" if side == "left" else "acts.nexttrack()")
    expect(page.locator("#live")).to_contain_text(name, timeout=5_000)
    assert page.evaluate("navigator.mediaSession.metadata.artist") == name


def test_a_link_to_another_cover_of_the_song_brings_it(
    page: Page, address: str, click_song: ClickSong
) -> None:
    begin(page, address)
    side_in_step(page)
    whole = {"Cover 0.85": 1, "Cover 1.2": 3, "Cover 0.95": 4}
    beside = [name_in(page, slot) for slot in ("left", "right")]
    name, number = next(each for each in whole.items() if each[0] not in beside)
    page.evaluate(f"location.hash = 'cover={click_song.ids[number]}'")
    expect(page.locator(CENTRE_NAME)).to_contain_text(name, timeout=12_000)
    expect(page.locator("#counters .counter", has_text="switch")).to_contain_text("1")


def test_everything_can_be_done_with_the_keyboard(
    page: Page, address: str, complaints: list[str]
) -> None:
    listening.open_stage(page, address, "clicks")
    page.keyboard.press("Space")
    page.wait_for_selector("body.playing")
    side = side_in_step(page)
    name = name_in(page, side)
    page.keyboard.press("ArrowLeft" if side == "left" else "ArrowRight")
    expect(page.locator(CENTRE_NAME)).to_contain_text(name)
    page.keyboard.press("Space")
    expect(page.locator("body")).not_to_have_class(re.compile("playing"))
    page.keyboard.press("ArrowDown")
    assert page.input_value("#volume") == "0.9"
    page.keyboard.press("m")
    expect(page.locator("#mute")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("a")
    expect(page.locator("#autoplay")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()
    assert complaints == []


def test_every_control_is_reached_by_tab(page: Page, address: str) -> None:
    listening.open_stage(page, address, "clicks")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert {
        "opening",
        "play",
        "volume",
        "autoplay",
        "surprise",
        "share",
        "favourite",
        "open-settings",
    } <= reached
    assert any(str(each).startswith("deck") for each in reached)
    assert "section" in reached


def test_a_cover_without_this_part_says_so_and_comes_back(
    page: Page, library: Path, tmp_path: Path, complaints: list[str]
) -> None:
    insert_click_song(
        tmp_path, tempo_ratios=(1.0, 1.1), beat_count=50, missing_beats={1: range(0, 25)}
    )
    with listening.serving() as address:
        begin(page, address)
        absent = page.locator(".deck.absent")
        expect(absent).to_contain_text(MISSING)
        slot = str(absent.get_attribute("data-slot"))
        click_side(page, slot)
        expect(page.locator("#live")).to_contain_text(MISSING)
        expect(page.locator(CENTRE_NAME)).to_contain_text("The Clock")
        page.get_by_role("button", name=re.compile("Go to verse")).last.click()
        listening.wait_in_step(page, slot)
        assert complaints == []


def test_a_click_on_a_section_goes_there(page: Page, address: str) -> None:
    begin(page, address)
    chorus = page.get_by_role("button", name=re.compile("Go to chorus"))
    chorus.click()
    expect(chorus).to_have_attribute("aria-current", "true")


def test_captions_are_shown_where_a_recording_has_some(
    page: Page, library: Path, address: str, click_song: ClickSong, complaints: list[str]
) -> None:
    captions = library / "media" / str(click_song.ids[0]) / "captions.vtt"
    captions.write_text("WEBVTT\n\n00:00.000 --> 01:00.000\n<i>la la</i> <b>שיר</b>\n")
    begin(page, address)
    expect(page.locator("#caption")).to_have_text("")
    page.keyboard.press("l")
    expect(page.locator("#caption")).to_have_text("la la שיר")
    side = side_in_step(page)
    click_side(page, side)
    expect(page.locator("#caption")).to_have_text("")
    assert complaints == []


WATCH_DROPS = """() => {
  document.dropped = false;
  new MutationObserver(() => { document.dropped ||= document.body.classList.contains('drop') })
    .observe(document.body, { attributes: true });
}"""
DROPS = re.compile(r"\bdrop\b")


def test_the_stage_turns_over_for_a_bar_at_the_drop(
    page: Page, address: str, complaints: list[str]
) -> None:
    begin(page, address)
    chorus = page.get_by_role("button", name=re.compile("Go to chorus"))
    ground = "getComputedStyle(document.body).getPropertyValue('--text')"
    usual = page.evaluate(ground)
    chorus.click()
    expect(page.locator("body")).to_have_class(DROPS)
    assert page.evaluate(ground) != usual
    expect(page.locator("body")).not_to_have_class(DROPS, timeout=4_000)
    expect(chorus).to_have_attribute("aria-current", "true")
    assert complaints == []


def test_nothing_turns_over_for_who_likes_it_calm(page: Page, address: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    begin(page, address)
    page.evaluate(WATCH_DROPS)
    chorus = page.get_by_role("button", name=re.compile("Go to chorus"))
    chorus.click()
    expect(chorus).to_have_attribute("aria-current", "true")
    page.wait_for_timeout(1000)
    assert page.evaluate("document.dropped") is False


def test_one_cover_alone_is_said_quietly(page: Page, library: Path, tmp_path: Path) -> None:
    insert_click_song(tmp_path, tempo_ratios=(1.0,), beat_count=20)
    with listening.serving() as address:
        begin(page, address)
        expect(page.locator("#stage")).to_contain_text("only one cover yet")


def test_a_cover_that_cannot_be_played_is_replaced(
    page: Page, library: Path, tmp_path: Path
) -> None:
    song = insert_click_song(tmp_path, tempo_ratios=(1.0, 1.05, 1.5), beat_count=40)
    with database.session() as session:
        broken = session.get_one(Recording, song.ids[1])
        (library / "media" / str(broken.media_file)).write_bytes(b"no media at all")
    with listening.serving() as address:
        begin(page, address)
        listening.wait_in_step(page, "left", "right")
        names = {name_in(page, "left"), name_in(page, "right")}
        assert names == {"Cover 1.05", "Cover 1.5"}


def test_strangers_words_stay_words(page: Page, library: Path, tmp_path: Path) -> None:
    evil = '<img src=x onerror="document.title=1">'
    beats_s = [1 + each / 2 for each in range(20)]
    sound = write_m4a(render_clicks(beats_s, 12, click_hz=2000, bed_hz=200), tmp_path / "a.m4a")
    insert_song(
        "evil", evil, Entry(evil, 12, sound, performer=evil, tags=(evil,), beats_s=beats_s), []
    )
    with listening.serving() as address:
        listening.open_stage(page, address, "evil")
        expect(page.locator(CENTRE_NAME)).to_contain_text(evil)
        assert page.locator("img[src=x]").count() == 0


SAVE_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"


def media_asked_for(page: Page) -> set[int]:
    """Fills up with the ids of the recordings whose media are fetched."""
    found: set[int] = set()

    def note(url: str) -> None:
        media = re.search(r"/media/(\d+)", url)
        if media is not None:
            found.add(int(media[1]))

    page.on("request", lambda request: note(request.url))
    return found


def test_who_saves_data_fetches_what_is_wanted_and_no_more(
    page: Page, address: str, click_song: ClickSong, complaints: list[str]
) -> None:
    page.add_init_script(SAVE_DATA)
    fetched = media_asked_for(page)
    listening.open_stage(page, address, "clicks")
    page.wait_for_timeout(500)
    assert fetched == set()
    page.click("#opening")
    page.wait_for_selector('.plate[data-slot="left"] .dot[data-step="waiting"]')
    page.wait_for_timeout(1500)
    assert fetched == {click_song.ids[0]}
    wanted = name_in(page, "left")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(CENTRE_NAME)).to_contain_text(wanted, timeout=10_000)
    expect(page.locator("#live")).to_contain_text(wanted, timeout=3_000)
    assert len(fetched) == 2
    page.click("#open-settings")
    expect(page.locator("#saver")).to_have_attribute("aria-pressed", "true")
    page.click("#saver")
    listening.wait_in_step(page, "left", "right")
    assert len(fetched) > 2
    assert complaints == []


@pytest.mark.parametrize("path", ["/", "/library", "/songs/nothing"])
def test_plain_pages_load_without_complaints(
    page: Page, address: str, complaints: list[str], path: str
) -> None:
    page.goto(address + path)
    expect(page.locator("main")).to_be_visible()
    assert [each for each in complaints if "404" not in each] == []
