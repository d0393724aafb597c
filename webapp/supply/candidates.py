"""All playable covers of a song as arrays: what choosing companions and counting tags asks for.

A row is a cover. Rows are in a random order, so that any stretch of them is a fair sample.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Text, cast, func, select
from sqlalchemy.orm import Session

from catalog.lifecycle import Relation
from catalog.models import Alignment, Hashtag, Recording, RecordingHashtag
from webapp.queries import is_playable_cover

Ints = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Tag:
    """A hashtag on playable covers of the song: on which rows, and how many by their origin."""

    name: str
    rows: Rows
    origins: dict[str, int]


@dataclass(frozen=True)
class Candidates:
    """Covers as columns.

    Attributes:
        ids: of the covers, (rows,)
        octaves: binary logarithm of reference seconds per cover second, (rows,)
        semitones: above the Reference, (rows,)
        is_same: whether it is the Reference's own recording again, (rows,)
        spans_ms: stretches of the Reference's timeline that are played, (spans, 2)
        span_rows: whose they are, (spans,)
        tags: by name, the most used first
        tag_pairs: row and number of the tag in `tags`, of every tag on every cover, by row,
            (pairs, 2)
    """

    ids: Ints
    octaves: npt.NDArray[np.float32]
    semitones: Ints
    is_same: npt.NDArray[np.bool_]
    spans_ms: Ints
    span_rows: Rows
    tags: dict[str, Tag]
    tag_pairs: Ints

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def tag_counts(self) -> Ints:
        """How many tags each row has."""
        return np.bincount(self.tag_pairs[:, 0], minlength=len(self)).astype(np.int32)

    @cached_property
    def _by_id(self) -> Rows:
        return np.argsort(self.ids).astype(np.int32)

    def row_of(self, cover_id: int) -> int | None:
        """The row of a cover, `None` where it is not there."""
        place = int(np.searchsorted(self.ids, cover_id, sorter=self._by_id))
        row = int(self._by_id[place]) if place < len(self) else None
        return row if row is not None and self.ids[row] == cover_id else None

    def tags_of(self, row: int) -> list[Tag]:
        """What one row is tagged with."""
        first, last = np.searchsorted(self.tag_pairs[:, 0], [row, row + 1])
        every = list(self.tags.values())
        return [every[number] for number in self.tag_pairs[first:last, 1]]

    def with_tags(self, names: Sequence[str]) -> Rows:
        """Rows that have all of some tags."""
        if any(name not in self.tags for name in names):
            return np.empty(0, dtype=np.int32)
        rarest_first = sorted((self.tags[name].rows for name in names), key=len)
        rows = rarest_first[0] if rarest_first else np.arange(len(self), dtype=np.int32)
        for others in rarest_first[1:]:
            rows = rows[np.isin(rows, others, kind="table")]
        return rows


def read_candidates(session: Session, song_id: int, random: np.random.Generator) -> Candidates:
    """All playable covers of a song."""
    covers = _read_rows(session, song_id)
    covers = [covers[row] for row in random.permutation(len(covers))]
    spans_ms, span_rows = _flat(json.loads(f"[{','.join(each.spans for each in covers)}]"))
    tag_ids, tag_rows = _flat(json.loads(f"[{','.join(f'[{each.tags}]' for each in covers)}]"))
    tags, pairs = _name_tags(session, song_id, tag_ids, tag_rows)
    return Candidates(
        ids=np.array([each.id for each in covers], dtype=np.int32),
        octaves=np.log2(np.array([each.tempo_ratio for each in covers], dtype=np.float32)),
        semitones=np.array([each.transposition_semitones for each in covers], dtype=np.int32),
        is_same=np.array([each.relation is Relation.SAME_RECORDING for each in covers], dtype=bool),
        spans_ms=np.array(spans_ms, dtype=np.int32).reshape(-1, 2),
        span_rows=span_rows,
        tags=tags,
        tag_pairs=pairs,
    )


def _read_rows(session: Session, song_id: int) -> Sequence[Row[Any]]:
    """A cover each; lists as text, which is read at once for all of them."""
    tags = (
        select(func.aggregate_strings(cast(RecordingHashtag.hashtag_id, Text), ","))
        .where(RecordingHashtag.recording_id == Recording.id)
        .scalar_subquery()
    )
    return session.execute(
        select(
            *(Recording.id, Recording.relation, Alignment.transposition_semitones),
            Alignment.tempo_ratio,
            cast(Alignment.spans_ms, Text).label("spans"),
            func.coalesce(tags, "").label("tags"),
        )
        .join(Alignment, Alignment.recording_id == Recording.id)
        .where(Recording.song_id == song_id, is_playable_cover())
    ).all()


def _flat(lists: Sequence[Sequence[object]]) -> tuple[list[object], Rows]:
    """What is in all lists, and the number of the list that each is from."""
    lengths = [len(each) for each in lists]
    return [each for some in lists for each in some], np.repeat(
        np.arange(len(lists), dtype=np.int32), lengths
    )


def _name_tags(
    session: Session, song_id: int, tag_ids: Sequence[object], rows: Rows
) -> tuple[dict[str, Tag], Ints]:
    """Tags with their rows, the most used first, and the pairs of row and tag."""
    counted = session.execute(
        select(Hashtag.id, Hashtag.name, RecordingHashtag.origin, func.count())
        .join(RecordingHashtag, RecordingHashtag.hashtag_id == Hashtag.id)
        .join(Recording, Recording.id == RecordingHashtag.recording_id)
        .where(Recording.song_id == song_id, is_playable_cover())
        .group_by(Hashtag.id, Hashtag.name, RecordingHashtag.origin)
    )
    origins: dict[tuple[int, str], dict[str, int]] = {}
    for tag_id, name, origin, count in counted:
        origins.setdefault((tag_id, name), {})[origin] = count
    ordered = sorted(origins, key=lambda tag: (-sum(origins[tag].values()), tag[1]))
    number_of = np.full(max((tag_id for tag_id, _ in ordered), default=0) + 2, -1, dtype=np.int32)
    number_of[[tag_id for tag_id, _ in ordered]] = np.arange(len(ordered))
    numbers = number_of[np.minimum(np.array(tag_ids, dtype=np.int32), len(number_of) - 1)]
    pairs = np.column_stack((rows, numbers))[numbers >= 0]
    by_tag = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    edges = np.searchsorted(by_tag[:, 1], np.arange(len(ordered) + 1))
    tags = {
        name: Tag(name, by_tag[edges[number] : edges[number + 1], 0], origins[tag_id, name])
        for number, (tag_id, name) in enumerate(ordered)
    }
    return tags, pairs
