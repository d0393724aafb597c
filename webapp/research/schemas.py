"""The JSON of kept evaluation runs, as models; the OpenAPI document is made of them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from webapp.queries import LARGEST_ID


class RunsQuery(BaseModel):
    """Which runs."""

    limit: int = Field(50, ge=1, le=200, description="Runs per page.")
    cursor: int = Field(0, ge=0, le=LARGEST_ID, description="`next_cursor` of the page before.")
    dataset: str | None = Field(
        None, min_length=1, max_length=200, description="A data set's name."
    )


class RunCard(BaseModel):
    """One method measured on one data set; `summary` as in `covers.metrics/1`."""

    id: int
    dataset: str
    method: str
    model: str | None
    version: str = Field(description="Of the program that measured.")
    created_at: str = Field(description="ISO 8601, UTC.")
    n_covers: int
    summary: dict[str, Any]
    url: str


class RunsOut(BaseModel):
    runs: list[RunCard]
    next_cursor: int | None


class RunOut(RunCard):
    document: dict[str, Any] = Field(description="The whole `covers.metrics/1` document.")
