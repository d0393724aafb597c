"""Where sounds come from, as data, and how a source is opened by name.

`sources.toml` names them. A source plays the notes of one part; the notes are heard to begin at
their `start_s` whatever the attack, and A4 is 440 Hz.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from align.materials import fetch_material
from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.synthesis import Audio
from catalog.errors import InputError, SourceError

SOURCES_FILE = Path(__file__).parent / "sources.toml"
KINDS = ("instruments", "drums", "voice")


class SoundSourceError(InputError):
    """A sound source that does not exist."""


class Source(Protocol):
    """Plays the notes of one part."""

    sample_rate: int

    def render(
        self,
        notes: Sequence[PlayedNote],
        instrument: Instrument,
        *,
        n_samples: int,
        rng: np.random.Generator,
    ) -> Audio:
        """The sound of one part. Returns (n_samples, 2)."""


@dataclass(frozen=True)
class SourceInfo:
    """One entry of `sources.toml`. `program` replaces the instruments' own.

    `singers` are bodies of `singers`, empty for all.
    """

    name: str
    kind: str
    engine: str
    licence: str
    material: str = ""
    file: str = ""
    held_out: bool = False
    program: int | None = None
    singers: tuple[str, ...] = ()


@cache
def load_sources() -> dict[str, SourceInfo]:
    """All sources by name."""
    tables = tomllib.loads(SOURCES_FILE.read_text(encoding="utf-8"))
    return {name: SourceInfo(name, **_hardened(table)) for name, table in tables.items()}


def _hardened(table: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


def source_names(kind: str | None = None, *, held_out: bool | None = None) -> tuple[str, ...]:
    """Names of the sources of a kind, held out for tests, not held out, or (None) both."""
    return tuple(
        info.name
        for info in load_sources().values()
        if kind in (None, info.kind) and held_out in (None, info.held_out)
    )


def source_role(instrument: Instrument) -> str:
    """Which kind of source plays an instrument."""
    if instrument.is_drums:
        return "drums"
    return "voice" if instrument.name.startswith("voice_") else "instruments"


@cache
def open_source(name: str, *, sample_rate: int) -> Source:
    """Open a source, once in a process for each sample rate.

    Raises
    ------
    SoundSourceError
        when there is no source of this name
    SourceError
        when its material cannot be had
    """
    info = load_sources().get(name)
    if info is None:
        raise SoundSourceError(f"source={name!r} is none of {sorted(load_sources())}")
    if info.engine == "additive":
        from align.simulation.sound.additive import AdditiveSource

        return AdditiveSource(sample_rate=sample_rate)
    if info.engine == "models":
        from align.simulation.sound.models import ModelSource

        return ModelSource(sample_rate=sample_rate)
    if info.engine == "singer":
        from align.simulation.sound.singers import find_bodies
        from align.simulation.sound.singing import SingerSource

        return SingerSource(sample_rate, find_bodies(info.singers))
    path = find_source_file(info)
    if info.engine == "samples":
        from align.simulation.sound.samples import SampleSource

        return SampleSource(path, sample_rate=sample_rate)
    from align.simulation.sound.soundfont import SoundFontSource

    return SoundFontSource(path, sample_rate=sample_rate, program=info.program)


def find_source_file(info: SourceInfo) -> Path:
    """The source's file or folder inside its material."""
    folder = fetch_material(info.material)
    path = folder / info.file
    if path.exists():
        return path
    for found in sorted(folder.rglob(Path(info.file).name)):
        return found
    raise SourceError(f"source={info.name!r} needs {info.file}, which is not in {folder}")
