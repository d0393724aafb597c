"""The desk's pages and its API over a small library: what they show, and what they change."""

from __future__ import annotations

import html
import io
import json
import os
import re
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import select

from catalog import database
from catalog.accounts import get_user
from catalog.audit import COMMAND, latest_entries
from catalog.corrections import list_anchors
from catalog.credentials import add_token
from catalog.decisions import set_status
from catalog.errors import ErrorClass
from catalog.jobs import enqueue
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.models import Analysis, Host, Job, Recording, Search, Song
from catalog.opt_outs import list_opt_outs
from catalog.settings import get_settings
from catalog.withdrawal import take_down
from ingest.stages import fetch_recording
from tests.conftest import forget_settings
from tests.ingest import media_files
from tests.webapp.conftest import EVIL, Ids
from tests.webapp.desk import HOST, csrf_of, log_in, post
from webapp.desk import monitor, takedowns
from webapp.desk.uploads import uploads_folder

PAGES = (
    "/desk/inbox", "/desk/inbox?status=all", "/desk/songs", "/desk/songs/new",
    "/desk/songs/test-song", "/desk/songs/test-song/timeline", "/desk/searches", "/desk/jobs",
    "/desk/hosts", "/desk/takedowns", "/desk/people", "/desk/me", "/desk/log",
)  # fmt: skip


@pytest.fixture
def desk(client: FlaskClient, people: None) -> FlaskClient:
    """A client that an admin is logged in with."""
    log_in(client, "admin")
    return client


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.get_data(as_text=True)


def status_of(recording_id: int) -> Status:
    with database.reading() as session:
        return session.get_one(Recording, recording_id).status


def jobs_of(recording_id: int) -> list[tuple[Stage, JobStatus]]:
    with database.reading() as session:
        query = select(Job).where(Job.recording_id == recording_id).order_by(Job.id)
        return [(each.stage, each.status) for each in session.scalars(query)]


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_strict_and_strangers_words_stay_words(
    desk: FlaskClient, ids: Ids, address: str
) -> None:
    with database.session() as session:
        session.scalars(select(Song)).one().title = EVIL
        session.get_one(Recording, ids.in_review).title = EVIL
        session.get_one(Recording, ids.in_review).reason = EVIL
        session.add(Host(name=EVIL, cause=EVIL))
        song = session.scalars(select(Song)).one()
        search = Search(
            song_id=song.id, kind="youtube_hashtag", query=EVIL, max_listed=9, max_new=9
        )
        session.add(search)
        enqueue(session, session.get_one(Recording, ids.in_review), Stage.ALIGN)
    page = text_of(desk, address)
    assert EVIL not in page and "alert(" not in re.sub(r"&lt;script&gt;alert\(&#34;x", "", page)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page and " style=" not in page and " onclick=" not in page


