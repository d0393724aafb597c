"""The JSON that leaves the server, as models; the OpenAPI document is made of them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from webapp.queries import LARGEST_ID

MOST_IDS = 200


def split_ids(text: str) -> list[int]:
    """Numbers with commas between them; those that no database has are left out."""
    return [int(each) for each in text.split(",") if each and int(each) <= LARGEST_ID]


class CoversQuery(BaseModel):
    """Which covers of a song."""

    limit: int = Field(50, ge=1, le=200, description="Covers per page.")
    cursor: int = Field(0, ge=0, le=LARGEST_ID, description="`next_cursor` of the page before.")
    tag: str | None = Field(None, min_length=1, max_length=100, description="A hashtag's name.")
    ids: str | None = Field(
        None,
        pattern=rf"^\d{{1,10}}(,\d{{1,10}}){{0,{MOST_IDS - 1}}}$",
        description=f"Only these covers, at most {MOST_IDS}, with commas; nothing else counts.",
    )

    @property
    def named_ids(self) -> list[int]:
        """`ids` as numbers that a database may have."""
        return split_ids(self.ids or "")


class SongCard(BaseModel):
    slug: str
    title: str
    composer: str | None
    cover_count: int
    poster_url: str | None
    url: str


class SongsOut(BaseModel):
    songs: list[SongCard]


class YouTubeOut(BaseModel):
    """A recording that YouTube's own player plays."""

    player_url: str
    still_url: str


class RecordingOut(BaseModel):
    """A recording that can be played, with its credit."""

    id: int
    title: str
    performer: str | None
    performer_url: str | None
    page_url: str | None
    licence: str | None
    duration_ms: int | None
    tempo_bpm: float | None
    media_url: str | None
    media_type: str | None
    has_video: bool
    poster_url: str | None
    youtube: YouTubeOut | None = Field(
        description="Where YouTube plays it, when there is no `media_url` of our own."
    )


class SectionOut(BaseModel):
    start_ms: int
    end_ms: int
    label: str


class ReferenceOut(RecordingOut):
    """The recording that owns the timeline. Beats and downbeats are delta coded."""

    beats_ms: list[int]
    downbeats_ms: list[int]
    sections: list[SectionOut]


class SongOut(BaseModel):
    slug: str
    title: str
    composer: str | None
    cover_count: int
    reference: ReferenceOut | None


class CompactSegment(BaseModel):
    """One stretch of a time map. Both times are delta coded; confidence is in percent."""

    reference_ms: list[int]
    cover_ms: list[int]
    confidence: list[int]


class RenditionOut(BaseModel):
    """A cover's sound warped onto the reference's timeline, to be played at rate 1.

    Its map is the identity wherever it has sound; `segments` say where that is.
    """

    media_url: str
    media_type: str
    transposition_semitones: int
    segments: list[CompactSegment]


class CoverOut(RecordingOut):
    """A cover; `spans_ms` says which parts of the reference's timeline it plays."""

    relation: str | None
    confidence: int
    transposition_semitones: int
    tuning_cents: float
    tempo_ratio: float = Field(description="Seconds of reference per second of cover.")
    spans_ms: list[tuple[int, int]]
    tags: list[str]
    time_map_url: str
    rendition: RenditionOut | None = Field(description="For steady mode, where there is one.")


class CoversOut(BaseModel):
    covers: list[CoverOut]
    next_cursor: int | None


class TimeMapOut(BaseModel):
    cover_id: int
    model: str
    segments: list[CompactSegment]


class SongStatus(BaseModel):
    slug: str
    title: str
    reference_status: str | None
    covers_by_status: dict[str, int]


class LibraryOut(BaseModel):
    songs: list[SongStatus]
    jobs_by_status: dict[str, int]
