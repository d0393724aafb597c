"""Keeping the media folder small: what is left over, and what was decided long enough ago.

What is hosted, references, and covers that are still under way keep their media. Of the others
the rows, maps, posters, fingerprints and cached features stay.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import database
from catalog.errors import StorageError
from catalog.lifecycle import ACTIVE_JOBS, Role, Status
from catalog.models import Job, Recording, utc_now
from catalog.renditions import useless_renditions
from catalog.settings import get_settings
from catalog.storage import check_free_space, incoming

DECIDED = (Status.PUBLISHED, Status.REJECTED, Status.FAILED, Status.GONE)
ABANDONED_H = 48.0
"""A half that nobody completed for so long is not completed any more."""


@dataclass(frozen=True)
class Cleaned:
    """What was removed."""

    abandoned: int
    dropped: int
    freed_bytes: int


def clean() -> Cleaned:
    """Remove what nobody needs; where space is short, also what would be kept a while longer."""
    abandoned, freed = _clear_incoming()
    freed += _drop_renditions()
    keep = timedelta(days=get_settings().media_keep_days)
    with database.session() as session:
        old = _droppable(session, decided_before=utc_now() - keep)
        freed += sum(_drop(each) for each in old)
    dropped = len(old)
    while _space_is_short():
        with database.session() as session:
            oldest = _droppable(session, decided_before=utc_now())[:10]
            freed += sum(_drop(each) for each in oldest)
        if not oldest:
            break
        dropped += len(oldest)
    return Cleaned(abandoned, dropped, freed)


def _space_is_short() -> bool:
    try:
        check_free_space(get_settings().max_media_mib * 1024**2)
    except StorageError:
        return True
    return False


def _droppable(session: Session, *, decided_before: object) -> list[Recording]:
    """Covers that were decided about, with media that is not served, oldest decision first."""
    working = select(Job.recording_id).where(
        Job.status.in_(ACTIVE_JOBS), Job.recording_id.is_not(None)
    )
    query = select(Recording).where(
        Recording.role == Role.COVER,
        Recording.hosted.is_(False),
        Recording.media_file.is_not(None),
        Recording.status.in_(DECIDED),
        Recording.status_at <= decided_before,
        Recording.id.not_in(working),
    )
    return list(session.scalars(query.order_by(Recording.status_at)))


def _drop(recording: Recording) -> int:
    """Remove a recording's media file. Returns its size in bytes."""
    path = get_settings().media_folder / (recording.media_file or "")
    size_bytes = path.stat().st_size if path.is_file() else 0
    path.unlink(missing_ok=True)
    recording.media_file = None
    return size_bytes


def _drop_renditions() -> int:
    """Remove renditions that nobody can hear. Returns their bytes; they can be made again."""
    with database.session() as session:
        useless = useless_renditions(session)
        paths = [get_settings().media_folder / each.file for each in useless]
        for each in useless:
            session.delete(each)
    there = [path for path in paths if path.is_file()]
    freed = sum(path.stat().st_size for path in there)
    for path in there:
        path.unlink(missing_ok=True)
    return freed


def _clear_incoming() -> tuple[int, int]:
    """Remove what arrived half and was given up. Returns how many, and their bytes."""
    now = time.time()
    folders = [each for each in incoming().glob("*") if each.is_dir()]
    abandoned = [each for each in folders if now - _touched_at(each) > ABANDONED_H * 3600]
    freed = sum(_size_of(each) for each in abandoned)
    for each in abandoned:
        shutil.rmtree(each, ignore_errors=True)
        each.with_name(f"{each.name}.lock").unlink(missing_ok=True)
    return len(abandoned), freed


def _touched_at(folder: Path) -> float:
    return max(each.stat().st_mtime for each in (folder, *folder.rglob("*")))


def _size_of(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
