"""The JSON of plays, statistics, mixes and reports, as models."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from catalog.mixes import LONGEST_MS, LONGEST_NAME, MOST_STEPS
from webapp.queries import LARGEST_ID

MOST_EVENTS = 200
LONGEST_HEARD_MS = 3_600_000
MOST_DAYS = 366


class PlayEventIn(BaseModel):
    """Something a listener did. `heard_ms` counts for `heard` only."""

    kind: Literal["heard", "switched", "loop"]
    recording_id: int = Field(ge=1, le=LARGEST_ID)
    heard_ms: int = Field(0, ge=0, le=LONGEST_HEARD_MS)


class PlayEventsIn(BaseModel):
    """A batch; `batch_id` is made up by the sender, and a batch sent twice counts once."""

    batch_id: UUID
    events: list[PlayEventIn] = Field(min_length=1, max_length=MOST_EVENTS)


class PlayEventsOut(BaseModel):
    counted: bool = Field(description="False for a batch that had been counted before.")


class StatsQuery(BaseModel):
    """Of which days, and of which song."""

    days: int = Field(30, ge=1, le=MOST_DAYS, description="So many days up to today, UTC.")
    song: str | None = Field(None, min_length=1, max_length=200, description="A song's slug.")


class RankedRecording(BaseModel):
    recording_id: int
    title: str
    performer: str | None
    song: str = Field(description="The slug of its song.")
    is_reference: bool = Field(description="Whether it is the song's Reference, not a cover.")
    plays: int
    switches: int
    heard_ms: int


class RankedTag(BaseModel):
    name: str
    plays: int
    heard_ms: int


class DayCount(BaseModel):
    day: str = Field(description="ISO 8601, UTC.")
    plays: int
    switches: int
    loops: int
    heard_ms: int


class StatsOut(BaseModel):
    """Counted for everybody together; at most a minute old."""

    most_heard: list[RankedRecording]
    most_switched_to: list[RankedRecording]
    by_tag: list[RankedTag]
    by_day: list[DayCount]
    new_today: list[RankedRecording]


class MixStepIn(BaseModel):
    """From `at_ms` on, `recording_id` sounds from `reference_ms` of the song."""

    at_ms: int = Field(ge=0, le=LONGEST_MS)
    recording_id: int = Field(ge=1, le=LARGEST_ID)
    reference_ms: int = Field(ge=0, le=LONGEST_MS)


class MixIn(BaseModel):
    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    duration_ms: int = Field(ge=0, le=LONGEST_MS)
    steps: list[MixStepIn] = Field(min_length=1, max_length=MOST_STEPS)


class MixCard(BaseModel):
    key: str
    name: str
    song: str = Field(description="The slug of its song.")
    duration_ms: int
    created_at: str
    url: str


class MixOut(MixCard):
    steps: list[MixStepIn]


class MixesOut(BaseModel):
    mixes: list[MixCard]


class SyncReportIn(BaseModel):
    """A cover was heard off the beat: which, where, and against which other recording."""

    cover_id: int = Field(ge=1, le=LARGEST_ID)
    other_id: int | None = Field(None, ge=1, le=LARGEST_ID)
    reference_ms: int = Field(ge=0, le=LONGEST_MS)
    cover_ms: int = Field(ge=0, le=LONGEST_MS)


class SyncReportOut(BaseModel):
    id: int
