"""Styles as data: which parts play, what they play, how, and in what room.

The styles are in `styles.toml`, the instruments in `instruments.toml`; both notations are
described at the head of the files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from align.simulation.score.meter import METERS, Meter
from catalog.errors import InputError

STYLES_FILE = Path(__file__).parent / "styles.toml"
INSTRUMENTS_FILE = Path(__file__).parent / "instruments.toml"


class StyleError(InputError):
    """A style or an instrument that does not exist or is written wrongly."""


@dataclass(frozen=True)
class Instrument:
    """A sound: General MIDI `program` (or drum kit) and the `voice` of our own synthesis.

    `attack_ms` is how long a soundfont note takes to be heard; it starts that much early.
    """

    name: str
    program: int = 0
    is_drums: bool = False
    voice: str = "reed"
    attack_ms: float = 0.0


@dataclass(frozen=True)
class PartStyle:
    """What one part plays.

    Attributes
    ----------
    kind
        a key of `arrangement.KINDS`: melody, second, grid, drums, pad, walk ...
    grids
        a section's name or label, or a level (``calm``, ``full``, ``build``), to its grid;
        ``default`` to all others. Several grids in a tuple follow each other bar by bar
    sections
        limits the part to sections of these names or labels; empty means everywhere
    energy
        limits the part to bars of this energy, ends included
    fills
        how drums fill at the ends of phrases: a key of `rhythm.FILLS`, "" for never
    octave, lowest_pitch
        moves the melody; where chords are voiced from
    level_db, pan
        loudness beside the other parts; -1 (left) to 1
    strum_ms, late_ms
        spread of simultaneous tones; how far the part lies behind the beat
    legato
        length of notes as a share of what is written
    """

    name: str
    instrument: str
    kind: str
    grids: Mapping[str, Any] = field(default_factory=dict)
    sections: tuple[str, ...] = ()
    octave: int = 0
    lowest_pitch: int = 48
    level_db: float = 0.0
    pan: float = 0.0
    strum_ms: float = 0.0
    legato: float = 1.0
    late_ms: float = 0.0
    energy: tuple[float, float] = (0.0, 1.0)
    fills: str = ""


@dataclass(frozen=True)
class Room:
    """A reverberation: time to -60 dB and the share of it in the sound."""

    seconds: float = 0.8
    wet: float = 0.12


@dataclass(frozen=True)
class Style:
    """A way of playing any tune."""

    name: str
    meter: Meter
    parts: tuple[PartStyle, ...]
    tempo_bpm: float
    rubato: float = 0.01
    timing_ms: float = 5.0
    swing: float = 0.5
    ritardando: float = 1.3
    room: Room = Room()
    sound: str = "soundfont"


@cache
def load_styles() -> dict[str, Style]:
    """All styles by name."""
    tables = tomllib.loads(STYLES_FILE.read_text(encoding="utf-8"))
    return {name: _read_style(name, table) for name, table in tables.items()}


@cache
def load_instruments() -> dict[str, Instrument]:
    """All instruments by name."""
    tables = tomllib.loads(INSTRUMENTS_FILE.read_text(encoding="utf-8"))
    return {name: Instrument(name, **table) for name, table in tables.items()}


def load_style(name: str) -> Style:
    """The style called `name`; StyleError names those that exist."""
    styles = load_styles()
    if name not in styles:
        raise StyleError(f"style={name!r} is none of {sorted(styles)}")
    return styles[name]


def _read_style(name: str, table: dict[str, Any]) -> Style:
    try:
        parts = tuple(_read_part(part) for part in table["parts"])
        meter, room = METERS[table["meter"]], Room(**table.get("room", {}))
        rest = {k: v for k, v in table.items() if k not in {"parts", "meter", "room"}}
        return Style(name=name, meter=meter, parts=parts, room=room, **rest)
    except (KeyError, TypeError) as error:
        raise StyleError(f"style={name!r}: {error}") from error


def _read_part(table: dict[str, Any]) -> PartStyle:
    instrument = table["instrument"]
    if instrument not in load_instruments():
        raise StyleError(f"instrument={instrument!r} is none of {sorted(load_instruments())}")
    return PartStyle(**{**table, "sections": tuple(table.get("sections", ()))})
