"""Fetching onto rows, and deciding, on both databases."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.audit import COMMAND
from catalog.errors import (
    MediaError,
    PostponedError,
    StateError,
    StorageError,
    UnavailableError,
)
from catalog.jobs import run_job
from catalog.lifecycle import JobStatus, Relation, Role, Stage, Status
from catalog.models import Alignment, Job, Recording, Song
from catalog.settings import get_settings
from catalog.songs import add_recording, add_song
from catalog.withdrawal import is_withdrawn, take_down
from ingest.sources.folder import read_recording
from ingest.stages import decide_recording, fetch_recording
from ingest.storage import incoming_folder
from tests.ingest.web_server import Answer, WebServer


def add(path: Path, role: Role = Role.COVER) -> int:
    """Insert a recording of the test's one song from a file. Returns its number."""
    with database.session() as session:
        song = session.scalar(select(Song)) or add_song(session, "air")
        recording = add_recording(session, song, read_recording(path), role=role, hosted=True)
        assert recording is not None
        return recording.id


def read(recording_id: int) -> Recording:
    with database.session() as session:
        return session.get_one(Recording, recording_id)


def quiet(_share: float) -> None:
    pass


def files_below(folder: Path) -> set[str]:
    return {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}


def test_captions_beside_a_file_come_along(library: Path, media: Path, tmp_path: Path):
    shutil.copyfile(media / "song.mp4", tmp_path / "own.mp4")
    (tmp_path / "own.de.vtt").write_text("WEBVTT\n")
    recording_id = add(tmp_path / "own.mp4")
    assert fetch_recording(recording_id, quiet).status is None
    assert f"{recording_id}/captions.de.vtt" in files_below(library / "media")


def test_a_file_becomes_media_with_a_poster(any_library: Path, media: Path):
    recording_id = add(media / "song.mp4")
    assert fetch_recording(recording_id, quiet).status is None
    recording = read(recording_id)
    folder = any_library / "media"
    assert files_below(folder) == {recording.media_file, recording.poster_file}
    assert (folder / recording.media_file).read_bytes() == (media / "song.mp4").read_bytes()
    assert (recording.media_type, recording.has_video) == ("video/mp4", True)
    assert recording.duration_s == pytest.approx(3.0, abs=0.1)


def test_fetching_again_does_nothing(library: Path, media: Path, tmp_path: Path):
    original = Path(shutil.copy(media / "song.ogg", tmp_path / "song.ogg"))
    recording_id = add(original)
    fetch_recording(recording_id, quiet)
    stored = library / "media" / read(recording_id).media_file
    before = stored.stat().st_ino
    original.unlink()
    assert fetch_recording(recording_id, quiet).status is None
    assert stored.stat().st_ino == before


def test_media_that_was_damaged_is_fetched_again(library: Path, media: Path):
    recording_id = add(media / "song.ogg")
    fetch_recording(recording_id, quiet)
    stored = library / "media" / read(recording_id).media_file
    stored.write_bytes(b"damaged")
    fetch_recording(recording_id, quiet)
    assert stored.read_bytes() == (media / "song.ogg").read_bytes()
    assert files_below(library / "media") == {read(recording_id).media_file}


def test_what_an_earlier_attempt_left_is_cleared(library: Path, media: Path):
    recording_id = add(media / "song.ogg")
    left = library / "media" / ".incoming" / str(recording_id)
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"half")
    half = library / "media" / str(recording_id)
    half.mkdir()
    (half / "media.mp4").write_bytes(b"not on the row")
    fetch_recording(recording_id, quiet)
    recording = read(recording_id)
    assert recording.media_file == f"{recording_id}/media.ogg"
    assert "media.mp4" not in {each.name for each in (library / "media").rglob("*")}


def test_two_processes_do_not_fetch_one_recording(library: Path, media: Path):
    recording_id = add(media / "song.ogg")
    with incoming_folder(recording_id), pytest.raises(PostponedError, match="another process"):
        fetch_recording(recording_id, quiet)


