"""Words in titles: folded, and compared as whole words in every script."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from catalog.strangers_text import fold_words

_NOT_SPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts that write words without spaces, or with endings that follow them directly."""

SHORTEST_MISSPELLED = 7


def joined(text: str) -> str:
    """Folded, without any space: the form of a hashtag."""
    return fold_words(text).replace(" ", "").replace("_", "")


@lru_cache(maxsize=4096)
def _pattern(phrase: str) -> re.Pattern[str]:
    open_end = phrase.endswith("*")
    words = re.escape(fold_words(phrase))
    if _NOT_SPACED.search(phrase):
        return re.compile(words)
    return re.compile(rf"(?<!\w){words}" + ("" if open_end else r"(?!\w)"))


def find_phrase(text: str, phrases: Iterable[str]) -> str | None:
    """The first phrase that a folded text holds as whole words, `None` where it holds none."""
    return next(
        (each for each in phrases if fold_words(each) and _pattern(each).search(text)), None
    )


def find_misspelled(text: str, names: Iterable[str]) -> str | None:
    """The first name that a folded text holds with a letter wrong, missing or too many.

    One letter for every seven; spaces do not count. Short names are too easily something else.
    """
    words = text.split()
    for name in names:
        wanted, count = joined(name), len(fold_words(name).split())
        if len(wanted) >= SHORTEST_MISSPELLED and any(
            _distance(wanted, "".join(words[start : start + size])) <= len(wanted) // 7
            for size in range(max(count - 1, 1), count + 2)
            for start in range(len(words) - size + 1)
        ):
            return name
    return None


def _distance(one: str, other: str) -> int:
    """Letters to be changed, put in or left out (Levenshtein)."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for column, against in enumerate(other, 1):
            here = min(row[column] + 1, row[column - 1] + 1, before + (letter != against))
            before, row[column] = row[column], here
    return row[-1]


@lru_cache(maxsize=1)
def word_lists() -> dict[str, tuple[str, ...]]:
    """The lists of `words.toml` by name."""
    with (Path(__file__).parent / "words.toml").open("rb") as opened:
        return {name: tuple(each["words"]) for name, each in tomllib.load(opened).items()}
