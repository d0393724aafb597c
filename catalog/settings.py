"""Settings: one table, read from the environment (`COVERS_` and the name in capitals).

Folders follow the XDG base directory specification. `REDIS_URL` and `DATABASE_URL` are read
without the prefix too, because every host sets them so. A variable that is set to nothing counts
as not set: an empty folder would be the working directory.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from catalog.errors import SettingsError


def _xdg(variable: str, fallback: str) -> Path:
    base = os.environ.get(variable) or str(Path.home() / fallback)
    return Path(base) / "infinite-covers"


class Settings(BaseSettings):
    """Everything an owner can set. Each field's description is its documentation."""

    model_config = SettingsConfigDict(
        env_prefix="COVERS_",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
        allow_inf_nan=False,
    )

    data_folder: Path = Field(
        default_factory=lambda: _xdg("XDG_DATA_HOME", ".local/share"),
        description="Database and media.",
    )
    cache_folder: Path = Field(
        default_factory=lambda: _xdg("XDG_CACHE_HOME", ".cache"),
        description="What can be computed or fetched again: features, pinned archives.",
    )
    database_url: str = Field(
        default="",
        validation_alias=AliasChoices("COVERS_DATABASE_URL", "DATABASE_URL", "database_url"),
        description="SQLAlchemy address; empty means SQLite in the data folder.",
    )
    redis_url: str = Field(
        default="",
        validation_alias=AliasChoices("COVERS_REDIS_URL", "REDIS_URL", "redis_url"),
        description="Broker; empty means a Valkey server of our own on a unix socket.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="Address that the web server binds to.",
    )
    port: int = Field(default=5000, ge=1, le=65535, description="Port of the web server.")
    secret_key: str = Field(
        default="",
        repr=False,
        description="Signs cookies: 32 random characters or more; empty means one that is made "
        "and kept in the data folder.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=8,
        description="Proxies in front whose X-Forwarded-For, -Proto and -Host are believed.",
    )
    web_threads: int = Field(default=32, ge=1, le=512, description="Threads of the web server.")
    play_batches_per_minute: float = Field(
        default=60.0,
        gt=0,
        description="Batches of play events that one address may send per minute.",
    )
    workers: int = Field(
        default=1,
        ge=1,
        le=64,
        description="Worker processes that align; each takes one core and about 1 GB.",
    )
    max_duration_s: float = Field(
        default=1200.0,
        gt=0,
        description="Longest recording that is accepted, in seconds.",
    )
    max_media_mib: int = Field(
        default=500,
        ge=1,
        description="Largest media file that is fetched, in MiB.",
    )
    min_free_mib: int = Field(
        default=500,
        ge=0,
        description="Free disk space, in MiB, below which nothing is fetched.",
    )
    publish_confidence: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Covers with at least this confidence are published without review.",
    )
    reject_confidence: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Covers with less confidence than this are rejected without review.",
    )
    host_pause_s: float = Field(
        default=10.0,
        ge=0,
        description="Pause between two downloads from one host, in seconds; "
        "up to twice as long is drawn.",
    )
    media_budget_mib: int = Field(
        default=0,
        ge=0,
        description="Most space that fetched media takes, in MiB; 0 means what the disk has.",
    )
    media_keep_days: float = Field(
        default=7.0,
        ge=0,
        description="Days after the decision for which media that is not hosted is kept.",
    )
    renditions: bool = Field(
        default=False,
        description="Whether hosted covers are also kept warped to their reference's tempo, for "
        "steady listening; about 1.4 MB a minute.",
    )
    renditions_in_key: bool = Field(
        default=False,
        description="Whether renditions are also transposed to their reference's key.",
    )
    recheck_h: float = Field(
        default=20.0,
        ge=1,
        description="Hours after which a published cover's source is asked whether it is still "
        "there.",
    )
    harvest_tick_s: float = Field(
        default=60.0,
        ge=1,
        description="Seconds between two looks at which searches and checks are due.",
    )
    max_attempts: int = Field(
        default=3,
        ge=1,
        le=20,
        description="Attempts at one job before it counts as failed.",
    )
    lease_s: float = Field(
        default=20.0,
        gt=0,
        description="Seconds without a heartbeat after which a running job is taken back.",
    )
    madmom_weights: bool = Field(
        default=False,
        description="Whether the evaluation may load madmom's beat-tracking weights, which are "
        "licensed CC BY-NC-SA for non-commercial use only.",
    )
    youtube_mode: Literal["single", "triple", "off"] = Field(
        default="single",
        description="How covers that only YouTube may play are shown: `single` plays the centre "
        "and shows stills beside it, as YouTube's rules ask; `triple` plays all three, by the "
        "owner's own agreement with YouTube; `off` leaves them out.",
    )
    youtube_stand_in: str = Field(
        default="",
        description="HOST:PORT on this machine that stands in for YouTube's players in tests; "
        "only while the web server is bound to loopback.",
    )
    allowed_private_host: str = Field(
        default="",
        description="One HOST:PORT on a private network that fetching may reach; "
        "only while the web server is bound to loopback.",
    )

    @property
    def database_address(self) -> str:
        """The SQLAlchemy address in force, with psycopg 3 for PostgreSQL."""
        if not self.database_url:
            return f"sqlite:///{self.data_folder / 'catalog.sqlite3'}"
        for scheme in ("postgres://", "postgresql://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url.removeprefix(scheme)
        return self.database_url

    @property
    def media_folder(self) -> Path:
        """Where fetched media lies, a folder per recording."""
        return self.data_folder / "media"

    @property
    def uploads_folder(self) -> Path:
        """Where files from a browser lie until the worker has copied them: without links."""
        return (self.data_folder / "uploads").resolve()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        SettingsError: naming the variable, its value and what is wrong with it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).removeprefix("COVERS_").upper()
        raise SettingsError(
            f"COVERS_{name}={first['input']!r} is not usable: {first['msg']}"
        ) from error


def shown_settings(settings: Settings) -> dict[str, str | int | float | bool]:
    """Every setting by name, as it may be printed: secrets are not."""
    return {
        name: shown_value(getattr(settings, name) if field.repr else "***")
        for name, field in type(settings).model_fields.items()
    }


def shown_value(value: object) -> str | int | float | bool:
    """A setting as it may be printed: addresses lose their password."""
    if isinstance(value, str):
        hidden = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", value)
        return re.sub(r"([?&]password=)[^&]*", r"\1***", hidden)
    return value if isinstance(value, bool | int | float) else str(value)
