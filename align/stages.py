"""The three stages of a recording's way that listen: screen, analyse, align.

Each takes a recording's id, reads what it needs, closes the session, computes, and writes in a
second session. Doing one again replaces its result.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from align.alignment import MODEL, CoverAlignment, Track, align_tracks, screen_cover
from align.analysis import MusicAnalysis
from align.anchors import NO_ANCHORS, Anchors
from align.audio import load_audio
from align.cache import features_of, media_sha256
from align.documents import analysis_document, scores_entry, times
from align.prototype_files import sharpened
from align.relation import Judgement
from align.sections import Section
from align.song_sharpening import sharpen_when_due
from align.threads import one_thread
from catalog import database
from catalog.corrections import list_anchors
from catalog.errors import MediaError, PostponedError, StateError
from catalog.jobs import Outcome
from catalog.lifecycle import Relation, Role, Status
from catalog.models import Alignment, Analysis, Recording, utc_now
from catalog.settings import get_settings
from catalog.withdrawal import computed_from, is_taken_down, remove_files

Report = Callable[[float], None]

TRACKS_KEPT = 4
"""About 50 MB each for four minutes: a song's reference, and covers between their two stages."""

ACCEPTED = (Relation.SAME_RECORDING, Relation.BACKING_TRACK, Relation.PERFORMANCE)


@dataclass(frozen=True)
class Media:
    """A recording's file, detached from the database.

    Attributes:
        recording_id: whose file it is
    """

    recording_id: int
    song_id: int
    path: Path
    sha256: str

    def read_track(self) -> Track:
        """What is heard in it; kept by this process, because a reference is asked for again."""
        return _track_of(self.path, self.sha256)


@lru_cache(maxsize=TRACKS_KEPT)
def _track_of(path: Path, sha256: str) -> Track:
    """Features from the cache or computed, beside the decoded samples."""
    return Track.of(load_audio(path), features_of(path, sha256))


def analyse_recording(recording_id: int, report: Report) -> Outcome:
    """Find and store beats, downbeats and sections; what a person has corrected stays."""
    with database.reading() as session:
        media = _media_of(session, recording_id)
        if _is_corrected(session, recording_id):
            return Outcome()
    with one_thread():
        track = media.read_track()
        report(0.5)
        analysis = track.analyse()
    with database.session() as session:
        if not _is_corrected(session, recording_id):
            _store_analysis(session, recording_id, analysis)
    return Outcome()


def screen_recording(recording_id: int, report: Report) -> Outcome:
    """Judge by ear what a cover is to its song; refuse it where it is something else."""
    with database.reading() as session:
        media = _media_of(session, recording_id)
        reference_media = _reference_of(session, recording_id)
    with one_thread():
        reference = sharpened(reference_media.read_track(), reference_media.sha256)
        cover = media.read_track()
        report(0.5)
        judgement = screen_cover(reference, cover)
    with database.session() as session:
        if is_taken_down(session, recording_id):
            remove_files(computed_from(media.sha256))
            return Outcome()
        _store_relation(session, recording_id, judgement)
    if judgement.relation in ACCEPTED:
        return Outcome()
    score = f"{judgement.scores[judgement.relation]:.2f}"
    what = (
        "sounds like another song"
        if judgement.relation is Relation.UNRELATED
        else "has the song only in the background"
    )
    return Outcome(Status.REJECTED, f"{what} ({judgement.relation.value} {score})")


