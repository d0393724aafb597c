"""All playable covers of a song as arrays: what choosing companions and counting tags asks for.

A row is a cover. Rows are in a random order, so that any stretch of them is a fair sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, Text, cast, false, func, select
from sqlalchemy.orm import Session

from catalog.lifecycle import Relation
from catalog.models import Alignment, Hashtag, Recording, RecordingHashtag
from webapp.kept import Rest
from webapp.queries import is_playable_cover

Ints = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int32]

AT_ONCE = 250
_WITHOUT_BRACKETS = str.maketrans("", "", "[] ")


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
        span_rows: whose they are, rising, (spans,)
        tags: by name, the most used first
        tag_pairs: row and number of the tag in `tags`, of every tag on every cover, by row,
            (pairs, 2)
        left_with: for sets of tags, how many covers with all of them have each tag, (tags,);
            whoever counts keeps it here
    """

    ids: Ints
    octaves: npt.NDArray[np.float32]
    semitones: Ints
    is_same: npt.NDArray[np.bool_]
    spans_ms: Ints
    span_rows: Rows
    tags: dict[str, Tag]
    tag_pairs: Ints
    left_with: dict[frozenset[str], Ints] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def span_starts(self) -> Ints:
        """Where each row's spans begin; they end where the next row's begin, (rows + 1,)."""
        return _starts(self.span_rows, len(self))

    @cached_property
    def tag_starts(self) -> Ints:
        """Where each row's pairs begin, (rows + 1,)."""
        return _starts(self.tag_pairs[:, 0], len(self))

    @cached_property
    def _by_id(self) -> Rows:
        return np.argsort(self.ids).astype(np.int32)

    def row_of(self, cover_id: int) -> int | None:
        """The row of a cover, `None` where it is not there."""
        place = int(np.searchsorted(self.ids, cover_id, sorter=self._by_id))
        row = int(self._by_id[place]) if place < len(self) else None
        return row if row is not None and self.ids[row] == cover_id else None

    def tags_of(self, row: int) -> Ints:
        """Numbers of the tags of one row."""
        return self.tag_pairs[self.tag_starts[row] : self.tag_starts[row + 1], 1]

    def with_tags(self, names: Sequence[str]) -> Rows:
        """Rows that have all of some tags."""
        if any(name not in self.tags for name in names):
            return np.empty(0, dtype=np.int32)
        rarest_first = sorted((self.tags[name].rows for name in names), key=len)
        rows = rarest_first[0] if rarest_first else np.arange(len(self), dtype=np.int32)
        for others in rarest_first[1:]:
            rows = rows[np.isin(rows, others, kind="table")]
        return rows


def _starts(rows: Rows, count: int) -> Ints:
    return np.searchsorted(rows, np.arange(count + 1)).astype(np.int32)


def read_candidates(
    session: Session, song_id: int, random: np.random.Generator, rest: Rest
) -> Candidates:
    """All playable covers of a song.

    They are read in small parts with a rest after each, so that other threads answer meanwhile.
    """
    rows = session.connection().execute(_rows_of(song_id), execution_options={"yield_per": AT_ONCE})
    parts = [_Part.of([])]
    for part in rows.partitions():
        parts.append(_Part.of(part))
        rest()
    ids, octaves, semitones, is_same, spans_ms, span_counts, tag_ids, tag_counts = (
        np.concatenate(columns)
        for columns in zip(*(vars(each).values() for each in parts), strict=True)
    )
    order = random.permutation(len(ids))
    places = np.argsort(order).astype(np.int32)
    tags, pairs = _name_tags(session, song_id, tag_ids, np.repeat(places, tag_counts))
    span_rows = np.repeat(places, span_counts // 2)
    return Candidates(
        ids=ids[order],
        octaves=octaves[order],
        semitones=semitones[order],
        is_same=is_same[order],
        spans_ms=np.asfortranarray(spans_ms.reshape(-1, 2)[np.argsort(span_rows, kind="stable")]),
        span_rows=np.sort(span_rows),
        tags=tags,
        tag_pairs=np.asfortranarray(pairs),  # one column at a time is read
    )


def _rows_of(song_id: int) -> Select[*tuple[Any, ...]]:
    """A cover each; lists as text, which is read at once for many of them."""
    tags = (
        select(func.aggregate_strings(cast(RecordingHashtag.hashtag_id, Text), ","))
        .where(RecordingHashtag.recording_id == Recording.id)
        .scalar_subquery()
    )
    return (
        select(
            *(Recording.id, Alignment.tempo_ratio, Alignment.transposition_semitones),
            func.coalesce(Recording.relation == Relation.SAME_RECORDING, false()),
            *(cast(Alignment.spans_ms, Text), func.coalesce(tags, "")),
        )
        .join(Alignment, Alignment.recording_id == Recording.id)
        .where(Recording.song_id == song_id, is_playable_cover())
    )


@dataclass(frozen=True)
class _Part:
    """Columns of some covers in the order in which they were read; counts are of numbers."""

    ids: Ints
    octaves: npt.NDArray[np.float32]
    semitones: Ints
    is_same: npt.NDArray[np.bool_]
    spans_ms: Ints
    span_counts: Ints
    tag_ids: Ints
    tag_counts: Ints

    @classmethod
    def of(cls, rows: Sequence[Row[*tuple[Any, ...]]]) -> _Part:
        """The columns of rows."""
        columns = list(zip(*rows, strict=True)) or [()] * 6
        return cls(
            np.array(columns[0], dtype=np.int32),
            np.log2(np.array(columns[1], dtype=np.float32)),
            np.array(columns[2], dtype=np.int32),
            np.array(columns[3], dtype=bool),
            *_numbers(columns[4]),
            *_numbers(columns[5]),
        )


def _numbers(lists: Sequence[str]) -> tuple[Ints, Ints]:
    """All numbers of lists that are written down, and how many each has."""
    bare = [each.translate(_WITHOUT_BRACKETS) for each in lists]
    counts = [each.count(",") + 1 if each else 0 for each in bare]
    text = ",".join(each for each in bare if each)
    found = np.fromstring(text, dtype=np.int32, sep=",")
    return found, np.array(counts, dtype=np.int32)


def _name_tags(
    session: Session, song_id: int, tag_ids: Ints, rows: Rows
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
    numbers = number_of[np.minimum(tag_ids, len(number_of) - 1)]
    pairs = np.column_stack((rows, numbers))[numbers >= 0]
    pairs = pairs[np.argsort(pairs[:, 0])]
    by_tag = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))]
    edges = np.searchsorted(by_tag[:, 1], np.arange(len(ordered) + 1))
    tags = {
        name: Tag(name, by_tag[edges[number] : edges[number + 1], 0], origins[tag_id, name])
        for number, (tag_id, name) in enumerate(ordered)
    }
    return tags, pairs
