"""What the desk's API takes and gives."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from webapp.desk.deciding import Deed


class DeskCover(BaseModel):
    id: int
    song: str
    title: str
    performer: str | None
    status: str
    reason: str | None
    relation: str | None
    relation_scores: dict[str, float] | None
    confidence: float | None


class InboxQuery(BaseModel):
    status: str = Field(default="in_review", description="A status, or `all`.")
    song: str | None = None
    skip: int = Field(default=0, ge=0, le=1_000_000)
    limit: int = Field(default=50, ge=1, le=200)


class InboxOut(BaseModel):
    covers: list[DeskCover]
    total: int


class DecisionIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    do: Deed
    reason: str = Field(default="", max_length=300)


class AnchorJson(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reference_s: float = Field(ge=0, allow_inf_nan=False)
    cover_s: float = Field(ge=0, allow_inf_nan=False)


class AnchorsIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    anchors: list[AnchorJson] = Field(max_length=2000)


class AnchorsOut(BaseModel):
    anchors: list[AnchorJson]


class ReviewOut(BaseModel):
    """A cover with all that is needed to hear it against its reference."""

    cover: DeskCover
    duration_ms: int | None
    media_url: str | None
    peaks_url: str | None
    segments: list[dict[str, Any]]
    anchors: list[AnchorJson]
    reference: dict[str, Any]


class JobJson(BaseModel):
    id: int
    what: str
    song: str
    url: str | None
    stage: str
    status: str
    progress: float
    attempts: int


class JobsOut(BaseModel):
    jobs: list[JobJson]
    counts: dict[str, int]
    in_review: int
