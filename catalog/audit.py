"""The log of who did what. An entry is written in the transaction of what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.account_models import AuditEntry


@dataclass(frozen=True)
class Actor:
    """Who does something: a user's name, and the network address it came from, if any."""

    name: str
    address: str | None = None


COMMAND = Actor("command")
"""Whoever can run commands owns the library's files anyway."""


def note(
    session: Session, actor: Actor, action: str, subject: str | None = None, **detail: Any
) -> AuditEntry:
    """Write down what `actor` did."""
    entry = AuditEntry(
        actor=actor.name,
        action=action,
        subject=subject,
        address=actor.address,
        detail=detail or None,
    )
    session.add(entry)
    session.flush()
    return entry


def latest_entries(
    session: Session, *, before: int | None = None, limit: int = 100, actor: str | None = None
) -> Sequence[AuditEntry]:
    """Entries from the newest backwards; `before` is the last id of the page before."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if actor is not None:
        query = query.where(AuditEntry.actor == actor)
    return session.scalars(query).all()
