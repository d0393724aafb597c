"""Performers who do not want to be here: theirs is taken down, and none of it is added again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.correction_models import OptOut
from catalog.errors import InputError, NotFoundError, StateError
from catalog.lifecycle import Role
from catalog.models import Recording
from catalog.withdrawal import is_withdrawn, take_down


def opt_out(
    session: Session, performer_url: str, *, reason: str, actor: Actor
) -> tuple[OptOut, list[Path]]:
    """Take down all of a performer's covers and add none of theirs again.

    Returns the row, and the files to remove once this is committed.

    Raises:
        InputError: when it is no web address.
        StateError: when this performer has opted out already.
    """
    if not performer_url.startswith(("http://", "https://")):
        raise InputError(f"{performer_url[:80]!r} is no address of a performer: give one")
    if has_opted_out(session, performer_url):
        raise StateError(f"{performer_url} has opted out already")
    covers = session.scalars(
        select(Recording).where(
            Recording.performer_url == performer_url,
            Recording.role == Role.COVER,
        )
    ).all()
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
        if not is_withdrawn(session, each)
        for path in take_down(session, each, reason=why, actor=actor)
    ]
    note(session, actor, "performer.opt_out", performer_url, covers=len(covers), reason=reason)
    return row, files


def has_opted_out(session: Session, performer_url: str | None) -> bool:
    """Whether a performer does not want to be here."""
    if performer_url is None:
        return False
    query = select(OptOut.id).where(OptOut.performer_url == performer_url)
    return session.scalar(query) is not None


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
