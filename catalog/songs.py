"""Songs and their recordings: the named queries that commands, workers and pages share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from catalog.decisions import decide
from catalog.errors import InputError, NotFoundError, StateError
from catalog.hosts import host_of
from catalog.jobs import cancel_jobs, enqueue
from catalog.lifecycle import DecisionStep, Role, Stage, Status
from catalog.models import Hashtag, Recording, RecordingHashtag, Song
from catalog.opt_outs import has_opted_out


@dataclass(frozen=True)
class Found:
    """A recording as a source describes it, before anything of it was fetched.

    Attributes:
        source: name of the source, such as `folder` or a yt-dlp extractor
        source_id: its name there, unique within the source
        location: a file's path or an address to fetch it from
        hashtags: pairs of tag and origin
        canonical_url: the one form that all spellings of its address share
        facts: what else its source said, with yt-dlp's names for the fields
    """

    source: str
    source_id: str
    location: str
    title: str
    performer: str | None = None
    performer_url: str | None = None
    page_url: str | None = None
    licence: str | None = None
    description: str | None = None
    duration_s: float | None = None
    hashtags: tuple[tuple[str, str], ...] = ()
    canonical_url: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def add_song(
    session: Session, slug: str, *, title: str | None = None, composer: str | None = None
) -> Song:
    """Insert a song.

    Raises:
        InputError: when the slug is not lower-case letters, digits and hyphens.
        StateError: when the slug is taken.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise InputError(
            f"slug {slug!r} is not usable: take lower-case letters, digits and hyphens, "
            "such as londonderry-air"
        )
    if session.scalar(select(Song).where(Song.slug == slug)) is not None:
        raise StateError(f"there is a song {slug!r} already: choose another slug")
    song = Song(slug=slug, title=title or slug.replace("-", " ").title(), composer=composer)
    session.add(song)
    session.flush()
    return song


def get_song(session: Session, slug: str) -> Song:
    """The song with a slug.

    Raises:
        NotFoundError: when there is none.
    """
    song = session.scalar(select(Song).where(Song.slug == slug))
    if song is None:
        raise NotFoundError(f"there is no song {slug!r}: `covers song list` shows them")
    return song


def list_songs(session: Session) -> Sequence[Song]:
    """All songs by title."""
    return session.scalars(select(Song).order_by(Song.title, Song.id)).all()


def add_recording(
    session: Session, song: Song, found: Found, *, role: Role, hosted: bool
) -> Recording | None:
    """Insert a recording and queue its fetching; `None` when the song has it already.

    Nor is anything added of a performer who has opted out.
    """
    if find_known(session, song, found) is not None:
        return None
    if has_opted_out(session, found.performer_url):
        return None
    recording = insert_recording(session, song, found, role=role, hosted=hosted)
    enqueue(session, recording, Stage.FETCH)
    return recording


def find_known(session: Session, song: Song, found: Found) -> Recording | None:
    """The song's recording that a source describes: by its name there, or by its address."""
    same: ColumnElement[bool] = and_(
        Recording.source == found.source, Recording.source_id == found.source_id
    )
    if found.canonical_url is not None:
        same = or_(same, Recording.canonical_url == found.canonical_url)
    known = select(Recording).where(Recording.song_id == song.id, same)
    return session.scalars(known.order_by(Recording.id).limit(1)).first()


def insert_recording(
    session: Session, song: Song, found: Found, *, role: Role, hosted: bool
) -> Recording:
    """Insert a recording that is known to be new, without queueing any work."""
    recording = Recording(
        song_id=song.id,
        role=role,
        hosted=hosted,
        source=found.source,
        source_id=found.source_id,
        location=found.location,
        canonical_url=found.canonical_url,
        host=host_of(found.location),
        title=found.title,
        performer=found.performer,
        performer_url=found.performer_url,
        page_url=found.page_url,
        licence=found.licence,
        description=found.description,
        duration_s=found.duration_s,
        source_facts=dict(found.facts) or None,
    )
    session.add(recording)
    session.flush()
    add_hashtags(session, recording, found.hashtags)
    return recording


def add_hashtags(
    session: Session, recording: Recording, hashtags: Sequence[tuple[str, str]]
) -> None:
    """Attach tags, each once, keeping the origin that came first."""
    attached: set[int] = set()
    for name, origin in hashtags:
        tag = session.scalar(select(Hashtag).where(Hashtag.name == name))
        if tag is None:
            tag = Hashtag(name=name)
            session.add(tag)
            session.flush()
        if tag.id not in attached:
            attached.add(tag.id)
            session.add(
                RecordingHashtag(recording_id=recording.id, hashtag_id=tag.id, origin=origin)
            )


def count_by_status(session: Session, song: Song) -> dict[Status, int]:
    """How many covers of a song stand in each status."""
    rows = session.execute(
        select(Recording.status, func.count())
        .where(Recording.song_id == song.id, Recording.role == Role.COVER)
        .group_by(Recording.status)
    )
    return dict(rows.all())


def publish(session: Session, song: Song, cover_ids: Sequence[int] = ()) -> list[Recording]:
    """Publish covers that wait in review: the named ones, or all of the song's.

    Raises:
        NotFoundError: when the song has no cover of a given number.
        StateError: when a named cover is in a state that cannot be published.
    """
    covers = select(Recording).where(Recording.song_id == song.id, Recording.role == Role.COVER)
    if not cover_ids:
        chosen = session.scalars(covers.where(Recording.status == Status.IN_REVIEW)).all()
    else:
        chosen = session.scalars(covers.where(Recording.id.in_(cover_ids))).all()
        _check_publishable(song, chosen, cover_ids)
    for cover in chosen:
        if cover.status is not Status.PUBLISHED:
            cancel_jobs(session, cover, [Stage.DECIDE])
            decide(session, cover, Status.PUBLISHED, step=DecisionStep.CURATOR)
    return list(chosen)


def _check_publishable(song: Song, chosen: Sequence[Recording], cover_ids: Sequence[int]) -> None:
    missing = sorted(set(cover_ids) - {cover.id for cover in chosen})
    if missing:
        raise NotFoundError(f"song {song.slug!r} has no cover {missing[0]}")
    for cover in chosen:
        has_map = cover.alignment is not None and cover.alignment.has_map
        if not has_map or cover.status not in (Status.IN_REVIEW, Status.PUBLISHED):
            raise StateError(
                f"cover {cover.id} is {cover.status.value} ({cover.reason or 'no reason given'}) "
                "and cannot be published: only aligned covers in review can"
            )
