"""Songs and covers for tests of what is decided about them, without any media."""

from sqlalchemy import select

from catalog import database
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.models import Alignment, Job, Recording, Song
from catalog.songs import Found, add_recording, add_song


def insert_cover(status: Status, *, confidence: float | None = None, name: str = "a") -> int:
    """Insert a cover, and its song where it is not there, with nothing left to do on it."""
    with database.session() as session:
        song = session.scalar(select(Song)) or add_song(session, "air")
        found = Found(
            source="youtube",
            source_id=name,
            location=f"https://www.youtube.com/watch?v={name}",
            title=name,
        )
        cover = add_recording(session, song, found, role=Role.COVER, hosted=False)
        assert cover is not None
        cover.status = status
        for job in cover.jobs:
            job.status = JobStatus.DONE
        if confidence is not None:
            cover.alignment = Alignment(
                model="test",
                confidence=confidence,
                transposition_semitones=0,
                tuning_cents=0.0,
                segments=[{"reference_s": [0, 9], "cover_s": [0, 9], "confidence": [1, 1]}],
            )
        return cover.id


def status_of(cover_id: int) -> Status:
    with database.reading() as session:
        return session.get_one(Recording, cover_id).status


def waiting_stages(cover_id: int) -> list[Stage]:
    with database.reading() as session:
        queued = select(Job.stage).where(
            Job.recording_id == cover_id, Job.status == JobStatus.QUEUED
        )
        return list(session.scalars(queued))
