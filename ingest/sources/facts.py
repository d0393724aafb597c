"""What a source says of a recording besides its description, with yt-dlp's names for the fields.

Many are absent when a list is read, and come only when the recording itself is asked for. So
screening reads them twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MAX_WORDS = 30

Word = str


class Facts(BaseModel):
    """Absent means that the source did not say."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    media_type: str | None = Field(default=None, max_length=40)
    """`video`, `short`, `livestream` or `episode`."""
    live_status: str | None = Field(default=None, max_length=40)
    """`is_live`, `is_upcoming`, `was_live`, `not_live` or `post_live`."""
    availability: str | None = Field(default=None, max_length=40)
    """`public`, `unlisted`, `needs_auth`, `subscriber_only`, `premium_only` or `private`."""
    playable_in_embed: bool | None = None
    language: str | None = Field(default=None, max_length=40)
    age_limit: int | None = Field(default=None, ge=0, le=99)
    upload_date: str | None = Field(default=None, pattern=r"^\d{8}$")
    categories: tuple[Word, ...] = ()
    tags: tuple[Word, ...] = ()
    """The uploader's keywords. They are no hashtags."""

    @classmethod
    def from_untrusted(cls, fields: Mapping[str, Any]) -> Facts:
        """Keep the fields that can be used and drop the others."""
        known = {name: fields[name] for name in cls.model_fields if fields.get(name) is not None}
        for name in ("categories", "tags"):
            if isinstance(known.get(name), list | tuple):
                known[name] = [str(each)[:100] for each in known[name][:MAX_WORDS]]
        try:
            return cls.model_validate(known)
        except ValidationError as error:
            unusable = {each["loc"][0] for each in error.errors()}
            return cls.model_validate({k: v for k, v in known.items() if k not in unusable})

    def to_json(self) -> dict[str, Any]:
        """What was said, without what was not."""
        return self.model_dump(mode="json", exclude_defaults=True)
