"""Performers who do not want to be here: theirs is taken down, and none of it is added again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.correction_models import OptOut
from catalog.errors import InputError, NotFoundError, StateError
from catalog.hosts import host_of, telling_query
from catalog.lifecycle import Role
from catalog.models import Recording
from catalog.withdrawal import is_withdrawn, take_down

_PROGRAM = re.compile(r"\.\w+$")
_TAB = re.compile(r"/(?:videos|featured|shorts|streams|about|playlists)/?$")


def opt_out(
    session: Session, performer_url: str, *, reason: str, actor: Actor
) -> tuple[OptOut, list[Path]]:
    """Take down all of a performer's covers and add none of theirs again.

    Returns the row, and the files to remove once this is committed.

    Raises:
        InputError: when it is no web address.
        StateError: when this performer has opted out already.
    """
    if host_of(performer_url) is None:
        raise InputError(f"{performer_url[:80]!r} is no address of a performer: give one")
    if has_opted_out(session, performer_url):
        raise StateError(f"{performer_url} has opted out already")
    covers = _covers_of(session, performer_url)
    row = OptOut(
        performer_url=performer_url,
        performer=covers[0].performer if covers else None,
        reason=reason,
        made_by=actor.name,
    )
    session.add(row)
    why = "the performer opted out"
    files = [
        path
        for each in covers
        if not is_withdrawn(session, each.id)
        for path in take_down(session, each, reason=why, actor=actor)
    ]
    note(session, actor, "performer.opt_out", performer_url, covers=len(covers), reason=reason)
    return row, files


def has_opted_out(session: Session, performer_url: str | None) -> bool:
    """Whether a performer does not want to be here."""
    if performer_url is None:
        return False
    wanted = _one_spelling(performer_url)
    return any(
        _one_spelling(each) == wanted for each in session.scalars(select(OptOut.performer_url))
    )


def _covers_of(session: Session, performer_url: str) -> list[Recording]:
    wanted = _one_spelling(performer_url)
    addresses = session.execute(
        select(Recording.id, Recording.performer_url).where(
            Recording.role == Role.COVER, Recording.performer_url.is_not(None)
        )
    )
    ids = [number for number, address in addresses if _one_spelling(address or "") == wanted]
    return [session.get_one(Recording, number, with_for_update=True) for number in sorted(ids)]


def _one_spelling(address: str) -> str:
    """A performer's page however it is written: http or https, with www., a slash, a tab, a query.

    A query names somebody only where the path does not, as in `/profile.php?id=7`. `@Name` and
    the number of the same channel stay two addresses: only their site can tell. What is no web
    address is left as it is: sources write what they like.
    """
    host = host_of(address)
    if host is None:
        return address
    parts = urlsplit(address)
    path = _TAB.sub("", unquote(parts.path)).rstrip("/")
    query = telling_query(parts.query) if not path or _PROGRAM.search(path) else ""
    return f"{host}{path}?{query}".casefold()


def list_opt_outs(session: Session) -> Sequence[OptOut]:
    """Who has opted out, the latest first."""
    return session.scalars(select(OptOut).order_by(OptOut.id.desc())).all()


def opt_in(session: Session, opt_out_id: int, *, actor: Actor) -> None:
    """Let a performer's covers be added again; what was taken down stays so.

    Raises:
        NotFoundError: when there is no such row.
    """
    row = session.get(OptOut, opt_out_id)
    if row is None:
        raise NotFoundError(f"there is no opt-out {opt_out_id}")
    session.delete(row)
    note(session, actor, "performer.opt_in", row.performer_url)