def align_recording(recording_id: int, report: Report) -> Outcome:
    """Map a cover onto its reference, and store the map and the cover's own analysis.

    The map passes through what a person has fixed.
    Afterwards, where enough covers were published since the last time, the song is sharpened.

    Raises:
        PostponedError: when the song got another reference meanwhile or another timeline, or the
            cover other fixed beats: nothing is stored.
    """
    with database.reading() as session:
        media = _media_of(session, recording_id)
        reference_media = _reference_of(session, recording_id)
        reference_analysis = _stored_analysis(session, reference_media.recording_id)
        fixed_s = _fixed_beats(session, recording_id)
        corrected_at = _corrected_at(session, reference_media.recording_id)
    with one_thread():
        reference, cover = reference_media.read_track(), media.read_track()
        report(0.3)
        analysis = cover.analyse()
        reference_analysis = reference_analysis or reference.analyse()
        known = sharpened(reference, reference_media.sha256)
        anchors = Anchors.of(*zip(*fixed_s, strict=True)) if fixed_s else NO_ANCHORS
        alignment = align_tracks(known, cover, reference_analysis, anchors=anchors)
    report(0.9)
    with database.session() as session:
        if _reference_of(session, recording_id) != reference_media:
            raise PostponedError("its song has another reference now", until=utc_now())
        if _corrected_at(session, reference_media.recording_id) != corrected_at:
            raise PostponedError("its song's timeline was corrected meanwhile", until=utc_now())
        if _fixed_beats(session, recording_id) != fixed_s:
            raise PostponedError("its beats were fixed otherwise meanwhile", until=utc_now())
        if is_taken_down(session, recording_id):
            remove_files(computed_from(media.sha256))
            return Outcome()
        _store_analysis(session, recording_id, analysis)
        _store_alignment(session, recording_id, alignment)
    if not alignment.time_map.segments:
        return Outcome(Status.REJECTED, "no stretch of the song was found in it")
    with one_thread():
        sharpen_when_due(media.song_id, reference_media.sha256, reference.heard.places)
    return Outcome()


def _media_of(session: Session, recording_id: int) -> Media:
    recording = session.get_one(Recording, recording_id)
    if recording.media_file is None:
        raise StateError(f"recording {recording_id} has no media: fetch it first")
    path = get_settings().media_folder / recording.media_file
    if not path.exists():
        raise MediaError(f"{path} is gone: fetch the recording again")
    sha256 = recording.media_sha256 or media_sha256(path)
    return Media(recording_id, recording.song_id, path, sha256)


def _reference_of(session: Session, recording_id: int) -> Media:
    song_id = session.get_one(Recording, recording_id).song_id
    reference_id = session.scalar(
        select(Recording.id).where(Recording.song_id == song_id, Recording.role == Role.REFERENCE)
    )
    if reference_id is None:
        raise StateError(f"the song of recording {recording_id} has no reference yet: add one")
    return _media_of(session, reference_id)


def _stored_analysis(session: Session, recording_id: int) -> MusicAnalysis | None:
    """The stored analysis, `None` where there is none by a person or the model in use."""
    import numpy as np

    row = session.scalar(select(Analysis).where(Analysis.recording_id == recording_id))
    if row is None or (row.model != MODEL and row.corrected_at is None):
        return None
    return MusicAnalysis(
        duration_s=row.duration_s,
        beats_s=np.array(row.beats_s, dtype=float),
        downbeats_s=np.array(row.downbeats_s, dtype=float),
        sections=tuple(Section(**each) for each in row.sections),
        tempo_bpm=row.tempo_bpm,
    )


def _corrected_at(session: Session, recording_id: int) -> datetime | None:
    return session.scalar(
        select(Analysis.corrected_at).where(Analysis.recording_id == recording_id)
    )


def _is_corrected(session: Session, recording_id: int) -> bool:
    row = session.scalar(select(Analysis).where(Analysis.recording_id == recording_id))
    return row is not None and row.corrected_at is not None


def _fixed_beats(session: Session, recording_id: int) -> list[tuple[float, float]]:
    """Reference and cover times of what a person has fixed."""
    return [(each.reference_s, each.cover_s) for each in list_anchors(session, recording_id)]


def _store_analysis(session: Session, recording_id: int, analysis: MusicAnalysis) -> None:
    document = analysis_document(analysis)
    session.execute(delete(Analysis).where(Analysis.recording_id == recording_id))
    session.add(
        Analysis(
            recording_id=recording_id,
            model=MODEL,
            duration_s=document["duration_s"],
            tempo_bpm=document["tempo_bpm"],
            beats_s=times(analysis.beats_s),
            downbeats_s=times(analysis.downbeats_s),
            sections=document["sections"],
        )
    )


def _store_relation(session: Session, recording_id: int, judgement: Judgement) -> None:
    recording = session.get_one(Recording, recording_id)
    recording.relation = judgement.relation
    recording.relation_scores = scores_entry(judgement)


def _store_alignment(session: Session, recording_id: int, alignment: CoverAlignment) -> None:
    session.execute(delete(Alignment).where(Alignment.recording_id == recording_id))
    session.add(
        Alignment(
            recording_id=recording_id,
            model=MODEL,
            confidence=round(alignment.confidence, 4),
            transposition_semitones=alignment.transposition_semitones,
            tuning_cents=round(alignment.tuning_cents, 1),
            segments=alignment.time_map.to_json(),
        )
    )
