"""Songs as lists show them: how many covers, a still, and an emblem; kept until a song changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from catalog import database
from catalog.models import Recording, Song
from catalog.songs import get_song
from webapp import queries, warp_plot
from webapp import rows_to_json as to_json
from webapp.kept import Kept

FRESH_S = 60.0
"""What changes without a change of status, such as a title or a tag, is seen then."""
IN_EMBLEM = 8


@dataclass(frozen=True)
class SongCard:
    """What is told of a song beside its name."""

    cover_count: int
    poster_url: str | None
    stills: Sequence[str]
    emblem: warp_plot.WarpPlot


def register(app: Flask) -> None:
    """Give an application its own cards."""
    app.extensions["song_cards"] = Kept[SongCard](FRESH_S)


CHANGED_AT = (
    select(func.max(Recording.status_at)).where(Recording.song_id == Song.id).scalar_subquery()
)
"""When a recording of a song changed its status last, from an index."""
_NAMED = select(Song.id, CHANGED_AT.label("changed_at")).where(Song.slug == bindparam("slug"))


def find_song(session: Session, slug: str) -> tuple[int, datetime | None]:
    """A song's id, and when a recording of it last changed its status: one look into indexes.

    Raises:
        NotFoundError: when there is no song of that slug.
    """
    found = session.connection().execute(_NAMED, {"slug": slug}).first()
    return (get_song(session, slug).id, None) if found is None else (found.id, found.changed_at)


def card_of(session: Session, song: Song) -> SongCard:
    """A song's card, as of now or, of a long song, of a few seconds ago."""
    return _card(*find_song(session, song.slug))


def cards(session: Session) -> list[tuple[Song, SongCard]]:
    """All songs by title, each with its card."""
    rows = session.execute(select(Song, CHANGED_AT).order_by(Song.title, Song.id))
    return [(song, _card(song.id, changed)) for song, changed in rows]


def _card(song_id: int, changed: datetime | None) -> SongCard:
    kept: Kept[SongCard] = current_app.extensions["song_cards"]
    return kept.get(song_id, lambda _: _read(song_id), changed)


def _read(song_id: int) -> SongCard:
    with database.reading() as session:
        song = session.get_one(Song, song_id)
        covers = queries.first_covers(session, song, limit=IN_EMBLEM)
        maps = [cover.alignment.time_map for cover in covers if cover.alignment is not None]
        stills = [to_json.poster_url(cover) for cover in covers]
        return SongCard(
            cover_count=queries.count_playable(session, song),
            poster_url=to_json.poster_url(queries.find_reference(session, song)),
            stills=[each for each in stills if each is not None],
            emblem=warp_plot.draw(maps, size=96),
        )


def card_json(song: Song, card: SongCard) -> dict[str, Any]:
    """A song as the list shows it."""
    return {
        "slug": song.slug,
        "title": to_json.clip(song.title) or song.slug,
        "composer": to_json.clip(song.composer),
        "cover_count": card.cover_count,
        "poster_url": card.poster_url,
        "url": f"/songs/{song.slug}",
    }
