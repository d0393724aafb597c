"""The tables of what listeners leave behind: counts, mixes, and reports of bad sync."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.models import Recording, Song
from catalog.orm import Base, utc_now


class PlayCount(Base):
    """How much of one recording was heard on one day (UTC), by everybody together.

    Counts are all that is kept of listening: nothing here says who heard what, or when exactly.
    """

    __tablename__ = "play_counts"
    __table_args__ = (Index("ix_play_counts_day", "day"),)

    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    plays: Mapped[int] = mapped_column(default=0)
    switches: Mapped[int] = mapped_column(default=0)
    """How often a listener jumped to it."""
    loops: Mapped[int] = mapped_column(default=0)
    """On a Reference: how often its song was heard to the end."""
    heard_ms: Mapped[int] = mapped_column(BigInteger, default=0)


class PlayBatch(Base):
    """A batch of play events that has been counted, so that one sent twice counts once."""

    __tablename__ = "play_batches"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    received_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)


class Mix(Base):
    """A sequence of switches that somebody recorded and named, to be played again exactly."""

    __tablename__ = "mixes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """Its name in addresses: random, so that nobody finds mixes by counting."""
    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id"), index=True)
    name: Mapped[str]
    duration_ms: Mapped[int]
    steps: Mapped[list[dict[str, Any]]]
    """Of `{"at_ms", "recording_id", "reference_ms"}`, ordered by time since the mix began."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    song: Mapped[Song] = relationship()


class SyncReport(Base):
    """A listener heard a cover off the beat. Both places are kept, to be listened to again."""

    __tablename__ = "sync_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("recordings.id"))
    """The recording that it was heard against, where there was one."""
    reference_s: Mapped[float]
    cover_s: Mapped[float]
    model: Mapped[str | None]
    """Of the time map that was followed."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    resolved_at: Mapped[datetime | None]

    recording: Mapped[Recording] = relationship(foreign_keys=recording_id)
    other: Mapped[Recording | None] = relationship(foreign_keys=other_id)
