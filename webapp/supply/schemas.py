"""The JSON of companions and hashtags, as models."""

from __future__ import annotations

from pydantic import BaseModel, Field

from catalog.mixes import LONGEST_MS
from catalog.strangers_text import fold_hashtag
from webapp.queries import LARGEST_ID
from webapp.schemas import CoverOut, split_ids

MOST_COMPANIONS = 40
MOST_EXCLUDED = 200
MOST_TAGS = 300
_TAGS = Field("", max_length=1000, description="Hashtags' names with commas between them.")


def split_tags(text: str) -> list[str]:
    """Names in their folded form."""
    names = (fold_hashtag(each) for each in text.split(","))
    return [each for each in names if each]


class CompanionsQuery(BaseModel):
    """Whom a player wants beside the cover in its centre."""

    near: int | None = Field(
        None, ge=1, le=LARGEST_ID, description="The cover to stay near to; without, the Reference."
    )
    at_ms: int | None = Field(
        None, ge=0, le=LONGEST_MS, description="Where in the song they are needed."
    )
    until_ms: int | None = Field(None, ge=0, le=LONGEST_MS, description="And until when.")
    exclude: str = Field(
        "",
        pattern=rf"^(\d{{1,10}}(,\d{{1,10}}){{0,{MOST_EXCLUDED - 1}}})?$",
        description=f"Ids of covers that are not wanted, at most {MOST_EXCLUDED}, with commas.",
    )
    tags: str = _TAGS
    reach: float = Field(0, ge=0, le=1, description="0 for the nearest, 1 for the furthest.")
    limit: int = Field(12, ge=1, le=MOST_COMPANIONS)

    @property
    def excluded_ids(self) -> list[int]:
        """`exclude` as numbers that a database may have."""
        return split_ids(self.exclude)


class CompanionsOut(BaseModel):
    """The best first, with some chance; `left` covers have all of the tags."""

    covers: list[CoverOut]
    left: int


class HashtagsQuery(BaseModel):
    """Which hashtags of a song."""

    tags: str = _TAGS
    q: str = Field("", max_length=100, description="A part of their names.")
    limit: int = Field(MOST_TAGS, ge=1, le=MOST_TAGS, description="The first so many.")


class HashtagOut(BaseModel):
    name: str
    covers: int
    left: int = Field(description="How many covers have it and all of `tags`.")
    origins: dict[str, int]


class HashtagsOut(BaseModel):
    """Chosen ones first, then by what they leave."""

    hashtags: list[HashtagOut]
    tags: list[str] = Field(description="Those of the asked `tags` that the song has.")
    left: int = Field(description="How many covers have all of them.")
