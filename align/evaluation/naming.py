"""What files about single covers are called: by the recording's stem, and its song on a clash."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from align.datasets.reading import CoverEntry

_UNSAFE = re.compile(r"[^\w.+-]+")


Place = tuple[str, Path]
"""A cover's song and file: one recording may be a cover of two songs."""


def place_of(entry: CoverEntry) -> Place:
    """What tells a cover from all others."""
    return entry.song, entry.file


def file_stems(entries: Sequence[CoverEntry]) -> dict[Place, str]:
    """A name for each cover, different for each, without anything that a path cannot hold.

    It does not depend on the order of the entries.
    """
    plain = Counter(_safe(each.file.stem) for each in entries)
    stems: dict[Place, str] = {}
    taken: Counter[str] = Counter()
    for each in sorted(entries, key=place_of):
        stem = _safe(each.file.stem)
        if plain[stem] > 1:
            stem = f"{_safe(each.song)}-{stem}"
        taken[stem] += 1
        stems[place_of(each)] = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
    return stems


def _safe(name: str) -> str:
    return _UNSAFE.sub("-", name).strip(".-")[:120] or "cover"
