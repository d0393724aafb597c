"""Tunes by name, ready to be made into songs, and which of them may be trained on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from align.simulation.score.harmonising import harmonise
from align.simulation.score.identity import SAME_TUNE, melodic_likeness
from align.simulation.score.leadsheets import SkippedTune, read_lead_sheets
from align.simulation.score.tune import TUNES, Tune
from catalog.errors import InputError
from catalog.settings import get_settings

Songbook = dict[str, Tune]


def read_songbook(path: Path, *, split: str) -> tuple[Songbook, list[str]]:
    """The tunes of a file or folder, and why others were left out.

    Parameters
    ----------
    split
        for ``train`` the tunes that are kept for tests are left out, in whatever disguise

    Raises
    ------
    InputError
        when there is nothing at `path`
    """
    if not path.exists():
        raise InputError(f"{path} does not exist: name a lead sheet or a folder of them")
    skipped: list[SkippedTune] = []
    kept = get_settings().cache_folder / "lead-sheets"
    tunes = read_lead_sheets(path, on_skip=skipped.append, cache_folder=kept)
    reasons = [f"{each.title} in {each.file.name}: {each.reason}" for each in skipped]
    book = name_tunes(tunes)
    if split == "train":
        for name in find_test_tunes(book):
            reasons.append(f"{book.pop(name).title}: kept for tests")
    return book, reasons


def choose_tunes(book: Songbook, count: int | None, *, seed: int) -> Songbook:
    """`count` tunes drawn by a seed, in their order; all without a count."""
    if count is None or count >= len(book):
        return book
    names = list(book)
    chosen = np.random.default_rng(seed).permutation(len(names))[:count]
    return {names[i]: book[names[i]] for i in sorted(chosen.tolist())}


def name_tunes(tunes: Iterable[Tune]) -> Songbook:
    """Tunes by names that files can have: `auld-lang-syne`; a second one is `auld-lang-syne-2`."""
    named: Songbook = {}
    for tune in tunes:
        base = slugify(tune.title)
        name, count = base, 1
        while name in named:
            count += 1
            name = f"{base}-{count}"
        named[name] = harmonise(tune)
    return named


def slugify(title: str) -> str:
    """Letters and digits of a title, at most 40, in lower case, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "tune"


@cache
def held_out_tunes() -> tuple[Tune, ...]:
    """What is never trained on: the tunes of the test data sets and of the demo."""
    return read_lead_sheets(TUNES)


@cache
def held_out_songbook() -> Mapping[str, Tune]:
    """The tunes of the test data sets, by name."""
    sheets = (read_lead_sheets(file) for file in sorted(TUNES.glob("*.abc")))
    return name_tunes(tune for tunes in sheets for tune in tunes)


def find_test_tunes(book: Mapping[str, Tune]) -> list[str]:
    """Names of the tunes that are held-out ones under whatever name and key."""
    return [
        name
        for name, tune in book.items()
        if any(melodic_likeness(tune, test) >= SAME_TUNE for test in held_out_tunes())
    ]
