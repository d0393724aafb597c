"""Genres: families of styles. One cover's style is drawn from a genre's alternatives.

The genres are in `genres.toml`, whose head describes the notation. Grids are written for the bar
that the genre knows and are fitted to the metre of the song by `fitting`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from align.simulation.arranging.fitting import Groove, fit_grid
from align.simulation.arranging.form import FormBar
from align.simulation.arranging.plan import ArrangementPlan
from align.simulation.arranging.styles import (
    PartStyle,
    Room,
    Style,
    StyleError,
    load_instruments,
    load_style,
    load_styles,
)
from align.simulation.score.meter import METERS, Meter

GENRES_FILE = Path(__file__).parent / "genres.toml"
SWAP_SHARE = 0.35
MELODY_KINDS = ("melody", "second", "block")


@dataclass(frozen=True)
class Genre:
    """A family of styles.

    Attributes
    ----------
    parts
        tables of `PartStyle` fields whose instrument and grids may be lists of alternatives;
        `share` is the probability that the part is there at all
    melody
        instruments that may lead
    tempo_bpm
        comfortable range, heard beats per minute
    bar_beats, subdivision
        the bar that the grids are written for
    tags
        what data sets may ask for: band, solo, acoustic, electronic, metal, voices, vocal
    """

    name: str
    parts: tuple[dict[str, Any], ...]
    melody: tuple[str, ...]
    tempo_bpm: tuple[float, float] = (80.0, 140.0)
    bar_beats: int = 4
    subdivision: int = 2
    swing: float = 0.5
    timing_ms: float = 6.0
    melody_level_db: float = 1.0
    tags: tuple[str, ...] = ()
    room: Room = field(default_factory=Room)
    sound: str = "soundfont"


@cache
def load_genres() -> dict[str, Genre]:
    """All genres by name."""
    tables = tomllib.loads(GENRES_FILE.read_text(encoding="utf-8"))
    return {name: _read_genre(name, table) for name, table in tables.items()}


def find_genre(name: str) -> Genre:
    """The genre called `name`; StyleError names those that exist."""
    genres = load_genres()
    if name not in genres:
        raise StyleError(f"style={name!r} is none of {sorted({*genres, *load_styles()})}")
    return genres[name]


def realise_style(
    plan: ArrangementPlan, form: Sequence[FormBar], meter: Meter, *, rng: np.random.Generator
) -> Style:
    """Draw one band's way of playing: its instruments, its grids, who has the tune where."""
    if plan.style in load_styles():
        return _adapt_style(load_style(plan.style), plan, meter)
    genre = find_genre(plan.style)
    groove = Groove(genre.bar_beats, genre.subdivision, plan.feel)
    drawn = [_draw_part(table, groove, meter, rng) for table in genre.parts]
    parts = [part for part in drawn if part and (plan.drums or part.kind != "drums")]
    if plan.melody == "absent":
        parts = [part for part in parts if part.kind not in MELODY_KINDS]
        lead: list[PartStyle] = []
    else:
        lead = _draw_melody(genre, plan, form, rng)
    if not lead and not parts:
        raise StyleError(f"style={plan.style!r} has nothing to play without a melody and drums")
    swing = genre.swing if plan.swing is None else plan.swing
    return Style(
        name=genre.name,
        meter=meter,
        parts=tuple(lead + parts),
        tempo_bpm=float(np.mean(genre.tempo_bpm)),
        rubato=plan.rubato,
        timing_ms=genre.timing_ms,
        swing=swing if meter.subdivision == 2 else 0.5,
        ritardando=plan.ritardando,
        room=genre.room,
        sound=genre.sound,
    )


def _adapt_style(style: Style, plan: ArrangementPlan, meter: Meter) -> Style:
    """A written style under a plan; those in four-four are fitted to other metres."""
    if style.meter != meter and style.meter != METERS["four-four"]:
        raise StyleError(f"style={style.name!r} is written for another metre: choose another style")
    groove = Groove(4, 2, plan.feel)
    parts = [
        replace(
            part, grids={key: fit_grid(grid, groove, meter) for key, grid in part.grids.items()}
        )
        if style.meter == METERS["four-four"]
        else part
        for part in style.parts
        if (plan.drums or part.kind != "drums")
        and (plan.melody != "absent" or part.kind not in MELODY_KINDS)
    ]
    swing = style.swing if plan.swing is None else plan.swing
    return replace(
        style,
        meter=meter,
        parts=tuple(parts),
        rubato=plan.rubato,
        ritardando=plan.ritardando,
        swing=swing if meter.subdivision == 2 else 0.5,
    )


def _draw_part(
    table: dict[str, Any], groove: Groove, meter: Meter, rng: np.random.Generator
) -> PartStyle | None:
    is_there = rng.random() < table.get("share", 1.0)
    instrument = _one_of(table["instrument"], rng)
    grids = {
        key: fit_grid(_one_of(grid, rng), groove, meter)
        for key, grid in table.get("grids", {}).items()
    }
    if not is_there:
        return None
    rest = {k: v for k, v in table.items() if k not in ("share", "instrument", "grids", "energy")}
    rest["level_db"] = table.get("level_db", 0.0) + float(rng.normal() * 1.2)
    energy = tuple(table.get("energy", (0.0, 1.0)))
    return PartStyle(instrument=instrument, grids=grids, energy=(energy[0], energy[1]), **rest)


def _one_of(alternatives: Any, rng: np.random.Generator) -> Any:
    if isinstance(alternatives, list):
        return alternatives[int(rng.integers(len(alternatives)))]
    return alternatives


def _draw_melody(
    genre: Genre, plan: ArrangementPlan, form: Sequence[FormBar], rng: np.random.Generator
) -> list[PartStyle]:
    """One leader, or two that swap by section."""
    names = list(genre.melody)
    if plan.kind == "instrumental":
        names = [name for name in names if not name.startswith("voice")] or ["piano"]
    rng.shuffle(names)
    sections = list(dict.fromkeys(bar.section for bar in form))
    swaps = len(names) > 1 and len(sections) > 2 and rng.random() < SWAP_SHARE
    groups = [tuple(sections[0::2]), tuple(sections[1::2])] if swaps else [()]
    pan = float(rng.uniform(-0.25, 0.25))
    return [
        PartStyle(
            name=f"melody {i + 1}",
            instrument=name,
            kind="melody",
            sections=group,
            octave=plan.melody_octave,
            level_db=genre.melody_level_db,
            pan=pan,
            legato=0.97,
        )
        for i, (name, group) in enumerate(zip(names, groups, strict=False))
    ]


def _read_genre(name: str, table: dict[str, Any]) -> Genre:
    try:
        room = Room(**table.get("room", {}))
        tempo = table.get("tempo_bpm", (80.0, 140.0))
        rest = {k: v for k, v in table.items() if k not in ("parts", "room", "tempo_bpm")}
        rest = {k: tuple(v) if isinstance(v, list) else v for k, v in rest.items()}
        parts = tuple(table.get("parts", ()))
        genre = Genre(name=name, parts=parts, room=room, tempo_bpm=(tempo[0], tempo[1]), **rest)
    except (KeyError, TypeError) as error:
        raise StyleError(f"style={name!r}: {error}") from error
    _check_instruments(genre)
    return genre


def _check_instruments(genre: Genre) -> None:
    named = [part["instrument"] for part in genre.parts]
    flat = [n for each in named for n in (each if isinstance(each, list) else [each])]
    for name in (*genre.melody, *flat):
        if name not in load_instruments():
            raise StyleError(f"instrument={name!r} is none of {sorted(load_instruments())}")