def test_the_same_file_twice_is_rejected_once(any_library: Path, media: Path, tmp_path: Path):
    first, other = add(media / "song.ogg"), add(media / "other.ogg")
    second = add(Path(shutil.copy(media / "song.ogg", tmp_path / "again.ogg")))
    for recording_id in (first, other):
        assert fetch_recording(recording_id, quiet).status is None
    outcome = fetch_recording(second, quiet)
    assert (outcome.status, outcome.reason) == (Status.REJECTED, f"same file as cover {first}")
    assert not (any_library / "media" / str(second)).exists()


def test_what_died_does_not_keep_its_reupload_out(any_library: Path, media: Path, tmp_path: Path):
    first = add(media / "song.ogg")
    fetch_recording(first, quiet)
    with database.session() as session:
        session.get_one(Recording, first).status = Status.GONE
    again = add(Path(shutil.copy(media / "song.ogg", tmp_path / "again.ogg")))
    assert fetch_recording(again, quiet).status is None


def test_what_was_taken_down_while_it_was_fetched_leaves_nothing(any_library: Path, media: Path):
    recording_id = add(media / "song.ogg")

    def take_it_down(_share: float) -> None:
        with database.session() as session:
            recording = session.get_one(Recording, recording_id)
            if not is_withdrawn(session, recording.id):
                take_down(session, recording, reason="asked", actor=COMMAND)

    fetch_recording(recording_id, take_it_down)
    recording = read(recording_id)
    assert (recording.status, recording.media_file) == (Status.GONE, None)
    assert files_below(any_library / "media") == set()


def test_a_copy_of_the_reference_is_rejected(library: Path, media: Path, tmp_path: Path):
    fetch_recording(add(media / "song.ogg", Role.REFERENCE), quiet)
    copy = add(Path(shutil.copy(media / "song.ogg", tmp_path / "again.ogg")))
    assert fetch_recording(copy, quiet).reason == "same file as the reference"


def test_a_failed_fetch_leaves_no_file(library: Path, tmp_path: Path):
    (tmp_path / "words.mp4").write_bytes(b"just words")
    recording_id = add(tmp_path / "words.mp4")
    with pytest.raises(MediaError, match=r"words\.mp4 is not a readable"):
        fetch_recording(recording_id, quiet)
    assert files_below(library / "media") == set()


def test_a_file_that_went_away_is_gone_for_good(library: Path, tmp_path: Path, media: Path):
    original = Path(shutil.copy(media / "song.ogg", tmp_path / "song.ogg"))
    recording_id = add(original)
    original.unlink()
    with pytest.raises(UnavailableError, match="is not there any more"):
        fetch_recording(recording_id, quiet)


def test_a_row_from_the_web_never_copies_a_local_file(library: Path, media: Path):
    recording_id = add(media / "song.ogg")
    with database.session() as session:
        session.get_one(Recording, recording_id).source = "web"
    with pytest.raises(UnavailableError, match="not an address"):
        fetch_recording(recording_id, quiet)


def swap_for_link(original: Path, media: Path) -> None:
    original.unlink()
    original.symlink_to(media / "song.ogg")


def swap_for_pipe(original: Path, media: Path) -> None:
    original.unlink()
    os.mkfifo(original)


def swap_folder_for_link(original: Path, media: Path) -> None:
    shutil.rmtree(original.parent)
    original.parent.symlink_to(media)


@pytest.mark.parametrize("swap", [swap_for_link, swap_for_pipe, swap_folder_for_link])
def test_what_took_the_place_of_a_file_is_not_read(library, tmp_path, media, swap):
    (tmp_path / "added").mkdir()
    original = Path(shutil.copy(media / "song.ogg", tmp_path / "added" / "song.ogg"))
    recording_id = add(original)
    swap(original, media)
    with pytest.raises(UnavailableError, match=r"has become a link|not a file any more"):
        fetch_recording(recording_id, quiet)


