"""Covers as lists tell them: the columns that are told, and never a map's knots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from catalog.errors import NotFoundError
from catalog.models import Alignment, Analysis, Hashtag, Recording, RecordingHashtag, Song
from catalog.renditions import Rendition, holds
from catalog.settings import get_settings
from webapp.queries import bounded, is_playable_cover

_COLUMNS = (
    *(Recording.id, Recording.title, Recording.performer, Recording.performer_url),
    *(Recording.page_url, Recording.licence, Recording.duration_s, Recording.relation),
    *(Recording.hosted, Recording.media_file, Recording.media_type, Recording.media_sha256),
    *(Recording.poster_file, Recording.has_video),
    *(Recording.source, Recording.source_id, Recording.status),
    *(Alignment.confidence, Alignment.transposition_semitones, Alignment.tuning_cents),
    *(Alignment.tempo_ratio, Alignment.spans_ms, Analysis.tempo_bpm),
    *(Rendition.sha256.label("rendition_sha256"), Rendition.semitones.label("rendition_semitones")),
    Rendition.media_type.label("rendition_type"),
    Rendition.segments.label("rendition_segments"),
    select(func.aggregate_strings(Hashtag.name, "\n"))
    .join(RecordingHashtag, RecordingHashtag.hashtag_id == Hashtag.id)
    .where(RecordingHashtag.recording_id == Recording.id)
    .scalar_subquery()
    .label("tag_lines"),
)
ListedCover = Row[Any]
"""A cover, named as the tables name it, and its tags as lines."""


@dataclass(frozen=True)
class CoverPage:
    """Some covers, and the id to go on after (`None` at the end)."""

    covers: Sequence[ListedCover]
    next_after: int | None


def list_covers(
    session: Session, song: Song, *, tag: str | None, after: int, limit: int
) -> CoverPage:
    """Playable covers in the order in which they were added."""
    query = _playable(get_settings().youtube_mode).where(Recording.id > after)
    if tag is not None:
        tagged = select(RecordingHashtag.recording_id).join(Hashtag).where(Hashtag.name == tag)
        query = query.where(Recording.id.in_(tagged))
    query = query.order_by(Recording.id).limit(limit + 1)
    rows = session.connection().execute(query, {"song_id": song.id}).all()
    page = rows[:limit]
    return CoverPage(page, page[-1].id if len(rows) > limit else None)


def find_covers(session: Session, song_id: int, cover_ids: Sequence[int]) -> list[ListedCover]:
    """The playable ones of the named covers of a song, in the order of their names."""
    wanted = [bounded(each) for each in cover_ids]
    query = _named(get_settings().youtube_mode)
    rows = session.connection().execute(query, {"song_id": song_id, "ids": wanted})
    found = {each.id: each for each in rows}
    return [found[each] for each in wanted if each in found]


def get_cover(session: Session, song: Song, cover_id: int) -> ListedCover:
    """One playable cover of a song.

    Raises:
        NotFoundError: when it has none of that id.
    """
    found = find_covers(session, song.id, [cover_id])
    if not found:
        raise NotFoundError(f"there is no cover {cover_id} to play")
    return found[0]


@lru_cache
def _playable(_youtube_mode: str) -> Select[*tuple[Any, ...]]:
    """Made once for each setting that it depends on: that takes longer than asking."""
    return (
        select(*_COLUMNS)
        .join(Alignment, Alignment.recording_id == Recording.id)
        .outerjoin(Analysis, Analysis.recording_id == Recording.id)
        .outerjoin(Rendition, and_(Rendition.recording_id == Recording.id, holds()))
        .where(Recording.song_id == bindparam("song_id"), is_playable_cover())
    )


@lru_cache
def _named(youtube_mode: str) -> Select[*tuple[Any, ...]]:
    return _playable(youtube_mode).where(Recording.id.in_(bindparam("ids", expanding=True)))
