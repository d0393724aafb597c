"""Songs and performers by parts of their names, whatever the case and the accents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Recording
from catalog.strangers_text import clean_line, fold_words
from webapp.queries import is_playable_cover

LONGEST = 80
MOST_PERFORMERS = 60


@dataclass(frozen=True)
class Performer:
    """Somebody who plays covers here, as the name is written there."""

    name: str
    cover_count: int


class Wanted:
    """What somebody looks for: words that a name has to contain, each anywhere."""

    def __init__(self, text: str) -> None:
        self.text = clean_line(text)[:LONGEST]
        self.parts = fold_words(self.text).split()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def is_in(self, *names: str | None) -> bool:
        """Whether names, taken together, contain every word."""
        folded = fold_words(" ".join(each for each in names if each))
        return all(part in folded for part in self.parts)


def find_performers(session: Session, wanted: Wanted) -> Sequence[Performer]:
    """Who plays covers and is named so: first who plays most of them."""
    count = func.count()
    rows = session.execute(
        select(Recording.performer, count)
        .where(is_playable_cover())
        .group_by(Recording.performer)
        .order_by(count.desc(), Recording.performer)
    )
    found = [Performer(name, covers) for name, covers in rows if name and wanted.is_in(name)]
    return found[:MOST_PERFORMERS]
