"""The tables of the harvest: searches and their runs, hosts, decisions, and what was merged."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.errors import ErrorClass
from catalog.lifecycle import DecisionStep, HostState, SearchKind, Status
from catalog.orm import Base, utc_now

if TYPE_CHECKING:
    from catalog.models import Recording, Song


class Search(Base):
    """Where covers of a song are looked for, again and again."""

    __tablename__ = "searches"
    __table_args__ = (
        UniqueConstraint("song_id", "kind", "query", "instance"),
        Index("ix_searches_next_run_at", "next_run_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id"))
    kind: Mapped[SearchKind]
    query: Mapped[str]
    """Words, a hashtag, an address or a path, as the kind asks for."""
    instance: Mapped[str] = mapped_column(default="")
    """Address of the PeerTube instance that is asked, empty for other kinds."""
    every_h: Mapped[float | None]
    """Hours between runs; absent for a search that runs only when it is told to."""
    max_listed: Mapped[int]
    """Most hits that one run asks for."""
    max_new: Mapped[int]
    """Most candidates that one run adds."""
    hosted: Mapped[bool] = mapped_column(default=False)
    enabled: Mapped[bool] = mapped_column(default=True)
    rotation: Mapped[int] = mapped_column(default=0)
    """How often it has run: which variant of the query comes next."""
    last_run_at: Mapped[datetime | None]
    next_run_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    song: Mapped[Song] = relationship(back_populates="searches")
    runs: Mapped[list[DiscoveryRun]] = relationship(
        back_populates="search", order_by="DiscoveryRun.id", cascade="all, delete-orphan"
    )


class DiscoveryRun(Base):
    """What one run of a search asked and found. Every hit is counted once."""

    __tablename__ = "discovery_runs"
    __table_args__ = (Index("ix_discovery_runs_search_id", "search_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    search_id: Mapped[int] = mapped_column(ForeignKey("searches.id"))
    asked: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    finished_at: Mapped[datetime | None]
    listed: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    """Candidates that were added and wait to be fetched."""
    known: Mapped[int] = mapped_column(default=0)
    """What the song had already, also under another spelling of its address."""
    rejected: Mapped[int] = mapped_column(default=0)
    """What was added as rejected by what its source says of it."""
    left_out: Mapped[int] = mapped_column(default=0)
    """What was above the search's cap, and is found again by a later run."""
    error: Mapped[str | None]
    error_class: Mapped[ErrorClass | None]

    search: Mapped[Search] = relationship(back_populates="runs")


class Sighting(Base):
    """Which search has found a recording, and when first."""

    __tablename__ = "sightings"

    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    search_id: Mapped[int] = mapped_column(
        ForeignKey("searches.id", ondelete="CASCADE"), primary_key=True
    )
    seen_at: Mapped[datetime] = mapped_column(default=utc_now)


class Merge(Base):
    """A recording that is another one uploaded again. It stands in for it when that one dies."""

    __tablename__ = "merges"

    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), index=True)
    evidence: Mapped[str]
    """`file` for the same bytes, `sound` for the same fingerprint."""
    merged_at: Mapped[datetime] = mapped_column(default=utc_now)


class Host(Base):
    """How a host behaves, shared by all workers of a library."""

    __tablename__ = "hosts"

    name: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[HostState] = mapped_column(default=HostState.WORKING)
    cause: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    """In a row, since it last delivered."""
    failed_addresses: Mapped[list[str]] = mapped_column(default=list)
    """Some of what was asked for when it failed, since it last delivered."""
    held_by: Mapped[str | None]
    """The worker whose turn it is; it counts while that worker has a running job."""
    next_request_at: Mapped[datetime | None]
    """Not before this moment it is asked again, out of politeness."""
    next_probe_at: Mapped[datetime | None]
    """While paused: when one request is tried."""
    paused_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    last_failure_at: Mapped[datetime | None]


class Decision(Base):
    """A change of a recording's status that somebody or something decided, with its reasons."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_recording_id", "recording_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"))
    step: Mapped[DecisionStep]
    made_by: Mapped[str]
    """A curator's name, or `covers` for the program."""
    from_status: Mapped[Status]
    to_status: Mapped[Status]
    resumes_in: Mapped[Status]
    """Where the recording goes on when the decision is undone."""
    reasons: Mapped[list[dict[str, Any]]]
    """Each `{"code": ..., "text": ...}`, the code for programs and the text for people."""
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]

    recording: Mapped[Recording] = relationship(back_populates="decisions")
