"""What a sidecar or yt-dlp says about a recording, with yt-dlp's names for the fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from catalog.songs import Found
from catalog.strangers_text import clean_line, clean_text
from ingest.addresses import public_address
from ingest.canonical import canonical_url
from ingest.hashtags import find_hashtags
from ingest.sources.facts import Facts

MAX_LINE = 500
MAX_TEXT = 10_000


def _cut(clean: Callable[[str], str], limit: int) -> AfterValidator:
    """Clean strangers' text and cut it to a length; nothing left is `None`."""
    return AfterValidator(lambda text: None if text is None else clean(text)[:limit] or None)


def is_address(location: str) -> bool:
    """Whether a location is an address rather than a path."""
    return location.lower().startswith(("http://", "https://"))


def _web_address(address: str | None) -> str | None:
    """Only web addresses become links: anything else could run in a listener's browser."""
    if address is None or not is_address(address):
        return None
    return public_address(address) or None


Line = Annotated[str | None, _cut(clean_line, MAX_LINE)]
Text = Annotated[str | None, _cut(clean_text, MAX_TEXT)]
WebAddress = Annotated[Line, AfterValidator(_web_address)]


class Description(BaseModel):
    """The fields that are kept; whatever else is there is ignored. Duration in seconds."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    title: Line = None
    uploader: Line = None
    uploader_url: WebAddress = None
    description: Text = None
    license: Line = None
    webpage_url: WebAddress = None
    duration: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @classmethod
    def from_untrusted(cls, fields: Mapping[str, Any]) -> Description:
        """Keep the fields that can be used and drop the others."""
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            unusable = {each["loc"][0] for each in error.errors()}
            return cls.model_validate({k: v for k, v in fields.items() if k not in unusable})

    def as_found(
        self,
        *,
        source: str,
        source_id: str,
        location: str,
        fallback: str,
        facts: Facts | None = None,
    ) -> Found:
        """The recording in the catalog's words; `fallback` is its title where it has none."""
        return Found(
            source=source,
            source_id=source_id,
            location=location,
            title=self.title or fallback,
            performer=self.uploader,
            performer_url=self.uploader_url,
            page_url=self.webpage_url,
            licence=self.license,
            description=self.description,
            duration_s=self.duration,
            hashtags=find_hashtags(self.title, self.description),
            canonical_url=canonical_url(location),
            facts=facts.to_json() if facts else {},
        )
