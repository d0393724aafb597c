"""What is looked for, for a song: read from its rows before hits are judged."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.lifecycle import Role, Status
from catalog.models import Recording, Search, Sighting, Song
from catalog.rules import rules_of
from catalog.settings import get_settings
from ingest.screening.documents import screening_document
from ingest.screening.metadata import SOME_TRUST, TRUST, Wanted


def performer_urls(session: Session, song: Song) -> list[str]:
    """Channels of those whose covers of a song are published, oldest first."""
    query = select(Recording.performer_url).where(
        Recording.song_id == song.id,
        Recording.role == Role.COVER,
        Recording.status == Status.PUBLISHED,
    )
    return list(dict.fromkeys(filter(None, session.scalars(query.order_by(Recording.id)))))


def wanted_of(session: Session, song: Song) -> Wanted:
    """What is looked for, for a song."""
    reference_s = session.scalar(
        select(Recording.duration_s).where(
            Recording.song_id == song.id, Recording.role == Role.REFERENCE
        )
    )
    rules = rules_of(song)
    longest_s = get_settings().max_duration_s
    return Wanted((song.title, *rules.names), rules, reference_s, longest_s)


def document_for(session: Session, recording: Recording) -> dict[str, Any] | None:
    """By what a recording is judged just before it is fetched.

    `None` where no search found it: then a person has named it, and knows what it is.
    """
    kinds = session.scalars(
        select(Search.kind)
        .join(Sighting, Sighting.search_id == Search.id)
        .where(Sighting.recording_id == recording.id)
    ).all()
    if not kinds:
        return None
    return screening_document(
        wanted_of(session, recording.song),
        trust=max(TRUST.get(kind, SOME_TRUST) for kind in kinds),
        known_performer=recording.performer_url in performer_urls(session, recording.song),
    )
