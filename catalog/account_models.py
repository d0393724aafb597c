"""The tables of the curator's desk: who may change the library, and what each did.

Nothing secret is stored as it is: passwords as Argon2 hashes, session and API tokens as SHA-256
of 256 random bits, which need no slow hash.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.orm import Base, names_of, utc_now


class UserRole(StrEnum):
    """What a person may do. An admin may do all that a curator may, and keeps the accounts."""

    CURATOR = "curator"
    ADMIN = "admin"


class User(Base):
    """A person who may log in. Never deleted, so that the log keeps its names; disabled instead."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[UserRole] = mapped_column(names_of(UserRole))
    password_hash: Mapped[str]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class UserSession(Base):
    """One login in one browser, until it is ended or runs out."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)

    user: Mapped[User] = relationship()


class ApiToken(Base):
    """A key for programs, with its owner's role."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class AuditEntry(Base):
    """One thing that somebody did: written in the transaction that did it, never changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_action_at", "action", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    actor: Mapped[str]
    """A user's name, `command` for the command line, or the name somebody tried to log in with."""
    action: Mapped[str]
    """What was done, such as `cover.approve`."""
    subject: Mapped[str | None]
    """To what, such as `cover 7`."""
    address: Mapped[str | None]
    """Of the network, where it came through the web."""
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)
