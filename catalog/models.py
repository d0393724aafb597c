"""The tables. Times of day are UTC with a zone; times in music are seconds.

A Song has one Reference and any number of Covers; both are rows of `recordings`, told apart by
`role`, because both are fetched, analysed, credited and played alike. What the harvest adds
stands in `catalog.harvest_models`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from catalog.errors import ErrorClass
from catalog.harvest_models import Decision, DiscoveryRun, Host, Merge, Search, Sighting
from catalog.lifecycle import JobStatus, Relation, Role, Stage, Status
from catalog.orm import Base, utc_now
from catalog.time_map import TimeMap

__all__ = (
    "Alignment",
    "Analysis",
    "Base",
    "Decision",
    "DiscoveryRun",
    "EvaluationRun",
    "Hashtag",
    "Host",
    "Job",
    "Merge",
    "Recording",
    "RecordingHashtag",
    "Search",
    "Sighting",
    "Song",
    "utc_now",
)


class Song(Base):
    """A work: what all its recordings are recordings of."""

    __tablename__ = "songs"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    composer: Mapped[str | None]
    publish_above: Mapped[float | None]
    """Covers with at least this confidence are published; the setting's value where absent."""
    reject_below: Mapped[float | None]
    """Covers with less confidence are rejected; the setting's value where absent."""
    screening_rules: Mapped[dict[str, Any] | None]
    """What is accepted by what its source says of it: `catalog.rules.ScreeningRules`."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    recordings: Mapped[list[Recording]] = relationship(back_populates="song")
    searches: Mapped[list[Search]] = relationship(back_populates="song", order_by="Search.id")


class Recording(Base):
    """A Reference or a Cover, from the moment it is discovered.

    `source` and `source_id` name it where it was found. `hosted` says that the owner may serve
    its media to listeners; without it the media is analysed and stays private.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        UniqueConstraint("song_id", "source", "source_id"),
        Index(
            "uq_recordings_reference_of_song",
            "song_id",
            unique=True,
            sqlite_where=text("role = 'reference'"),
            postgresql_where=text("role = 'reference'"),
        ),
        Index("ix_recordings_song_status", "song_id", "status", "id"),
        Index("ix_recordings_song_changed", "song_id", "status_at"),
        Index("ix_recordings_canonical_url", "canonical_url"),
        Index("ix_recordings_next_check_at", "next_check_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    song_id: Mapped[int] = mapped_column(ForeignKey("songs.id"))
    role: Mapped[Role]
    source: Mapped[str]
    source_id: Mapped[str]
    location: Mapped[str]
    """Where to fetch it from: a file's path or an address."""
    canonical_url: Mapped[str | None]
    """The address in the one form that all its spellings share."""
    host: Mapped[str | None]
    """Who is asked for it; absent for files of this machine."""

    title: Mapped[str]
    performer: Mapped[str | None]
    performer_url: Mapped[str | None]
    page_url: Mapped[str | None]
    licence: Mapped[str | None]
    description: Mapped[str | None]
    hosted: Mapped[bool] = mapped_column(default=False)

    status: Mapped[Status] = mapped_column(default=Status.DISCOVERED)
    reason: Mapped[str | None]
    status_at: Mapped[datetime] = mapped_column(default=utc_now)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    media_file: Mapped[str | None]
    """Path below the media folder, absent until fetched and after the media is dropped."""
    media_type: Mapped[str | None]
    media_sha256: Mapped[str | None]
    poster_file: Mapped[str | None]
    has_video: Mapped[bool | None]
    duration_s: Mapped[float | None]

    fingerprint: Mapped[bytes | None] = mapped_column(deferred=True)
    """Of the sound, to know a re-upload by: `ingest.fingerprint`."""
    source_facts: Mapped[dict[str, Any] | None]
    """What its source said that screening reads, with yt-dlp's names for the fields."""
    checked_at: Mapped[datetime | None]
    """When its source was last asked whether it is still there."""
    next_check_at: Mapped[datetime | None]

    relation: Mapped[Relation | None]
    relation_scores: Mapped[dict[str, float] | None]

    song: Mapped[Song] = relationship(back_populates="recordings")
    analysis: Mapped[Analysis | None] = relationship(back_populates="recording")
    alignment: Mapped[Alignment | None] = relationship(back_populates="cover")
    hashtags: Mapped[list[RecordingHashtag]] = relationship(back_populates="recording")
    jobs: Mapped[list[Job]] = relationship(back_populates="recording")
    decisions: Mapped[list[Decision]] = relationship(
        back_populates="recording", order_by="Decision.id"
    )


class Analysis(Base):
    """Beats, downbeats and sections of one recording, by one model."""

    __tablename__ = "analyses"

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), unique=True)
    model: Mapped[str]
    duration_s: Mapped[float]
    tempo_bpm: Mapped[float | None]
    beats_s: Mapped[list[float]]
    downbeats_s: Mapped[list[float]]
    sections: Mapped[list[dict[str, Any]]]
    corrected_at: Mapped[datetime | None]
    """When a person last corrected it; then it holds whatever a model says."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    recording: Mapped[Recording] = relationship(back_populates="analysis")


class Alignment(Base):
    """The time map of one cover onto its song's Reference, by one model.

    What lists and rankings need of the map stands beside it, written with it, so that they never
    read knots; `segments` is the last column, behind which SQLite would read through all of it.
    """

    __tablename__ = "alignments"
    __table_args__ = (CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), unique=True)
    model: Mapped[str]
    confidence: Mapped[float]
    transposition_semitones: Mapped[int]
    tuning_cents: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    tempo_ratio: Mapped[float]
    """Seconds of reference per second of cover."""
    spans_ms: Mapped[list[list[int]]]
    """Start and end of each segment on the reference's timeline."""
    segments: Mapped[list[dict[str, Any]]]

    cover: Mapped[Recording] = relationship(back_populates="alignment")

    @validates("segments")
    def _summarise(self, _name: str, segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Whoever writes a map writes its summary."""
        time_map = TimeMap.from_json(segments)
        self.tempo_ratio, self.spans_ms = time_map.tempo_ratio, time_map.spans_ms
        return segments

    @property
    def has_map(self) -> bool:
        """Whether any of the cover was found on the timeline; else it cannot play in step."""
        return bool(self.spans_ms)

    @property
    def time_map(self) -> TimeMap:
        """The segments, validated."""
        return TimeMap.from_json(self.segments)


class Hashtag(Base):
    """A tag in its folded form, without the number sign."""

    __tablename__ = "hashtags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class RecordingHashtag(Base):
    """A tag on a recording and where it came from: `title`, `description` or `curator`."""

    __tablename__ = "recording_hashtags"

    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    hashtag_id: Mapped[int] = mapped_column(ForeignKey("hashtags.id"), primary_key=True, index=True)
    origin: Mapped[str]

    recording: Mapped[Recording] = relationship(back_populates="hashtags")
    hashtag: Mapped[Hashtag] = relationship()


class Job(Base):
    """One stage of work on one recording, or one run of a search.

    The row is the truth; a message only wakes a worker. At most one active job exists per
    recording and stage, and per search.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "uq_jobs_active",
            "recording_id",
            "stage",
            unique=True,
            sqlite_where=text("status IN ('queued', 'sent', 'running')"),
            postgresql_where=text("status IN ('queued', 'sent', 'running')"),
        ),
        Index(
            "uq_jobs_active_search",
            "search_id",
            unique=True,
            sqlite_where=text("status IN ('queued', 'sent', 'running')"),
            postgresql_where=text("status IN ('queued', 'sent', 'running')"),
        ),
        Index("ix_jobs_status", "status", "not_before"),
        CheckConstraint("(recording_id IS NULL) <> (search_id IS NULL)", name="subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int | None] = mapped_column(ForeignKey("recordings.id"))
    search_id: Mapped[int | None] = mapped_column(ForeignKey("searches.id"))
    stage: Mapped[Stage]
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker began it."""
    redeliveries: Mapped[int] = mapped_column(default=0)
    """How often it was taken back from a worker that died."""
    not_before: Mapped[datetime] = mapped_column(default=utc_now)
    lease_until: Mapped[datetime | None]
    worker: Mapped[str | None]
    progress: Mapped[float] = mapped_column(default=0.0)
    error: Mapped[str | None]
    error_class: Mapped[ErrorClass | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    sent_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    recording: Mapped[Recording | None] = relationship(back_populates="jobs")
    search: Mapped[Search | None] = relationship()


class EvaluationRun(Base):
    """One method measured on one data set by `covers evaluate --keep`."""

    __tablename__ = "evaluation_runs"
    __table_args__ = (Index("ix_evaluation_runs_dataset", "dataset", "method"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dataset: Mapped[str]
    method: Mapped[str]
    model: Mapped[str | None]
    command: Mapped[str]
    version: Mapped[str]
    """Of this program."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    n_covers: Mapped[int]
    summary: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """The whole `covers.metrics/1` document, loaded only when it is asked for."""
