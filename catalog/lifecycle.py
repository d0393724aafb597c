"""The life of a recording: its statuses, and which stage of work follows which status.

    discovered -> fetching -> fetched -> screened -> aligned -> published
                                  |          |          |---> in_review -> published
                                  |          |--------------> rejected
    any of them -> failed (a reason is on the row; the stage can be retried alone)
    published -> gone (the source took it down) -> published (it is back)

A Reference goes discovered -> fetching -> fetched -> published: it is analysed, not aligned.
This module is the only place that knows the order.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a recording is to its song."""

    REFERENCE = "reference"
    COVER = "cover"


class Status(StrEnum):
    """Where a recording stands."""

    DISCOVERED = "discovered"
    FETCHING = "fetching"
    FETCHED = "fetched"
    SCREENED = "screened"
    ALIGNED = "aligned"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    REJECTED = "rejected"
    FAILED = "failed"
    GONE = "gone"


class Relation(StrEnum):
    """What the sound of a recording is to the song."""

    SAME_RECORDING = "same_recording"
    BACKING_TRACK = "backing_track"
    PERFORMANCE = "performance"
    BACKGROUND = "background"
    UNRELATED = "unrelated"


class Stage(StrEnum):
    """One kind of work; also the kind of its job.

    `recheck` asks a source whether a recording is still there, and leaves its status alone unless
    that has changed. `render` makes a published cover's rendition, and never changes a status.
    `discover` runs a search; all others work on one recording.
    """

    FETCH = "fetch"
    SCREEN = "screen"
    ANALYSE = "analyse"
    ALIGN = "align"
    DECIDE = "decide"
    RENDER = "render"
    RECHECK = "recheck"
    DISCOVER = "discover"


class JobStatus(StrEnum):
    """Where a job stands. `queued`, `sent` and `running` are the active ones."""

    QUEUED = "queued"
    SENT = "sent"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SearchKind(StrEnum):
    """Where a search looks, and so what its query is."""

    YOUTUBE_SEARCH = "youtube_search"
    YOUTUBE_HASHTAG = "youtube_hashtag"
    YOUTUBE_CHANNEL = "youtube_channel"
    YOUTUBE_PLAYLIST = "youtube_playlist"
    SOUNDCLOUD_SEARCH = "soundcloud_search"
    PEERTUBE_SEARCH = "peertube_search"
    PERFORMERS = "performers"
    ADDRESS = "address"
    FOLDER = "folder"
    CSV = "csv"


class HostState(StrEnum):
    """A circuit breaker: closed, open, and half open."""

    WORKING = "working"
    PAUSED = "paused"
    PROBING = "probing"


class DecisionStep(StrEnum):
    """What a decision rests on."""

    METADATA = "metadata"
    DUPLICATE = "duplicate"
    EAR = "ear"
    THRESHOLD = "threshold"
    HEALTH = "health"
    CURATOR = "curator"


ACTIVE_JOBS = (JobStatus.QUEUED, JobStatus.SENT, JobStatus.RUNNING)


@dataclass(frozen=True)
class Step:
    """A stage with where it starts and where success leads.

    Attributes:
        starts_from: status in which a recording waits for this stage; `None` leaves it alone
        ends_in: status after success, unless the stage decides otherwise; `None` leaves it alone
        task: name of the Celery task that does it
        queue: Celery queue of that task
        needs_reference: wait until the song's Reference is published
        shown_while_running: status during the work, where it differs from `starts_from`
    """

    stage: Stage
    role: Role | None
    starts_from: Status | None
    ends_in: Status | None
    task: str
    queue: str
    needs_reference: bool = False
    shown_while_running: Status | None = None


STEPS = (
    Step(
        Stage.FETCH,
        None,
        Status.DISCOVERED,
        Status.FETCHED,
        "ingest.fetch",
        "fetch",
        shown_while_running=Status.FETCHING,
    ),
    Step(
        Stage.ANALYSE,
        Role.REFERENCE,
        Status.FETCHED,
        Status.PUBLISHED,
        "align.analyse",
        "align",
    ),
    Step(
        Stage.SCREEN,
        Role.COVER,
        Status.FETCHED,
        Status.SCREENED,
        "align.screen",
        "align",
        needs_reference=True,
    ),
    Step(
        Stage.ALIGN,
        Role.COVER,
        Status.SCREENED,
        Status.ALIGNED,
        "align.align",
        "align",
        needs_reference=True,
    ),
    Step(
        Stage.DECIDE,
        Role.COVER,
        Status.ALIGNED,
        Status.PUBLISHED,
        "ingest.decide",
        "light",
    ),
    Step(Stage.RENDER, Role.COVER, None, None, "align.render", "align"),
    Step(Stage.RECHECK, Role.COVER, None, None, "ingest.recheck", "fetch"),
    Step(Stage.DISCOVER, None, None, None, "ingest.discover", "fetch"),
)


def step_of(stage: Stage) -> Step:
    """The step that a stage takes."""
    return next(step for step in STEPS if step.stage is stage)


def next_step(role: Role, status: Status) -> Step | None:
    """The step that follows a status, `None` where a recording rests."""
    for step in STEPS:
        if step.starts_from is status and step.role in (None, role):
            return step
    return None


def step_to_retry(role: Role, failed_stage: Stage) -> Step:
    """The step that a failed recording takes again: the stage that failed, alone."""
    step = step_of(failed_stage)
    if step.role not in (None, role):
        raise ValueError(f"a {role} has no stage {failed_stage}")
    return step
