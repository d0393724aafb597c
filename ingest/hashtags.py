"""Hashtags that people wrote into titles and descriptions.

A tag is `#` and word characters of any script, folded so that `#Café` in two Unicode forms and
two cases is one tag. Keywords that a platform calls "tags" are no hashtags and are not read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from catalog.strangers_text import fold_hashtag

MAX_LENGTH = 50
"""Longer ones are no words that anybody would follow."""
MAX_NUMBER = 30
"""Per recording; walls of tags beyond it are search bait."""

_HASHTAG = re.compile(r"(?<![\w&#/])#(\w+)")


def find_hashtags(title: str | None, description: str | None) -> tuple[tuple[str, str], ...]:
    """Pairs of folded tag and origin (`title` or `description`), each tag once, title first."""
    found: dict[str, str] = {}
    for text, origin in ((title, "title"), (description, "description")):
        for name in _names_in(text or ""):
            if len(found) == MAX_NUMBER:
                return tuple(found.items())
            found.setdefault(name, origin)
    return tuple(found.items())


def _names_in(text: str) -> Iterator[str]:
    for match in _HASHTAG.finditer(unicodedata.normalize("NFKC", text)):
        name = fold_hashtag(match[1])
        if len(name) <= MAX_LENGTH and re.search(r"[^\W\d_]", name):
            yield name
