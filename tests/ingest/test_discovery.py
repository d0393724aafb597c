"""Searches from question to queued candidates, through yt-dlp's own code."""

from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.audit import Actor
from catalog.errors import ErrorClass
from catalog.jobs import run_job
from catalog.lifecycle import JobStatus, Role, SearchKind, Stage, Status
from catalog.models import DiscoveryRun, Job, Merge, Recording, Search, Sighting
from catalog.opt_outs import opt_out
from catalog.reviewing import list_decisions, undo
from catalog.searches import add_search, run_now
from catalog.settings import get_settings
from catalog.songs import add_song, get_song
from ingest.discovery.running import run_search
from ingest.stages import fetch_recording
from tests.ingest.noises import encoded, melody
from tests.ingest.video_site import VideoSite
from tests.ingest.web_server import Answer

TALK = {"title": "Danny Boy REACTION first time hearing", "duration": 200}


@pytest.fixture(scope="module")
def sounds() -> list[bytes]:
    return [encoded(melody(seed)) for seed in range(6)]


@pytest.fixture
def search_id(library: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("COVERS_HOST_PAUSE_S", "0")
    get_settings.cache_clear()
    with database.session() as session:
        song = add_song(session, "danny-boy", title="Danny Boy")
        return add_search(session, song, SearchKind.YOUTUBE_SEARCH, "danny boy", max_new=4).id


def run(search_id: int) -> DiscoveryRun:
    with database.session() as session:
        job_id = run_now(session, search_id).id
    run_job(job_id, run_search)
    with database.reading() as session:
        return session.scalars(select(DiscoveryRun).order_by(DiscoveryRun.id.desc())).first()


def fetch_all() -> None:
    with database.reading() as session:
        queued = select(Job.id).where(Job.stage == Stage.FETCH, Job.status == JobStatus.QUEUED)
        job_ids = session.scalars(queued.order_by(Job.id)).all()
    for job_id in job_ids:
        run_job(job_id, fetch_recording)


def counts(run: DiscoveryRun) -> tuple[int, ...]:
    return (run.listed, run.new, run.known, run.rejected, run.left_out)


def covers() -> dict[str, Recording]:
    with database.reading() as session:
        rows = session.scalars(select(Recording).where(Recording.role == Role.COVER))
        return {each.source_id: each for each in rows}


def hit(site: VideoSite, name: str, sound: bytes, **fields: object) -> dict:
    title = {"title": f"Danny Boy ({name} cover)", "duration": 30.0 + 100}
    return site.add(name, sound, **(title | fields))


def test_a_search_adds_what_may_be_a_cover_and_keeps_why_not(video_site, search_id, sounds):
    good = hit(video_site, "harp", sounds[0])
    video_site.answer("danny boy", [good, video_site.add("talk", sounds[1], **TALK)])
    found = run(search_id)
    assert counts(found) == (2, 1, 0, 1, 0)
    assert found.asked == "danny boy"
    rows = covers()
    assert (rows["harp"].status, rows["talk"].status) == (Status.DISCOVERED, Status.REJECTED)
    assert rows["talk"].reason == "its title says 'reaction'"
    assert video_site.fetched() == []
    with database.session() as session:
        assert list_decisions(session, rows["talk"].id)[0].reasons[0]["code"] == "word_reaction"
        assert len(session.scalars(select(Sighting)).all()) == 2


def test_who_has_opted_out_is_not_found_again(video_site, search_id, sounds):
    artist = "https://video.example/@harpist"
    video_site.answer("danny boy", [hit(video_site, "harp", sounds[0], uploader_url=artist)])
    with database.session() as session:
        opt_out(session, artist, reason="asked by letter", actor=Actor("nora", None))
    assert counts(run(search_id)) == (1, 0, 1, 0, 0)
    assert covers() == {}


def test_who_has_opted_out_is_known_by_the_whole_description_too(video_site, search_id, sounds):
    artist = "https://video.example/@harpist"
    flat = hit(video_site, "harp", sounds[0], uploader_url=artist)
    del flat["uploader_url"]
    video_site.answer("danny boy", [flat])
    with database.session() as session:
        opt_out(session, artist, reason="asked by letter", actor=Actor("nora", None))
    assert counts(run(search_id)) == (1, 1, 0, 0, 0)
    fetch_all()
    (cover,) = covers().values()
    assert (cover.status, cover.reason) == (Status.REJECTED, "its performer has opted out")
    assert not (get_settings().media_folder / str(cover.id)).exists()


def test_three_days_fetch_only_what_is_new(video_site: VideoSite, search_id: int, sounds):
    hits = [hit(video_site, f"v{n}", sounds[n]) for n in range(5)]
    days = [hits[:2], hits[1:3], hits[:5]]
    fetched = []
    for words, day in zip(("danny boy", *variants(2)), days, strict=True):
        video_site.answer(words, day)
        before = len(video_site.fetched())
        run(search_id)
        fetch_all()
        fetched.append(video_site.fetched()[before:])
    assert fetched == [["v0", "v1"], ["v2"], ["v3", "v4"]]
    with database.reading() as session:
        runs = session.scalars(select(DiscoveryRun).order_by(DiscoveryRun.id)).all()
        assert [each.known for each in runs] == [0, 1, 3]
        assert {each.status for each in covers().values()} == {Status.FETCHED}


def variants(number: int) -> list[str]:
    from ingest.discovery.asking import variant_of

    return [variant_of("danny boy", turn) for turn in range(1, number + 1)]


def test_what_is_above_the_cap_is_found_again(video_site: VideoSite, search_id: int, sounds):
    hits = [hit(video_site, f"v{n}", sounds[0]) for n in range(6)]
    video_site.answer("danny boy", hits)
    assert counts(run(search_id)) == (6, 4, 0, 0, 2)
    video_site.answer(variants(1)[0], hits)
    assert counts(run(search_id)) == (6, 2, 4, 0, 0)


def test_the_best_come_first_where_the_cap_leaves_some_out(video_site, search_id, sounds):
    weak = [hit(video_site, f"w{n}", sounds[0], title="Danny Boy") for n in range(4)]
    video_site.answer("danny boy", [*weak, hit(video_site, "strong", sounds[1])])
    run(search_id)
    assert "strong" in covers()


def test_a_reupload_is_merged_and_stays_known(video_site: VideoSite, search_id: int, sounds):
    again = encoded(melody(0), "-ar", "22050", "-b:a", "48k", kind="ogg")
    video_site.answer(
        "danny boy",
        [
            hit(video_site, "first", sounds[0]),
            hit(video_site, "again", again, title="danny boy #folk cover"),
            hit(video_site, "other", sounds[1]),
        ],
    )
    run(search_id)
    fetch_all()
    rows = covers()
    assert {name: row.status for name, row in rows.items()} == {
        "first": Status.FETCHED,
        "again": Status.REJECTED,
        "other": Status.FETCHED,
    }
    assert rows["again"].reason == f"sounds the same as cover {rows['first'].id}: uploaded again"
    with database.session() as session:
        merge = session.scalars(select(Merge)).one()
        assert (merge.recording_id, merge.kept_id, merge.evidence) == (
            *(rows["again"].id, rows["first"].id, "sound"),
        )
        kept = session.get_one(Recording, rows["first"].id)
        assert [each.hashtag.name for each in kept.hashtags] == ["folk"]
        undo(session, rows["again"].id, made_by="ada")
    fetch_all()
    assert covers()["again"].status is Status.FETCHED


def test_what_a_list_did_not_tell_is_refused_before_the_first_byte(video_site, search_id, sounds):
    fields = {"media_type": "short", "duration": 30}
    secret = hit(video_site, "short", sounds[0], **fields)
    video_site.answer("danny boy", [{"id": "short", "title": secret["title"]}])
    run(search_id)
    fetch_all()
    row = covers()["short"]
    assert (row.status, video_site.fetched()) == (Status.REJECTED, [])
    assert row.reason == "lasts 30 s, less than 45 s; is a vertical short"
    with database.session() as session:
        undo(session, row.id, made_by="ada")
    fetch_all()
    assert covers()["short"].status is Status.FETCHED


def test_a_search_that_fails_is_kept_with_its_class(video_site: VideoSite, search_id: int):
    video_site.server.answers["/results?q=danny%20boy"] = Answer(b"", status=404)
    found = run(search_id)
    assert found.error_class is ErrorClass.PERMANENT
    assert "404" in (found.error or "")
    with database.reading() as session:
        search = session.get_one(Search, search_id)
        job = session.scalars(select(Job)).one()
    assert (search.rotation, job.status, job.error_class) == (
        *(0, JobStatus.FAILED, ErrorClass.PERMANENT),
    )


def test_a_hit_whose_address_is_a_file_is_no_recording(video_site: VideoSite, search_id: int):
    hits = [{"id": "x", "title": "Danny Boy cover", "url": "file:///etc/passwd"}]
    video_site.answer("danny boy", hits)
    run(search_id)
    assert covers() == {}


def add_local(kind: SearchKind, path: Path) -> int:
    with database.session() as session:
        song = add_song(session, "air", title="Air")
        return add_search(session, song, kind, str(path), every_h=None, max_listed=50).id


def test_a_folder_of_covers_is_taken_as_it_is(library: Path, media: Path):
    search_id = add_local(SearchKind.FOLDER, media)
    assert counts(run(search_id)) == (3, 3, 0, 0, 0)
    assert counts(run(search_id)) == (3, 0, 3, 0, 0)


def test_spellings_of_one_address_are_one_recording(library: Path, tmp_path: Path):
    links = tmp_path / "links.csv"
    addresses = [
        "https://www.youtube.com/watch?v=abcdefghijk&t=10s&feature=share",
        "https://youtu.be/abcdefghijk?si=x",
        "https://www.youtube.com/shorts/abcdefghijk",
        "https://Example.org/song/?utm_source=a&b=2&a=1",
        "http://example.org/song?a=1&b=2#t=3",
    ]
    links.write_text("url,title\n" + "".join(f"{each},Air cover\n" for each in addresses))
    assert counts(run(add_local(SearchKind.CSV, links))) == (2, 2, 0, 0, 0)
    with database.reading() as session:
        urls = session.scalars(select(Recording.canonical_url).order_by(Recording.id)).all()
        assert get_song(session, "air").slug == "air"
    assert urls == ["https://youtube.com/watch?v=abcdefghijk", "https://example.org/song?a=1&b=2"]
