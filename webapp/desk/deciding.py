"""What a curator can do with covers, by one name each: for forms and for the API alike."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.corrections import align_again
from catalog.errors import InputError, StateError
from catalog.models import Recording
from catalog.reviewing import approve, get_cover, reject, undo
from webapp.queries import bounded


class Deed(StrEnum):
    """What is done with a cover."""

    APPROVE = "approve"
    REJECT = "reject"
    UNDO = "undo"
    ALIGN = "align"


DONE = {
    Deed.APPROVE: "published",
    Deed.REJECT: "rejected",
    Deed.UNDO: "taken back",
    Deed.ALIGN: "queued to be aligned again",
}


def do_with(session: Session, cover_id: int, deed: Deed, *, reason: str, actor: Actor) -> Recording:
    """Do one thing with one cover, and write it down.

    Raises:
        NotFoundError: when there is no such cover.
        StateError: when it is in no state for that.
    """
    cover = get_cover(session, bounded(cover_id))
    if deed is Deed.APPROVE:
        approve(session, cover.id, made_by=actor.name, reason=reason)
    elif deed is Deed.REJECT:
        reject(session, cover.id, made_by=actor.name, reason=reason)
    elif deed is Deed.UNDO:
        undo(session, cover.id, made_by=actor.name)
    elif not align_again(session, cover):
        raise StateError(f"the media of cover {cover.id} is not here any more: undo, to fetch it")
    note(session, actor, f"cover.{deed.value}", f"cover {cover.id}", title=cover.title[:120])
    return cover


def do_with_many(
    session: Session, cover_ids: Sequence[int], deed: Deed, *, reason: str, actor: Actor
) -> tuple[int, list[str]]:
    """Do it with each that it can be done with. Returns how many, and why not with the others."""
    refusals = []
    for cover_id in cover_ids:
        try:
            with session.begin_nested():
                do_with(session, cover_id, deed, reason=reason, actor=actor)
        except InputError as error:
            refusals.append(str(error))
    return len(cover_ids) - len(refusals), refusals
