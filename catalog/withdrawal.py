"""Takedown: what was made of a recording goes, and it does not come back by itself.

The row stays with its source's name, so that the same upload is recognised and not added again;
everything that was computed or copied from it is deleted, features included.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.correction_models import Anchor
from catalog.decisions import Reason, decide, last_standing
from catalog.errors import StateError
from catalog.jobs import cancel_jobs
from catalog.lifecycle import DecisionStep, Role, Status
from catalog.models import Alignment, Analysis, Recording, RecordingHashtag
from catalog.renditions import Rendition
from catalog.settings import get_settings

CODE = "taken_down"


def take_down(session: Session, cover: Recording, *, reason: str, actor: Actor) -> list[Path]:
    """Withdraw a cover. Returns the files to remove once this is committed: `remove_files`.

    Raises:
        StateError: for a Reference, on which covers stand, and for what is withdrawn already.
    """
    if cover.role is Role.REFERENCE:
        raise StateError("a reference carries its song's covers: add the song anew without it")
    if is_withdrawn(session, cover.id):
        raise StateError(f"cover {cover.id} was taken down already")
    cancel_jobs(session, cover)
    files = files_of(cover)
    for table in (Alignment, Analysis, Anchor, RecordingHashtag, Rendition):
        session.execute(delete(table).where(table.recording_id == cover.id))
    before = Status.DISCOVERED if cover.status is Status.FETCHING else cover.status
    decide(
        session,
        cover,
        Status.GONE,
        step=DecisionStep.CURATOR,
        from_status=before,
        resumes_in=Status.DISCOVERED,
        reasons=[Reason(CODE, f"taken down: {reason}" if reason else "taken down")],
        made_by=actor.name,
    )
    _forget(cover)
    note(session, actor, "cover.takedown", f"cover {cover.id}", reason=reason)
    return files


def _forget(cover: Recording) -> None:
    cover.media_file = cover.poster_file = cover.media_sha256 = cover.media_type = None
    cover.description = cover.source_facts = cover.fingerprint = None
    cover.relation = cover.relation_scores = None
    cover.next_check_at = None


def is_withdrawn(session: Session, recording_id: int) -> bool:
    """Whether somebody took it down and nobody took that back."""
    last = last_standing(session, recording_id)
    return last is not None and any(each["code"] == CODE for each in last.reasons)


def is_taken_down(session: Session, recording_id: int) -> bool:
    """The same for who is about to write: nobody takes it down until the session ends."""
    session.execute(select(Recording.id).where(Recording.id == recording_id).with_for_update())
    return is_withdrawn(session, recording_id)


def files_of(recording: Recording) -> list[Path]:
    """Everything on disk that was copied or computed from a recording, and what was uploaded."""
    settings = get_settings()
    files = [settings.media_folder / str(recording.id)]
    if Path(recording.location).parent == settings.uploads_folder:
        files.append(Path(recording.location))
    return files + computed_from(recording.media_sha256)


def computed_from(media_sha256: str | None) -> list[Path]:
    """What is kept on disk of a recording's sound."""
    folders = (get_settings().cache_folder / name for name in ("features", "peaks"))
    return [each for folder in folders for each in folder.glob(f"{media_sha256}*") if media_sha256]


def remove_files(files: Sequence[Path]) -> None:
    """Delete files and folders that may be there."""
    for path in files:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