def test_a_cover_s_page_is_strict_too(desk: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        cover = session.get_one(Recording, ids.in_review)
        cover.title = cover.reason = cover.performer = cover.licence = EVIL
        cover.page_url = "javascript:alert(1)"
        cover.relation_scores = {"performance": 0.8, "unrelated": 0.2}
    page = text_of(desk, f"/desk/covers/{ids.in_review}")
    assert EVIL not in page and "javascript:" not in page
    assert "80 %" in page and 'class="not-the-song"' in page


def test_an_empty_desk_leads_to_the_first_song(desk: FlaskClient) -> None:
    assert desk.get("/desk").location == "/desk/songs"
    assert "Add the first song" in text_of(desk, "/desk/songs")


def test_the_inbox_shows_what_waits_and_why(desk: FlaskClient, ids: Ids) -> None:
    assert desk.get("/desk").location == "/desk/inbox"
    page = text_of(desk, "/desk/inbox")
    assert "confidence 0.31 is below 0.50" in page and "Talks first" not in page
    assert "Talks first" in text_of(desk, "/desk/inbox?status=published&song=test-song")
    assert desk.get("/desk/inbox?status=nonsense").status_code == 400
    assert desk.get("/desk/inbox?song=nothing").status_code == 404


def test_covers_are_decided_about_and_taken_back(desk: FlaskClient, ids: Ids) -> None:
    address = f"/desk/covers/{ids.in_review}"
    post(desk, address, address, do="approve", reason="sounds right")
    assert status_of(ids.in_review) is Status.PUBLISHED
    assert "sounds right" in text_of(desk, address)
    post(desk, address, address, do="undo")
    assert status_of(ids.in_review) is Status.IN_REVIEW
    post(desk, address, address, do="reject")
    assert status_of(ids.in_review) is Status.REJECTED
    with database.reading() as session:
        entries = latest_entries(session)[:3]
    assert [(each.actor, each.action) for each in entries] == [
        ("admin", "cover.reject"),
        ("admin", "cover.undo"),
        ("admin", "cover.approve"),
    ]


def test_many_are_decided_about_and_refusals_are_told(desk: FlaskClient, ids: Ids) -> None:
    chosen = [ids.in_review, ids.mapless, 999]
    answer = post(desk, "/desk/inbox", "/desk/inbox", do="approve", cover=chosen)
    page = text_of(desk, answer.location)
    assert status_of(ids.in_review) is Status.PUBLISHED
    assert "1 published." in page and "there is no cover 999" in page
    assert "only aligned covers can" in page
    nothing = post(desk, "/desk/inbox?status=all", "/desk/inbox", do="approve")
    assert "nothing is ticked" in text_of(desk, nothing.location)


def test_fixed_beats_come_from_the_form_and_queue_the_alignment(
    desk: FlaskClient, ids: Ids
) -> None:
    address = f"/desk/covers/{ids.in_review}"
    post(desk, address, f"{address}/anchors", anchors="0:02.5 4.125\n5, 7.25\n")
    with database.reading() as session:
        kept = [(each.reference_s, each.cover_s) for each in list_anchors(session, ids.in_review)]
    assert kept == [(2.5, 4.125), (5.0, 7.25)]
    assert jobs_of(ids.in_review) == [(Stage.ALIGN, JobStatus.QUEUED)]
    wrong = post(desk, address, f"{address}/anchors", anchors="nonsense")
    assert "is no fixed beat" in text_of(desk, wrong.location)


def version_on(client: FlaskClient, page: str) -> str:
    """The version of the timeline that a page shows."""
    found = re.search(r'name="version" value="([^"]+)"', text_of(client, page))
    assert found is not None
    return html.unescape(found[1])


def test_a_corrected_timeline_says_first_what_it_does(desk: FlaskClient, ids: Ids) -> None:
    address = "/desk/songs/test-song/timeline"
    assert "aligns 4 covers of this song again" in text_of(desk, address)
    seen = version_on(desk, address)
    beats = "1 |\n1.5\n2 |"
    answer = post(desk, address, address, version=seen, beats=beats, sections="0 2 the verse")
    assert "4 covers are aligned again" in text_of(desk, answer.location)
    with database.reading() as session:
        analysis = session.get_one(Recording, ids.reference).analysis
        assert analysis is not None
        assert (analysis.beats_s, analysis.downbeats_s) == ([1.0, 1.5, 2.0], [1.0, 2.0])
        assert analysis.sections[0]["label"] == "the verse"
    late = post(desk, address, address, version=seen, beats=beats, sections="")
    assert "changed this timeline" in text_of(desk, late.location)
    seen = version_on(desk, address)
    wrong = post(desk, address, address, version=seen, beats="2\n1", sections="")
    assert "put beats in order" in text_of(desk, wrong.location)


def test_writing_a_timeline_and_reading_it_changes_nothing(desk: FlaskClient, ids: Ids) -> None:
    from webapp.desk.timeline import read_beats, read_sections, write_beats, write_sections

    with database.reading() as session:
        analysis = session.get_one(Recording, ids.reference).analysis
        assert analysis is not None
        beats, sections = read_beats(write_beats(analysis)), read_sections(write_sections(analysis))
    assert [beat for beat, _ in beats] == analysis.beats_s
    assert [beat for beat, is_bar in beats if is_bar] == analysis.downbeats_s
    assert sections == [(0.5, 20.0, "verse")]


def upload(name: str, contents: bytes = b"sound") -> tuple[io.BytesIO, str]:
    return io.BytesIO(contents), name


def add_song(client: FlaskClient, **form: object):
    form["csrf_token"] = csrf_of(client, "/desk/songs/new")
    return client.post("/desk/songs", data=form, headers={"Referer": f"{HOST}/desk/songs/new"})


def test_a_song_is_added_with_a_file(desk: FlaskClient) -> None:
    file = upload("../../etc/My Song.MP3")
    answer = add_song(desk, title="Für Élise!", hosted="yes", file=file)
    assert answer.location == "/desk/songs/f-r-lise"
    with database.reading() as session:
        reference = session.scalars(select(Recording)).one()
    kept = Path(reference.location)
    assert kept.parent == uploads_folder() and kept.suffix == ".mp3"
    assert kept.read_bytes() == b"sound"
    assert (reference.role, reference.hosted) == (Role.REFERENCE, True)
    assert jobs_of(reference.id) == [(Stage.FETCH, JobStatus.QUEUED)]
    assert "fetch: queued" in text_of(desk, str(answer.location))


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"title": "A"}, "choose a file, or give an address"),
        ({"title": "A", "file": upload("evil.exe")}, "is no recording"),
        ({"title": "A", "file": upload("a.m3u8")}, "is no recording"),
        ({"title": "A", "file": upload("a.mp3", b"")}, "0.0 MiB"),
        ({"title": "A", "address": "file:///etc/passwd"}, "is no address of a recording"),
        ({"title": "A", "address": "https://u:p@host/x"}, "holds no password"),
        ({"title": "!", "address": "https://host/x"}, "is not usable"),
    ],
)
def test_a_song_that_cannot_be_is_refused_with_its_form(
    desk: FlaskClient, form: dict[str, object], message: str
) -> None:
    answer = add_song(desk, composer="Kept", **form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and message in page and 'value="Kept"' in page
    with database.reading() as session:
        assert session.scalars(select(Song)).all() == []


def test_an_upload_may_not_be_endless(desk: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COVERS_MAX_MEDIA_MIB", "1")
    get_settings.cache_clear()
    answer = add_song(desk, title="A", file=upload("a.mp3", b"x" * (3 * 2**20)))
    assert answer.status_code == 413
    assert list(uploads_folder().iterdir()) == []


def test_a_form_without_files_may_not_be_long(desk: FlaskClient, ids: Ids) -> None:
    form = {"csrf_token": csrf_of(desk, "/desk/me"), "name": "x" * (3 * 2**20)}
    assert desk.post("/desk/me/tokens", data=form).status_code == 413


def test_without_a_login_no_upload_is_read(client: FlaskClient, people: None) -> None:
    answer = client.post("/desk/songs", data={"file": upload("a.mp3", b"x" * 2**20)})
    assert answer.status_code == 303 and "/desk/login" in answer.location
    assert not (get_settings().data_folder / "uploads").exists()


def test_nothing_is_taken_onto_a_full_disk(
    desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = csrf_of(desk, "/desk/songs/new")
    monkeypatch.setenv("COVERS_MIN_FREE_MIB", str(10**9))
    forget_settings()
    data = {"csrf_token": token, "title": "A", "file": upload("a.mp3")}
    answer = desk.post("/desk/songs", data=data)
    assert answer.status_code == 503 and "make room" in answer.get_data(as_text=True)


def test_an_upload_is_fetched_where_the_data_folder_is_a_link(
    desk: FlaskClient, library: Path, tmp_path: Path
) -> None:
    media_files.make_sound(tmp_path / "a.ogg")
    library.rename(library.with_name("elsewhere"))
    library.symlink_to("elsewhere")
    add_song(desk, title="A", file=upload("a.ogg", (tmp_path / "a.ogg").read_bytes()))
    with database.reading() as session:
        reference = session.scalars(select(Recording)).one()
    fetch_recording(reference.id, lambda share: None)
    with database.reading() as session:
        assert session.get_one(Recording, reference.id).media_file is not None


def test_an_upload_that_was_copied_goes_with_a_later_one(desk: FlaskClient, ids: Ids) -> None:
    covers = "/desk/songs/test-song/covers"
    post(desk, "/desk/songs/test-song", covers, files=[upload("one.mp3"), upload("two.mp3", b"2")])
    for path in uploads_folder().iterdir():
        os.utime(path, (0, 0))
    with database.session() as session:
        copied = session.scalars(select(Recording).where(Recording.title == "one")).one()
        waits = session.scalars(select(Recording).where(Recording.title == "two")).one()
        copied.media_file = "media/7/original.mp3"
        gone, stays = Path(copied.location), Path(waits.location)
    post(desk, "/desk/songs/test-song", covers, files=[upload("three.mp3", b"3")])
    assert not gone.exists()
    assert stays.exists()


def test_more_files_than_are_taken_at_once_are_refused(desk: FlaskClient, ids: Ids) -> None:
    song = "/desk/songs/test-song"
    many = [upload(f"{number}.mp3", str(number).encode()) for number in range(21)]
    for form in ({"files": many}, {"files": [upload("a.mp3")], "address": "https://example.org/"}):
        answer = post(desk, song, f"{song}/covers", **form)
        assert "at once" in (page := text_of(desk, answer.location)) or "two things" in page
    assert list(uploads_folder().iterdir()) == []


def test_the_page_of_tokens_tells_what_was_wrong_with_a_password(desk: FlaskClient) -> None:
    token = csrf_of(desk, "/desk/me")
    came_from = {"Referer": f"{HOST}/desk/me/tokens"}
    form = {"csrf_token": token, "old": "wrong", "new": "correct horse battery", "again": "x"}
    assert desk.post("/desk/me/password", data=form, headers=came_from).status_code == 400


def test_looking_at_the_monitor_s_headers_takes_no_place(desk: FlaskClient) -> None:
    for _ in range(20):
        answer = desk.head("/desk/jobs/events")
        assert answer.status_code == 200
        answer.close()


def test_what_was_taken_down_is_listed_however_much_else_is_gone(
    desk: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(takedowns, "MOST_SHOWN", 1)
    with database.session() as session:
        for number in (ids.plain, ids.mapless):
            set_status(session.get_one(Recording, number), Status.GONE, "404")
        take_down(session, session.get_one(Recording, ids.talking), reason="", actor=COMMAND)
    assert "Talks first" in text_of(desk, "/desk/takedowns")


def test_covers_are_added_by_files_or_looked_for_at_an_address(desk: FlaskClient, ids: Ids) -> None:
    song = "/desk/songs/test-song"
    post(desk, song, f"{song}/covers", files=[upload("one.mp3"), upload("two.flac", b"other")])
    post(desk, song, f"{song}/covers", address="https://example.org/feed")
    with database.reading() as session:
        titles = session.scalars(select(Recording.title).order_by(Recording.id.desc()).limit(2))
        assert sorted(titles) == ["one", "two"]
        search = session.scalars(select(Search)).one()
        assert (search.query, search.every_h) == ("https://example.org/feed", None)
        assert session.scalars(select(Job).where(Job.search_id == search.id)).one()
    wrong = post(desk, song, f"{song}/covers", address="ftp://example.org")
    assert "is not usable" in text_of(desk, wrong.location)


def test_thresholds_are_percentages(desk: FlaskClient, ids: Ids) -> None:
    song = "/desk/songs/test-song"
    post(desk, song, f"{song}/thresholds", publish_above="80", reject_below="20 %")
    with database.reading() as session:
        found = session.scalars(select(Song)).one()
        assert (found.publish_above, found.reject_below) == (0.8, 0.2)
    wrong = post(desk, song, f"{song}/thresholds", publish_above="10", reject_below="90")
    assert "are not usable" in text_of(desk, wrong.location)


def test_searches_are_saved_run_paused_and_forgotten(desk: FlaskClient, ids: Ids) -> None:
    form = {"song": "test-song", "kind": "youtube_hashtag", "query": "#airCover", "every_h": "24"}
    post(desk, "/desk/searches", "/desk/searches", **form, max_listed="50", max_new="20")
    with database.reading() as session:
        search_id = session.scalars(select(Search.id)).one()
    address = f"/desk/searches/{search_id}"
    assert "aircover" in text_of(desk, "/desk/searches") and "daily" in text_of(
        desk, "/desk/searches"
    )
    post(desk, address, address, do="run")
    post(desk, address, address, do="pause")
    post(desk, address, address, do="change", every_h="48", max_listed="9", max_new="3")
    with database.reading() as session:
        search = session.get_one(Search, search_id)
        assert (search.enabled, search.every_h, search.max_new) == (False, 48, 3)
        assert session.scalars(select(Job.stage)).one() is Stage.DISCOVER
    post(desk, address, address, do="remove")
    assert desk.get(address).status_code == 404


def test_the_desk_reads_no_folders_of_the_server(desk: FlaskClient, ids: Ids) -> None:
    form = {"song": "test-song", "kind": "folder", "query": "/etc", "every_h": "24"}
    answer = post(desk, "/desk/searches", "/desk/searches", **form, max_listed="50", max_new="20")
    assert "reads files of the server" in text_of(desk, answer.location)
    with database.reading() as session:
        assert session.scalars(select(Search)).all() == []


def test_failures_are_told_with_their_remedy_and_tried_again(desk: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        cover = session.get_one(Recording, ids.in_review)
        job = enqueue(session, cover, Stage.FETCH)
        job.status, job.error_class = JobStatus.FAILED, ErrorClass.EXTRACTOR_OUTDATED
        job.error = "the site has changed"
        cover.status = Status.FAILED
    page = text_of(desk, "/desk/jobs")
    assert (
        "extractor outdated" in page and "Update yt-dlp" in page and "the site has changed" in page
    )
    post(desk, "/desk/jobs", f"/desk/recordings/{ids.in_review}/retry")
    assert status_of(ids.in_review) is Status.DISCOVERED
    assert jobs_of(ids.in_review)[-1] == (Stage.FETCH, JobStatus.QUEUED)


def test_a_paused_host_is_asked_again(desk: FlaskClient) -> None:
    with database.session() as session:
        session.add(Host(name="video.example", state="paused", cause="429 Too Many Requests"))
    assert "429 Too Many Requests" in text_of(desk, "/desk/hosts")
    post(desk, "/desk/hosts", "/desk/hosts/resume", host="video.example")
    with database.reading() as session:
        assert session.get_one(Host, "video.example").next_probe_at is not None


def test_listeners_are_told_what_a_curator_writes(desk: FlaskClient, ids: Ids) -> None:
    address = f"/desk/covers/{ids.plain}"
    told = {"title": "Live", "performer": "<Ada>", "tags": "#piano, live"}
    post(desk, address, f"{address}/credit", **told)
    assert 'value="&lt;Ada&gt;"' in desk.get(address).get_data(as_text=True)
    listed = desk.get("/api/v1/songs/test-song/covers").get_json()["covers"]
    cover = next(each for each in listed if each["id"] == ids.plain)
    assert (cover["title"], cover["performer"]) == ("Live", "<Ada>")
    assert cover["tags"] == ["live", "piano"]
    post(desk, address, f"{address}/credit", **(told | {"page_url": "ftp://x"}))
    assert "ftp://x&#39; is no web address" in text_of(desk, address)
    page = "/desk/songs/test-song"
    post(desk, page, f"{page}/credit", title="The air", performer="Kim", licence="CC0")
    reference = desk.get("/api/v1/songs/test-song").get_json()["reference"]
    assert (reference["title"], reference["performer"]) == ("The air", "Kim")


def test_a_takedown_deletes_the_media_and_asks_first(desk: FlaskClient, ids: Ids) -> None:
    address = f"/desk/covers/{ids.plain}"
    folder = get_settings().media_folder / str(ids.plain)
    post(desk, address, f"{address}/takedown", reason="by mail")
    assert folder.exists(), "the box was not ticked"
    post(desk, address, f"{address}/takedown", reason="by mail", sure="yes")
    assert not folder.exists() and status_of(ids.plain) is Status.GONE
    assert "taken down: by mail" in text_of(desk, "/desk/takedowns")
    assert desk.get(f"/media/{ids.plain}").status_code == 404


def test_a_cover_becomes_the_reference_and_the_page_asks_first(desk: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        cover = session.get_one(Recording, ids.plain)
        beats_s = [0.5, 1.0, 1.5]
        cover.analysis = Analysis(
            model="exact", duration_s=9.0, beats_s=beats_s, downbeats_s=beats_s[:1], sections=[]
        )
    address = f"/desk/covers/{ids.plain}"
    assert "Make it the reference" in text_of(desk, address)
    post(desk, address, f"{address}/reference")
    with database.reading() as session:
        assert session.get_one(Recording, ids.plain).role is Role.COVER, "the box was not ticked"
    post(desk, address, f"{address}/reference", sure="yes")
    with database.reading() as session:
        assert session.get_one(Recording, ids.plain).role is Role.REFERENCE
    assert "covers are aligned again" in text_of(desk, "/desk/songs")


def test_a_performer_opts_out(desk: FlaskClient, ids: Ids) -> None:
    form = {"performer_url": "https://example.org/performer", "sure": "yes"}
    post(desk, "/desk/takedowns", "/desk/takedowns/opt-outs", **form)
    assert status_of(ids.plain) is Status.GONE
    with database.reading() as session:
        (row,) = list_opt_outs(session)
    post(desk, "/desk/takedowns", f"/desk/takedowns/opt-outs/{row.id}/end")
    with database.reading() as session:
        assert list_opt_outs(session) == []


def test_curators_hear_what_is_private(desk: FlaskClient, ids: Ids) -> None:
    assert desk.get(f"/media/{ids.private}").status_code == 404
    answer = desk.get(f"/desk/media/{ids.private}", headers={"Range": "bytes=0-9"})
    assert answer.status_code == 206 and answer.data == bytes(range(10))
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert desk.get(f"/desk/posters/{ids.private}").status_code == 200
    assert desk.get(f"/desk/peaks/{ids.private}").status_code == 404, "no sound in it"


@pytest.fixture
def bearer(people: None) -> dict[str, str]:
    """The header of a curator's token."""
    with database.session() as session:
        token = add_token(session, get_user(session, "curator"), "test", actor=COMMAND)
    return {"Authorization": f"Bearer {token}"}


def test_a_program_decides_with_a_token(
    client: FlaskClient, bearer: dict[str, str], ids: Ids
) -> None:
    listed = client.get("/api/v1/desk/covers", headers=bearer).get_json()
    assert [each["title"] for each in listed["covers"]] == ["Waiting"] and listed["total"] == 1
    address = f"/api/v1/desk/covers/{ids.in_review}"
    answer = client.post(f"{address}/decisions", json={"do": "approve"}, headers=bearer)
    assert answer.get_json()["status"] == "published"
    again = client.post(f"{address}/decisions", json={"do": "approve"}, headers=bearer)
    assert again.status_code == 409 and again.get_json()["error"]["code"] == "conflict"
    assert client.post(f"{address}/decisions", json={"do": "?"}, headers=bearer).status_code == 422


@pytest.mark.parametrize("header", ["Bearer covers_wrong", "Bearer ", "Basic YTpi", ""])
def test_without_a_token_no_program_does_anything(
    client: FlaskClient, people: None, ids: Ids, header: str
) -> None:
    address = f"/api/v1/desk/covers/{ids.in_review}/decisions"
    answer = client.post(address, json={"do": "approve"}, headers={"Authorization": header})
    assert answer.status_code == 401
    assert status_of(ids.in_review) is Status.IN_REVIEW


def test_a_page_of_another_site_cannot_use_the_cookie_for_the_api(
    desk: FlaskClient, ids: Ids
) -> None:
    address = f"/api/v1/desk/covers/{ids.in_review}/decisions"
    assert desk.post(address, json={"do": "approve"}).status_code == 400
    assert status_of(ids.in_review) is Status.IN_REVIEW
    token = csrf_of(desk, "/desk/me")
    answer = desk.post(address, json={"do": "approve"}, headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_a_review_has_all_that_listening_needs(
    client: FlaskClient, bearer: dict[str, str], ids: Ids
) -> None:
    address = f"/api/v1/desk/covers/{ids.in_review}"
    fixed = {"anchors": [{"reference_s": 5.0, "cover_s": 7.25}]}
    assert client.put(f"{address}/anchors", json=fixed, headers=bearer).get_json() == fixed
    review = client.get(address, headers=bearer).get_json()
    assert review["anchors"] == fixed["anchors"]
    assert review["media_url"].startswith(f"/desk/media/{ids.in_review}?v=")
    assert review["reference"]["beats_ms"][:2] == [500, 500]
    assert review["segments"][0]["cover_ms"][0] == 1625
    assert client.get("/api/v1/desk/covers/1", headers=bearer).status_code == 404


def test_the_monitor_streams_what_changes(desk: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        enqueue(session, session.get_one(Recording, ids.in_review), Stage.ALIGN)
    answer = desk.get("/desk/jobs/events")
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    events = answer.iter_encoded()
    assert next(events).decode() == "retry: 2000\n\n"
    first = next(events).decode()
    event_id = re.search(r"^id: (\w+)$", first, re.MULTILINE)[1]
    document = json.loads(re.search(r"^data: (.*)$", first, re.MULTILINE)[1])
    assert [(each["what"], each["stage"]) for each in document["jobs"]] == [("Waiting", "align")]
    answer.close()
    with database.session() as session:
        session.scalars(select(Job)).one().progress = 0.5
    resumed = monitor.stream(event_id)
    next(resumed)
    assert '"progress": 0.5' in next(resumed)
    resumed.close()


def test_who_watches_a_job_sees_it_however_many_there_are(
    desk: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor, "MOST_JOBS", 1)
    with database.session() as session:
        recordings = [session.get_one(Recording, each) for each in (ids.plain, ids.in_review)]
        job_ids = [enqueue(session, each, Stage.ALIGN).id for each in recordings]
    for watched in job_ids:
        listed = desk.get(f"/api/v1/desk/jobs?watch={watched}").get_json()["jobs"]
        assert [each["id"] for each in listed] == [watched]


def test_monitors_leave_threads_for_everybody_else(desk: FlaskClient) -> None:
    opened = [desk.get("/desk/jobs/events") for _ in range(monitor.MOST_STREAMS)]
    assert desk.get("/desk/jobs/events").status_code == 503
    for each in opened:
        each.close()
    last = desk.get("/desk/jobs/events")
    assert last.status_code == 200
    last.close()


def test_every_page_of_a_reference_that_is_not_there_yet_says_so(
    desk: FlaskClient, app: APIFlask
) -> None:
    add_song(desk, title="Air", address="https://example.org/air.mp3")
    assert "not analysed yet" in desk.get("/desk/songs/air/timeline").get_data(as_text=True)
    assert "fetch" in text_of(desk, "/desk/songs/air")
