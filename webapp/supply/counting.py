"""How many covers each hashtag would leave, beside those that are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from webapp.supply.candidates import Candidates, Ints, Rows, Tag

MOST_KEPT = 1000
"""Choices of tags whose counts are kept, for as long as the candidates are."""


@dataclass(frozen=True)
class Offer:
    """A tag, and how many covers have it and everything that is chosen."""

    tag: Tag
    left: int


@dataclass(frozen=True)
class Offers:
    """Tags that can be chosen, chosen ones first, then by what they leave; and what is left now."""

    offers: Sequence[Offer]
    chosen: Sequence[str]
    left: int


def offer_tags(candidates: Candidates, *, chosen: Sequence[str], search: str, limit: int) -> Offers:
    """The most telling `limit` tags whose names have `search` in them, and all chosen ones.

    Chosen tags that no cover has are passed over: a link may be older than a takedown.
    """
    known = [name for name in dict.fromkeys(chosen) if name in candidates.tags]
    rows = candidates.with_tags(known)
    left = _left(candidates, known, rows)
    tags = list(candidates.tags.values())
    found = [
        number for number, tag in enumerate(tags) if search in tag.name and tag.name not in known
    ]
    order = np.argsort(-left[found], kind="stable")[: max(0, limit - len(known))]
    numbers = [number for number, tag in enumerate(tags) if tag.name in known] if known else []
    numbers += [found[each] for each in order]
    return Offers([Offer(tags[each], int(left[each])) for each in numbers], known, len(rows))


def _left(candidates: Candidates, known: Sequence[str], rows: Rows) -> Ints:
    """What each tag would leave; listeners choose much the same few tags, so it is kept."""
    key, kept = frozenset(known), candidates.left_with
    if (left := kept.get(key)) is None:
        left = _count_left(candidates, rows)
        if len(kept) < MOST_KEPT:
            kept[key] = left
    return left


def _count_left(candidates: Candidates, rows: Rows) -> Ints:
    if len(rows) == len(candidates):
        return np.array([len(tag.rows) for tag in candidates.tags.values()], dtype=np.int32)
    is_left = np.zeros(len(candidates), dtype=bool)
    is_left[rows] = True
    pairs = candidates.tag_pairs
    left = np.bincount(pairs[is_left[pairs[:, 0]], 1], minlength=len(candidates.tags))
    return left.astype(np.int32)