@pytest.mark.parametrize(
    ("name", "value", "error", "reason"),
    [
        ("COVERS_MIN_FREE_MIB", "999999999", StorageError, "make room"),
        ("COVERS_MAX_MEDIA_MIB", "1", MediaError, "COVERS_MAX_MEDIA_MIB"),
        ("COVERS_MAX_DURATION_S", "1", MediaError, "more than the 1 s"),
    ],
)
def test_limits_hold(library, media, tmp_path, monkeypatch, name, value, error, reason):
    original = Path(shutil.copy(media / "song.ogg", tmp_path / "song.ogg"))
    if error is MediaError and "MEDIA" in name:
        os.truncate(original, 2 * 1024**2)
    recording_id = add(original)
    monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    with pytest.raises(error, match=reason):
        fetch_recording(recording_id, quiet)


def test_what_a_playlist_did_not_tell_is_filled_in(web: WebServer, media: Path):
    web.answers["/song.ogg"] = Answer((media / "song.ogg").read_bytes(), "audio/ogg")
    recording_id = add(media / "song.ogg")
    with database.session() as session:
        recording = session.get_one(Recording, recording_id)
        recording.location = recording.title = web.address("/song.ogg")
        recording.source, recording.performer = "web", "Known"
    fetch_recording(recording_id, quiet)
    recording = read(recording_id)
    assert (recording.title, recording.performer) == ("song", "Known")


def test_a_fetch_job_ends_fetched_and_queues_screening(library: Path, media: Path):
    recording_id = add(media / "song.ogg")
    with database.session() as session:
        job_id = session.scalars(select(Job.id)).one()
    assert run_job(job_id, fetch_recording)
    assert read(recording_id).status is Status.FETCHED
    with database.session() as session:
        jobs = session.scalars(select(Job).order_by(Job.id)).all()
    assert [(each.stage, each.status) for each in jobs] == [
        (Stage.FETCH, JobStatus.DONE),
        (Stage.SCREEN, JobStatus.QUEUED),
    ]


def set_alignment(recording_id: int, confidence: float) -> None:
    with database.session() as session:
        session.add(
            Alignment(
                recording_id=recording_id,
                model="test",
                confidence=confidence,
                transposition_semitones=0,
                tuning_cents=0.0,
                segments=[],
            )
        )


@pytest.mark.parametrize(
    ("relation", "confidence", "status", "reason"),
    [
        (Relation.PERFORMANCE, 0.9, Status.PUBLISHED, None),
        (Relation.SAME_RECORDING, 0.5, Status.PUBLISHED, None),
        (Relation.BACKING_TRACK, 0.9, Status.PUBLISHED, None),
        (Relation.PERFORMANCE, 0.49, Status.IN_REVIEW, "confidence 0.49 is below 0.50"),
        (Relation.PERFORMANCE, 0.04, Status.REJECTED, "confidence 0.04 is below 0.05"),
        (Relation.BACKGROUND, 0.9, Status.IN_REVIEW, "its relation to the song is background"),
        (None, 0.9, Status.IN_REVIEW, "its relation to the song is unknown"),
    ],
)
def test_decisions(library, media, relation, confidence, status, reason):
    recording_id = add(media / "song.ogg")
    with database.session() as session:
        session.get_one(Recording, recording_id).relation = relation
    set_alignment(recording_id, confidence)
    outcome = decide_recording(recording_id, quiet)
    assert (outcome.status, outcome.reason) == (status, reason)


@pytest.mark.parametrize(
    ("doubt", "status", "reason"),
    [
        (0.14, Status.PUBLISHED, None),
        (0.31, Status.IN_REVIEW, "it may be another song (unrelated 0.31)"),
    ],
)
def test_a_person_decides_about_what_may_be_another_song(library, media, doubt, status, reason):
    recording_id = add(media / "song.ogg")
    with database.session() as session:
        recording = session.get_one(Recording, recording_id)
        recording.relation = Relation.PERFORMANCE
        recording.relation_scores = {"performance": 1 - doubt, "unrelated": doubt}
    set_alignment(recording_id, 0.9)
    outcome = decide_recording(recording_id, quiet)
    assert (outcome.status, outcome.reason) == (status, reason)


def test_what_was_not_aligned_cannot_be_decided(library: Path, media: Path):
    with pytest.raises(StateError, match="no alignment"):
        decide_recording(add(media / "song.ogg"), quiet)
