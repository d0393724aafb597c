"""Renditions as files and rows: made through the real codecs, kept only while they hold."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.main import get_command

from align.rendition import making
from align.rendition.commands import render_app
from align.rendition.making import render_file, render_recording
from align.rendition.planning import plan_legs
from align.rendition.sound import SAMPLE_RATE, decode
from align.tasks import render
from catalog import database
from catalog.errors import MediaError, NotFoundError, StateError, StorageError
from catalog.lifecycle import JobStatus
from catalog.models import Job, Recording
from catalog.renditions import Rendition, find_rendition
from catalog.reviewing import reject
from catalog.settings import get_settings
from catalog.time_map import Segment, TimeMap
from ingest.janitor import clean
from ingest.tasks import harvest
from tests.align.rendition.clicks import click_cover, click_errors_ms
from tests.conftest import forget_settings
from tests.library import Entry, insert_song, write_m4a

COVER = click_cover([0.8] * 10 + [1.25] * 10)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    return write_m4a(COVER.sound[0].astype(float), folder / "cover.m4a")


@pytest.fixture
def cover_id(library: Path, media: Path) -> int:
    reference = Entry("Reference", 12.0, media)
    cover = Entry(
        "Cover", COVER.sound.shape[1] / 44100, media,
        time_map=COVER.time_map, transposition_semitones=3,
    )  # fmt: skip
    return insert_song("clicks", "Clicks", reference, [cover])[1]


def quietly(share: float) -> None:
    assert 0 <= share <= 1


def rendition_of(cover_id: int) -> Rendition:
    with database.reading() as session:
        found = find_rendition(session, session.get_one(Recording, cover_id))
        assert found is not None
        return found


def path_of(rendition: Rendition) -> Path:
    return get_settings().media_folder / rendition.file


def run(*arguments: object) -> int:
    try:
        get_command(render_app)(args=[str(each) for each in arguments], prog_name="covers render")
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_beats_of_the_file_fall_on_those_of_the_reference(cover_id: int, tmp_path: Path):
    render_recording(cover_id, quietly)
    rendition = rendition_of(cover_id)
    sound = decode(path_of(rendition), tmp_path / "heard.f32")
    own_ms = np.median(click_errors_ms(COVER.sound[0], COVER.beats_s))
    errors_ms = click_errors_ms(sound[0], COVER.reference_s[:-1]) - own_ms
    assert np.abs(errors_ms).max() < 5
    assert rendition.time_map.reference_at(5.0) == 5.0
    assert rendition.time_map.reference_at(0.5) is None
    assert rendition.semitones == 0
    assert np.abs(sound).max() <= 1.0


@pytest.mark.parametrize("n_channels", [1, 2])
def test_a_rendition_is_as_loud_as_its_cover(library: Path, tmp_path: Path, n_channels: int):
    time_s = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    tone = 0.3 * np.sin(2 * np.pi * 330 * time_s)
    media = tmp_path / "tone.wav"
    soundfile.write(media, np.stack([tone] * n_channels, axis=1), SAMPLE_RATE)
    legs = plan_legs(TimeMap((Segment.of([0, 3.2], [0, 4]),)))
    get_settings().media_folder.mkdir()
    heard = decode(render_file(media, legs, tmp_path), tmp_path / "heard.f32")
    assert len(heard) == n_channels
    middle = heard[:, SAMPLE_RATE // 2 : 2 * SAMPLE_RATE]
    assert 20 * np.log10(middle.std() / tone.std()) == pytest.approx(0, abs=0.3)


def test_nothing_is_left_behind_and_the_old_one_is_replaced(cover_id: int):
    render_recording(cover_id, quietly)
    first = path_of(rendition_of(cover_id))
    assert first.stat().st_mode & 0o444 == 0o444
    render_recording(cover_id, quietly, in_key=True)
    second = rendition_of(cover_id)
    assert second.semitones == -3
    folder = first.parent
    assert sorted(each.name for each in folder.iterdir()) == ["cover.m4a", path_of(second).name]
    assert list((get_settings().media_folder / ".incoming").iterdir()) == []


def test_the_key_is_a_setting(cover_id: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COVERS_RENDITIONS_IN_KEY", "1")
    forget_settings()
    render_recording(cover_id, quietly)
    assert rendition_of(cover_id).semitones == -3


def test_a_map_that_changes_meanwhile_is_not_overtaken(
    cover_id: int, monkeypatch: pytest.MonkeyPatch
):
    def correct_meanwhile(*arguments: object, **options: object) -> Path:
        made = render_file(*arguments, **options)
        with database.session() as session:
            session.get_one(Recording, cover_id).hosted = False
        return made

    render_file = making.render_file
    monkeypatch.setattr(making, "render_file", correct_meanwhile)
    render_recording(cover_id, quietly)
    with database.reading() as session:
        assert session.get(Rendition, cover_id) is None
    folder = get_settings().media_folder / str(cover_id)
    assert [each.name for each in folder.iterdir()] == ["cover.m4a"]


def test_without_room_nothing_is_begun(cover_id: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COVERS_MEDIA_BUDGET_MIB", "1")
    forget_settings()
    with pytest.raises(StorageError, match="COVERS_MEDIA_BUDGET_MIB"):
        render_recording(cover_id, quietly)


def test_media_that_is_gone_or_broken_is_named(cover_id: int):
    media = get_settings().media_folder / f"{cover_id}/cover.m4a"
    media.write_bytes(b"no sound at all")
    with pytest.raises(MediaError, match=r"cover\.m4a is not a readable"):
        render_recording(cover_id, quietly)
    media.unlink()
    with pytest.raises(MediaError, match="is gone: fetch it again"):
        render_recording(cover_id, quietly)


def test_a_map_without_the_song_is_refused(cover_id: int):
    with database.session() as session:
        alignment = session.get_one(Recording, cover_id).alignment
        assert alignment is not None
        alignment.segments = []
    with pytest.raises(StateError, match="has nothing that can be rendered"):
        render_recording(cover_id, quietly)
    assert plan_legs(COVER.time_map)


def test_a_worker_makes_what_the_beat_has_queued(cover_id: int, monkeypatch: pytest.MonkeyPatch):
    harvest()
    assert jobs() == []
    monkeypatch.setenv("COVERS_RENDITIONS", "1")
    forget_settings()
    harvest()
    ((job_id, status),) = jobs()
    assert status is JobStatus.QUEUED
    assert render(job_id=job_id)
    assert jobs() == [(job_id, JobStatus.DONE)]
    assert path_of(rendition_of(cover_id)).is_file()
    harvest()
    assert len(jobs()) == 1


def jobs() -> list[tuple[int, JobStatus]]:
    with database.reading() as session:
        return [(job.id, job.status) for job in session.query(Job).order_by(Job.id)]


def test_cleaning_removes_what_nobody_can_hear(cover_id: int):
    render_recording(cover_id, quietly)
    path = path_of(rendition_of(cover_id))
    assert clean().freed_bytes == 0
    assert path.is_file()
    with database.session() as session:
        reject(session, cover_id, made_by="ann")
    size = path.stat().st_size
    assert clean().freed_bytes == size
    assert not path.exists()
    with database.reading() as session:
        assert session.get(Rendition, cover_id) is None


def test_the_command_makes_what_is_due_and_removes_it(
    cover_id: int, capsys: pytest.CaptureFixture[str]
):
    assert run("clicks", "--json") == 0
    (made,) = json.loads(capsys.readouterr().out)
    assert made["cover"] == cover_id
    assert made["file"] == rendition_of(cover_id).file
    assert run("clicks", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run("clicks") == 0
    assert "Nothing is due" in capsys.readouterr().err
    path = path_of(rendition_of(cover_id))
    assert run("clicks", "--remove") == 0
    assert not path.exists()
    with database.reading() as session:
        assert session.get(Rendition, cover_id) is None


def test_the_command_says_what_it_cannot_do(cover_id: int, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(NotFoundError, match="song 'clicks' has no cover 99"):
        run("clicks", 99)
    with database.session() as session:
        session.get_one(Recording, cover_id).licence = "CC BY-ND 4.0"
    assert run("clicks", cover_id, "--json") == 1
    (refused,) = json.loads(capsys.readouterr().out)
    assert "allows no changed versions" in refused["error"]
    assert run("clicks", "--json") == 0
