"""The desk as a curator meets it: keys, listening, correcting, and no barrier that axe knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect
from sqlalchemy import delete, select

from catalog import database
from catalog.account_models import UserRole, UserSession
from catalog.accounts import add_user
from catalog.audit import COMMAND
from catalog.corrections import list_anchors
from catalog.jobs import enqueue
from catalog.lifecycle import JobStatus, Stage, Status
from catalog.models import Job, Recording, Song
from catalog.searches import SearchKind, add_search
from tests.browser import listening
from tests.library import ClickSong

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("cheap_passwords")]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "correct horse battery staple"
PAGES = (
    "/desk/inbox", "/desk/songs", "/desk/songs/new", "/desk/songs/clicks",
    "/desk/songs/clicks/timeline", "/desk/covers/2", "/desk/searches", "/desk/searches/1",
    "/desk/jobs", "/desk/hosts", "/desk/takedowns", "/desk/people", "/desk/me", "/desk/log",
)  # fmt: skip
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(page: Page, click_song: ClickSong) -> Iterator[Page]:
    """A page that an admin is logged in with; all covers but the last wait for review."""
    with database.session() as session:
        add_user(session, "kim", PASSWORD, UserRole.ADMIN, actor=COMMAND)
        for number in click_song.ids[1:-1]:
            cover = session.get_one(Recording, number)
            cover.status, cover.reason = Status.IN_REVIEW, "confidence 0.31 is below 0.50"
            cover.relation_scores = {"performance": 0.9, "unrelated": 0.1}
        add_search(
            session, session.scalars(select(Song)).one(), SearchKind.YOUTUBE_HASHTAG, "clicks"
        )
    with listening.serving() as address:
        page.goto(f"{address}/desk/inbox")
        page.get_by_label("Name").fill("kim")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
        page.address = address  # type: ignore[attr-defined]
        yield page


def go(page: Page, path: str) -> None:
    page.goto(page.address + path)  # type: ignore[attr-defined]


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds, each with the places; run from outside, past the page's own policy."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document)")["violations"]
    return [{"id": each["id"], "at": [node["html"] for node in each["nodes"]]} for each in found]


def status_of(recording_id: int) -> Status:
    with database.reading() as session:
        return session.get_one(Recording, recording_id).status


def test_axe_finds_nothing_on_any_page(desk: Page, complaints: list[str]) -> None:
    with database.session() as session:
        job = enqueue(session, session.get_one(Recording, 3), Stage.ALIGN)
        job.status, job.error = JobStatus.FAILED, "broken"
        session.get_one(Recording, 3).status = Status.FAILED
        enqueue(session, session.get_one(Recording, 4), Stage.ALIGN)
    found = {}
    for path in PAGES:
        go(desk, path)
        desk.wait_for_timeout(300)
        if wrong := violations(desk):
            found[path] = wrong
    assert found == {}, json.dumps(found, indent=1)
    assert complaints == []


def test_axe_finds_nothing_before_the_login(page: Page, address: str) -> None:
    page.goto(f"{address}/desk/login")
    assert violations(page) == []


@pytest.mark.parametrize("path", ["/desk/inbox", "/desk/covers/2", "/desk/songs/clicks"])
def test_on_a_phone_nothing_sticks_out(desk: Page, path: str) -> None:
    desk.set_viewport_size(PHONE)
    go(desk, path)
    desk.wait_for_timeout(300)
    assert desk.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_inbox_is_worked_through_by_keys(desk: Page, click_song: ClickSong) -> None:
    _, first, second, third, _ = click_song.ids
    expect(desk.locator("#keys")).to_be_visible()
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(desk.locator(f'tr[data-cover="{first}"] .badge')).to_have_text("published")
    desk.keyboard.press("r")
    expect(desk.locator(f'tr[data-cover="{second}"] .badge')).to_have_text("rejected")
    assert (status_of(first), status_of(second)) == (Status.PUBLISHED, Status.REJECTED)
    desk.keyboard.press("u")
    expect(desk.locator(f'tr[data-cover="{second}"] .badge')).to_have_text("in review")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk/covers/*")
    assert status_of(third) is Status.IN_REVIEW


def test_without_scripts_the_inbox_works_by_its_buttons(
    desk: Page, click_song: ClickSong, browser: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(desk.context.cookies())
    plain = context.new_page()
    plain.goto(desk.address + "/desk/inbox")  # type: ignore[attr-defined]
    plain.get_by_role("checkbox").first.check()
    plain.get_by_role("button", name="Approve").click()
    expect(plain.locator(".notice")).to_have_text("1 published.")
    plain.goto(desk.address + f"/desk/covers/{click_song.ids[2]}")  # type: ignore[attr-defined]
    expect(plain.locator("audio")).to_have_count(2)
    plain.get_by_role("button", name="Reject").click()
    assert status_of(click_song.ids[2]) is Status.REJECTED
    context.close()


def test_a_decision_leads_to_the_next_that_waits(desk: Page, click_song: ClickSong) -> None:
    _, first, second, _, _ = click_song.ids
    go(desk, f"/desk/covers/{first}")
    expect(desk.locator("#listen-bar")).to_be_visible()
    desk.keyboard.press("a")
    desk.wait_for_url(f"**/desk/covers/{second}*")
    assert status_of(first) is Status.PUBLISHED


def test_the_cover_is_heard_on_the_beat_of_its_reference(desk: Page, click_song: ClickSong) -> None:
    go(desk, f"/desk/covers/{click_song.ids[1]}")
    expect(desk.locator("#listen-bar")).to_be_visible()
    desk.keyboard.press("Space")
    expect(desk.locator("#step")).to_have_text("in step", timeout=15_000)
    desk.wait_for_timeout(1500)
    desk.keyboard.press("c")
    expect(desk.locator("#hear-cover")).to_have_attribute("aria-pressed", "true")
    expect(desk.locator("#step")).to_have_text("in step", timeout=15_000)
    shown = desk.locator("#where").text_content() or ""
    reference, _, cover = shown.partition(" · cover ")
    # This cover runs at 0.85 of the reference's tempo and begins half a second later.
    seconds = [60 * int(text[:1]) + float(text[2:]) for text in (reference, cover)]
    assert seconds[1] == pytest.approx(1.5 + (seconds[0] - 1.0) / 0.85, abs=0.2)


def test_a_beat_is_dragged_and_the_cover_is_aligned_by_it(
    desk: Page, click_song: ClickSong
) -> None:
    cover_id = click_song.ids[1]
    go(desk, f"/desk/covers/{cover_id}")
    marks = desk.locator("#editor .mark")
    expect(marks.first).to_be_attached()
    desk.locator("#editor .strip").scroll_into_view_if_needed()
    box = desk.locator("#editor .strip").bounding_box()
    assert box is not None
    mark_x = float(marks.nth(4).get_attribute("x1") or 0) / 1000 * box["width"] + box["x"]
    middle_y = box["y"] + box["height"] * 0.7
    desk.mouse.move(mark_x, middle_y)
    desk.mouse.down()
    desk.mouse.move(mark_x + 12, middle_y, steps=4)
    desk.mouse.up()
    expect(desk.locator("#editor .mark.fixed")).to_have_count(1)
    desk.get_by_role("button", name="Align by these").click()
    expect(desk.get_by_role("status").first).to_contain_text("1 fixed beats are kept")
    moved_s = 12 / box["width"] * 20.0  # the strip shows 20 s
    with database.reading() as session:
        (anchor,) = list_anchors(session, cover_id)
        job = session.scalars(select(Job).where(Job.recording_id == cover_id)).one()
    beat = round((anchor.reference_s - 1.0) / 0.6)
    assert anchor.reference_s == pytest.approx(1.0 + 0.6 * beat, abs=1e-3)
    was_s = 1.5 + 0.6 * beat / 0.85
    assert anchor.cover_s == pytest.approx(was_s + moved_s, abs=0.05)
    assert (job.stage, job.status) == (Stage.ALIGN, JobStatus.QUEUED)


def test_beats_are_tapped_while_the_cover_plays(desk: Page, click_song: ClickSong) -> None:
    go(desk, f"/desk/covers/{click_song.ids[1]}")
    expect(desk.locator("#editor .mark").first).to_be_attached()
    desk.keyboard.press("t")
    expect(desk.locator("#hear-cover")).to_have_attribute("aria-pressed", "true")
    desk.wait_for_timeout(2500)
    for _ in range(3):
        desk.keyboard.press("t")
        desk.wait_for_timeout(700)
    expect(desk.locator("#editor .mark.fixed")).to_have_count(3)
    lines = desk.locator("#anchors").input_value().splitlines()
    references = [float(line.split()[0]) for line in lines]
    assert [round(later - earlier, 3) for earlier, later in pairwise(references)] == [0.6, 0.6]


def test_the_reference_s_beats_are_corrected_on_its_waveform(
    desk: Page, click_song: ClickSong
) -> None:
    go(desk, "/desk/songs/clicks/timeline")
    expect(desk.locator("#timeline-editor .mark").first).to_be_attached()
    before = desk.locator("#beats").input_value().splitlines()
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("Delete")
    after = desk.locator("#beats").input_value().splitlines()
    assert len(after) == len(before) - 1 and before[1] not in after
    desk.get_by_role("button", name="Keep it, and align").click()
    expect(desk.get_by_role("status").first).to_contain_text("covers are aligned again")
    with database.reading() as session:
        analysis = session.get_one(Recording, click_song.ids[0]).analysis
        assert analysis is not None and len(analysis.beats_s) == len(after)


def test_progress_arrives_by_itself(desk: Page, click_song: ClickSong) -> None:
    go(desk, "/desk/jobs")
    expect(desk.locator("#connection")).to_have_text("Live.")
    expect(desk.locator("#idle")).to_be_visible()
    with database.session() as session:
        job = enqueue(session, session.get_one(Recording, click_song.ids[1]), Stage.ALIGN)
        job.status, job.progress = JobStatus.RUNNING, 0.4
    expect(desk.locator("#jobs progress")).to_have_attribute("value", "0.4", timeout=5000)
    with database.session() as session:
        session.get_one(Job, job.id).status = JobStatus.DONE
    expect(desk.locator("#jobs tbody tr")).to_have_count(0, timeout=5000)
    expect(desk.locator('[data-status="done"] b')).to_have_text("1")


def test_what_was_written_comes_back_when_it_is_refused(desk: Page) -> None:
    go(desk, "/desk/songs/clicks/timeline")
    expect(desk.locator("#timeline-editor .mark").first).to_be_attached()
    typed = desk.locator("#beats").input_value().replace("1.000", "1.001", 1)
    desk.locator("#beats").fill(typed)
    desk.locator("#sections").fill("0 nonsense")
    desk.get_by_role("button", name="Keep it, and align").click()
    expect(desk.get_by_role("alert")).to_contain_text("is no section")
    expect(desk.locator("#beats")).to_have_value(typed)
    expect(desk.locator("#sections")).to_have_value("0 nonsense")
    go(desk, "/desk/songs")
    go(desk, "/desk/songs/clicks/timeline")
    expect(desk.locator("#sections")).not_to_have_value("0 nonsense")


def test_what_was_written_comes_back_after_a_login_that_had_ended(desk: Page) -> None:
    go(desk, "/desk/songs/clicks/timeline")
    expect(desk.locator("#timeline-editor .mark").first).to_be_attached()
    desk.locator("#sections").fill("1 9 all of it")
    with database.session() as writing:
        writing.execute(delete(UserSession))
    desk.get_by_role("button", name="Keep it, and align").click()
    desk.wait_for_url("**/desk/login*")
    desk.get_by_label("Name").fill("kim")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Log in").click()
    expect(desk.get_by_role("heading", name="Waiting for you")).to_be_visible()
    go(desk, "/desk/songs/clicks/timeline")
    expect(desk.locator("#sections")).to_have_value("1 9 all of it")


def test_nobody_leaves_unsaved_beats_unasked(desk: Page, click_song: ClickSong) -> None:
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", refuse)
    go(desk, "/desk/songs/clicks/timeline")
    expect(desk.locator("#timeline-editor .mark").first).to_be_attached()
    desk.keyboard.press("Delete")
    desk.get_by_role("link", name="Back to the song").click()
    expect(desk.get_by_role("heading", name="Timeline of")).to_be_visible()
    assert asked == ["beforeunload"]
    desk.get_by_role("button", name="Keep it, and align").click()
    expect(desk.get_by_role("status").first).to_contain_text("covers are aligned again")
    assert asked == ["beforeunload"]
