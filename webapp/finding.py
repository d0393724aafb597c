"""Songs and performers by parts of their names, whatever the case and the accents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import database
from catalog.models import Recording, Song
from catalog.strangers_text import clean_line, fold_words
from webapp.kept import Kept, Rest
from webapp.queries import is_playable_cover
from webapp.song_cards import CHANGED_AT

LONGEST = 80
MOST_PERFORMERS = 60
FRESH_S = 60.0
"""A name that is corrected is found then."""


@dataclass(frozen=True)
class Performer:
    """Somebody who plays covers here, as the name is written there and as it is looked for."""

    name: str
    cover_count: int
    folded: str


def register(app: Flask) -> None:
    """Give an application its own list of performers."""
    app.extensions["performers"] = Kept[Sequence[Performer]](FRESH_S)


class Wanted:
    """What somebody looks for: words that a name has to contain, each anywhere."""

    def __init__(self, text: str) -> None:
        self.text = clean_line(text)[:LONGEST]
        self.parts = fold_words(self.text).split()

    def __bool__(self) -> bool:
        return bool(self.parts)

    def is_in(self, *names: str | None) -> bool:
        """Whether names, taken together, contain every word."""
        return self.is_in_folded(fold_words(" ".join(each for each in names if each)))

    def is_in_folded(self, folded: str) -> bool:
        """The same for what has been folded before."""
        return all(part in folded for part in self.parts)


def find_performers(session: Session, wanted: Wanted) -> Sequence[Performer]:
    """Who plays covers and is named so: first who plays most of them.

    Everybody is kept until a recording changes; in a large library, for some seconds more.
    """
    kept: Kept[Sequence[Performer]] = current_app.extensions["performers"]
    changed_at = session.scalar(select(func.max(CHANGED_AT)).select_from(Song))
    everybody = kept.get("performers", _read, changed_at)
    return [each for each in everybody if wanted.is_in_folded(each.folded)][:MOST_PERFORMERS]


def _read(_: Rest) -> Sequence[Performer]:
    count = func.count()
    query = (
        select(Recording.performer, count)
        .where(is_playable_cover())
        .group_by(Recording.performer)
        .order_by(count.desc(), Recording.performer)
    )
    with database.reading() as session:
        rows = session.execute(query)
        return [Performer(name, covers, fold_words(name)) for name, covers in rows if name]
