from pathlib import Path

import numpy as np
import pytest
import soundfile
from sqlalchemy import select

from align import stages
from align.alignment import CoverAlignment, Track
from align.audio import SAMPLE_RATE, Audio
from align.cache import cache_path, load_features, media_sha256
from align.prototype_files import save_prototypes
from align.relation import Judgement
from align.sharpening import Gain, Prototypes, Sharpening
from catalog import database
from catalog.errors import MediaError, StateError
from catalog.jobs import Outcome
from catalog.lifecycle import Relation, Role, Status
from catalog.models import Alignment, Analysis, Recording, Song
from catalog.settings import get_settings
from catalog.time_map import TimeMap
from tests.align.tones import make_song, noise, perform, steady

NOTES = make_song(12, seed=21)


def quietly(share: float) -> None:
    assert 0 <= share <= 1


def insert(song_id: int, role: Role, name: str, audio: Audio) -> int:
    folder = get_settings().media_folder
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.wav"
    soundfile.write(path, audio.samples, SAMPLE_RATE)
    with database.session() as session:
        recording = Recording(
            song_id=song_id, role=role, source="folder", source_id=name, location=name,
            title=name, media_file=path.name, media_sha256=media_sha256(path),
        )  # fmt: skip
        session.add(recording)
        session.flush()
        return recording.id


@pytest.fixture
def song_id(library: Path) -> int:
    with database.session() as session:
        song = Song(slug="song", title="Song")
        session.add(song)
        session.flush()
        return song.id


@pytest.fixture
def reference_id(song_id: int) -> int:
    return insert(song_id, Role.REFERENCE, "reference", perform(NOTES, steady(0.5)))


def test_a_cover_is_screened_and_aligned_however_often(song_id: int, reference_id: int) -> None:
    cover = perform(NOTES, steady(0.45), transposition=3, brightness=0.3)
    cover_id = insert(song_id, Role.COVER, "cover", cover)
    assert stages.analyse_recording(reference_id, quietly) == Outcome()
    for _ in range(2):
        assert stages.screen_recording(cover_id, quietly) == Outcome()
        assert stages.align_recording(cover_id, quietly) == Outcome()
    with database.session() as session:
        alignment = session.scalars(select(Alignment)).one()
        assert alignment.recording_id == cover_id
        assert alignment.transposition_semitones == 3
        assert alignment.time_map.segments
        analysed = session.scalars(select(Analysis.recording_id)).all()
        assert sorted(analysed) == sorted([reference_id, cover_id])
        recording = session.get_one(Recording, cover_id)
        assert recording.relation is Relation.PERFORMANCE
        assert sum(recording.relation_scores.values()) == pytest.approx(1)


def test_a_cover_can_be_aligned_before_its_reference_is_analysed(
    song_id: int, reference_id: int
) -> None:
    cover_id = insert(song_id, Role.COVER, "cover", perform(NOTES, steady(0.45), brightness=0.3))
    assert stages.align_recording(cover_id, quietly) == Outcome()


def test_what_was_learned_of_a_song_is_listened_by_and_learned_again(
    song_id: int, reference_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.reading() as session:
        media = stages._media_of(session, reference_id)
    heard = media.read_track().heard.places
    learned = Prototypes(np.roll(heard.embedding, 1, axis=0), 3)
    save_prototypes(media.sha256, heard, Sharpening(learned, (Gain("cover", -2.0, -1.0),)))
    judgement = Judgement(Relation.PERFORMANCE, dict.fromkeys(Relation, 0.2), 0.9)
    seen, due = [], []

    def align(reference: Track, cover: Track, analysis: object, **_: object) -> CoverAlignment:
        seen.append(reference)
        return CoverAlignment(judgement, TimeMap.identity(2.0), 0.9, 0, 0.0, None)

    def screen(reference: Track, cover: Track) -> Judgement:
        seen.append(reference)
        return judgement

    monkeypatch.setattr(stages, "align_tracks", align)
    monkeypatch.setattr(stages, "screen_cover", screen)
    monkeypatch.setattr(stages, "sharpen_when_due", lambda *given: due.append(given))
    cover_id = insert(song_id, Role.COVER, "cover", noise(5))
    assert stages.screen_recording(cover_id, quietly) == Outcome()
    assert stages.align_recording(cover_id, quietly) == Outcome()
    assert len(seen) == 2
    for reference in seen:
        assert np.array_equal(reference.heard.places.embedding, learned.embedding)
    ((due_song, due_sha256, due_places),) = due
    assert (due_song, due_sha256) == (song_id, media.sha256)
    assert np.array_equal(due_places.embedding, heard.embedding)


def test_another_song_is_rejected_with_its_reason(song_id: int, reference_id: int) -> None:
    other_id = insert(song_id, Role.COVER, "noise", noise(20))
    outcome = stages.screen_recording(other_id, quietly)
    assert outcome.status is Status.REJECTED
    assert outcome.reason is not None
    assert outcome.reason.startswith("sounds like another song (unrelated ")


def test_features_are_kept_by_content(song_id: int, reference_id: int) -> None:
    stages.analyse_recording(reference_id, quietly)
    with database.session() as session:
        digest = session.get_one(Recording, reference_id).media_sha256
    path = cache_path(digest)
    kept = load_features(path)
    assert kept is not None
    assert kept.duration_s == pytest.approx(perform(NOTES, steady(0.5)).duration_s)
    path.write_bytes(b"damaged")
    assert load_features(path) is None
    stages._track_of.cache_clear()  # as another process would ask
    stages.analyse_recording(reference_id, quietly)
    assert load_features(path) is not None


def test_missing_media_and_references_are_named(song_id: int) -> None:
    cover_id = insert(song_id, Role.COVER, "cover", noise(5))
    with pytest.raises(StateError, match="has no reference yet: add one"):
        stages.screen_recording(cover_id, quietly)
    (get_settings().media_folder / "cover.wav").unlink()
    with pytest.raises(MediaError, match="is gone: fetch the recording again"):
        stages.analyse_recording(cover_id, quietly)
