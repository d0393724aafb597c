"""What is for training and what is kept for tests: styles, sound sources, the arranger.

`splits.toml` names the styles; `sound/sources.toml` marks the sources that are held out; `songbook`
knows which tunes are.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from align.simulation.arranging.genres import load_genres
from align.simulation.sound.sources import source_names
from catalog.errors import InputError

SPLITS_FILE = Path(__file__).with_name("splits.toml")


class SplitError(InputError):
    """A split that does not exist."""


@dataclass(frozen=True)
class Split:
    """What a data set may be made of. `styles` are genres or ``mma:``, the other arranger."""

    name: str
    styles: tuple[str, ...]
    sources: tuple[str, ...]


def load_split(name: str) -> Split:
    """`train`, without anything held out, or `test`; SplitError for another name."""
    table = tomllib.loads(SPLITS_FILE.read_text(encoding="utf-8"))
    held_out = tuple(table["held_out_styles"])
    if name == "train":
        styles = tuple(each for each in load_genres() if each not in held_out)
        return Split(name, styles, source_names(held_out=False))
    if name == "test":
        styles = (*held_out, *table["shared_styles"], *table["arrangers"])
        return Split(name, styles, source_names(held_out=True))
    raise SplitError(f"split={name!r} is neither train nor test")


def limit_sources(split: Split, names: Sequence[str]) -> Split:
    """The split with these sound sources only; SplitError for one that does not belong to it."""
    strange = [name for name in names if name not in split.sources]
    if strange:
        raise SplitError(
            f"source={strange[0]!r} is none of the sources for {split.name}: {list(split.sources)}"
        )
    return replace(split, sources=tuple(names)) if names else split
