"""Telling a recording that a song has already, in another file or from another uploader.

What is found to be one is kept as a merge: its name at its source is known from then on, its
hashtags go to the one that is kept, and it takes that one's place when it dies.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from catalog.decisions import Reason
from catalog.lifecycle import Role, Status
from catalog.models import Merge, Recording
from catalog.songs import add_hashtags
from ingest.fetching import Fetched
from ingest.fingerprint import is_same_sound


def find_same(session: Session, recording: Recording, fetched: Fetched) -> Reason | None:
    """Why a cover that was just fetched is another one once more; `None` where it is new.

    What cannot be played any more is no reason to refuse it.
    Many covers have the reference's own sound under other pictures: those are told apart by
    their files alone.
    """
    others = session.scalars(
        select(Recording)
        .options(undefer(Recording.fingerprint))
        .where(
            Recording.song_id == recording.song_id,
            Recording.id != recording.id,
            Recording.media_sha256.is_not(None),
            Recording.status.not_in((Status.GONE, Status.FAILED)),
        )
        .order_by(Recording.id)
    ).all()
    same = next((each for each in others if each.media_sha256 == fetched.sha256), None)
    if same is not None:
        if same.role is Role.REFERENCE:
            return Reason("same_file", "same file as the reference")
        _merge(session, recording, same, "file")
        return Reason("same_file", f"same file as cover {same.id}")
    same = _same_sound(others, fetched.fingerprint)
    if same is None:
        return None
    _merge(session, recording, same, "sound")
    return Reason("same_sound", f"sounds the same as cover {same.id}: uploaded again")


def _same_sound(others: Sequence[Recording], fingerprint: bytes) -> Recording | None:
    sounding = [each for each in others if each.fingerprint]
    if any(
        each.role is Role.REFERENCE and is_same_sound(each.fingerprint or b"", fingerprint)
        for each in sounding
    ):
        return None
    covers = (each for each in sounding if each.role is Role.COVER)
    return next((x for x in covers if is_same_sound(x.fingerprint or b"", fingerprint)), None)


def _merge(session: Session, recording: Recording, kept: Recording, evidence: str) -> None:
    session.merge(Merge(recording_id=recording.id, kept_id=kept.id, evidence=evidence))
    known = {each.hashtag.name for each in kept.hashtags}
    tags = [(each.hashtag.name, each.origin) for each in recording.hashtags]
    add_hashtags(session, kept, [each for each in tags if each[0] not in known])
