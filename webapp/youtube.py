"""Recordings that YouTube's own player plays: which, from where, and what their pages must allow.

Nothing of such a recording is served from here; the visitor's browser asks YouTube's host that
sets no cookies before something plays. What its player may do is told in `docs/youtube.md`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Any

from flask import Response
from sqlalchemy import ColumnElement, Row, and_, false, func
from sqlalchemy.orm import Session

from catalog.errors import SettingsError
from catalog.lifecycle import Status
from catalog.models import Recording, Song
from catalog.settings import Settings, get_settings
from webapp import headers

SOURCE = "youtube"
ID_LENGTH = 11
_ID = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}")
_PORT = re.compile(r"(?P<host>.+):(?P<port>\d{1,5})")


@dataclass(frozen=True)
class Site:
    """Origins: of the players, and of the stills."""

    players: str = "https://www.youtube-nocookie.com"
    stills: str = "https://i.ytimg.com"


def get_site(settings: Settings) -> Site:
    """YouTube, or what stands in for it in tests.

    Raises:
        SettingsError: when that is not this machine, or others may reach this server.
    """
    stand_in = settings.youtube_stand_in
    if not stand_in:
        return Site()
    found = _PORT.fullmatch(stand_in)
    if found is None or not (_is_loopback(found["host"]) and _is_loopback(settings.host)):
        raise SettingsError(
            f"COVERS_YOUTUBE_STAND_IN={stand_in!r} is refused: it has to be HOST:PORT on loopback, "
            f"and so has COVERS_HOST={settings.host!r}; unset it to use YouTube"
        )
    return Site(f"http://{stand_in}", f"http://{stand_in}")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_embeddable() -> ColumnElement[bool]:
    """Published recordings of YouTube's, unless the owner wants none of its players."""
    if get_settings().youtube_mode == "off":
        return false()
    return and_(
        Recording.source == SOURCE,
        func.length(Recording.source_id) == ID_LENGTH,
        Recording.status == Status.PUBLISHED,
    )


def youtube_json(recording: Recording | Row[Any]) -> dict[str, Any] | None:
    """Where the player and the still of a recording are, `None` when it is not YouTube's."""
    settings = get_settings()
    is_shown = recording.source == SOURCE and recording.status is Status.PUBLISHED
    if settings.youtube_mode == "off" or not is_shown or not _ID.fullmatch(recording.source_id):
        return None
    site = get_site(settings)
    return {
        "player_url": f"{site.players}/embed/{recording.source_id}",
        "still_url": f"{site.stills}/vi/{recording.source_id}/hqdefault.jpg",
    }


def needs_players(session: Session, song: Song) -> bool:
    """Whether anything on a song's stage is played by YouTube."""
    query = session.query(Recording.id).where(
        Recording.song_id == song.id,
        is_embeddable(),
        ~(Recording.hosted & Recording.media_file.is_not(None)),
    )
    return bool(session.query(query.exists()).scalar())


def let_play(response: Response) -> None:
    """Let this page show YouTube's players and stills, and nothing else of anybody's."""
    site = get_site(get_settings())
    headers.let_show(response, frames=site.players, images=site.stills)
