"""Reports of listeners that a cover is off the beat, for the curator to listen to again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import InputError, NotFoundError
from catalog.listener_models import SyncReport
from catalog.models import Recording, Song, utc_now


def add_report(
    session: Session,
    cover: Recording,
    *,
    other_id: int | None,
    reference_s: float,
    cover_s: float,
) -> SyncReport:
    """Keep a report, with the model of the map that was followed.

    Raises:
        InputError: when the other recording is of another song, or there is none of that number.
    """
    if other_id is not None:
        other = session.get(Recording, other_id)
        if other is None or other.song_id != cover.song_id:
            raise InputError(f"other_id={other_id} is no recording of the same song")
    report = SyncReport(
        recording_id=cover.id,
        other_id=other_id,
        reference_s=reference_s,
        cover_s=cover_s,
        model=None if cover.alignment is None else cover.alignment.model,
    )
    session.add(report)
    session.flush()
    return report


def open_reports(session: Session, song: Song | None = None) -> Sequence[SyncReport]:
    """Reports that nobody has dealt with, the oldest first, with their covers."""
    query = (
        select(SyncReport)
        .where(SyncReport.resolved_at.is_(None))
        .order_by(SyncReport.id)
        .options(joinedload(SyncReport.recording), joinedload(SyncReport.other))
    )
    if song is not None:
        query = query.join(Recording, SyncReport.recording_id == Recording.id).where(
            Recording.song_id == song.id
        )
    return session.scalars(query).all()


def resolve_report(session: Session, report_id: int) -> None:
    """Mark a report as dealt with.

    Raises:
        NotFoundError: when there is none of that number.
    """
    report = session.get(SyncReport, report_id)
    if report is None:
        raise NotFoundError(f"there is no report {report_id}")
    report.resolved_at = report.resolved_at or utc_now()
