"""Who comes next, as `static/companions.js` ranks on the device: the same costs, over arrays.

What only a device knows (who was heard there within the hour, who could not be held in step) is
left to it. `tests/data/companion_cases.json` is the contract that both keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from webapp.supply.candidates import Candidates, Ints, Rows

NEAR_TEMPO, NEAR_SEMITONES = 0.08, 2
BEYOND_REACH, ABSENT, STYLE, CHANCE, SAME_RECORDING = 1.0, 10.0, 0.3, 0.15, 2.0
MOST_COMPARED = 4_096
"""Of more candidates a random stretch is ranked, so that the cost does not grow with the song."""


@dataclass(frozen=True)
class Wish:
    """Whom a listener's player asks for.

    Attributes:
        near: id of the cover to stay near to; the Reference where it is none of them
        at_ms: where in the song they are needed, `None` for anywhere
        until_ms: until when at least
        exclude: ids of those who are not wanted
        tags: what they have to have, all of it
        reach: 0 for the nearest, 1 for the furthest
    """

    near: int | None = None
    at_ms: int | None = None
    until_ms: int | None = None
    exclude: Sequence[int] = ()
    tags: Sequence[str] = ()
    reach: float = 0.0


def choose(
    candidates: Candidates, wish: Wish, limit: int, random: np.random.Generator
) -> list[int]:
    """Ids of the best, the best first."""
    rows = candidates.with_tags(wish.tags)
    if len(rows) > MOST_COMPARED:
        first = int(random.integers(len(rows)))
        rows = np.concatenate((rows[first : first + MOST_COMPARED], rows[:first]))[:MOST_COMPARED]
    rows = rows[~np.isin(candidates.ids[rows], np.array(wish.exclude, dtype=np.int32))]
    costs = costs_of(candidates, rows, wish) + CHANCE * random.random(len(rows), dtype=np.float32)
    if limit < len(rows):
        best = np.argpartition(costs, limit)[:limit]
        rows, costs = rows[best], costs[best]
    return [int(each) for each in candidates.ids[rows[np.argsort(costs, kind="stable")]]]


def costs_of(candidates: Candidates, rows: Rows, wish: Wish) -> npt.NDArray[Any]:
    """How little each row fits a wish, without chance."""
    centre = None if wish.near is None else candidates.row_of(wish.near)
    octaves = np.abs(candidates.octaves[rows] - _of(candidates.octaves, centre))
    semitones = candidates.semitones[rows] - _of(candidates.semitones, centre)
    fifths = _round(7 * semitones)
    off = np.abs(octaves - (octaves >= 0.5))
    is_near = (off <= np.log2(1 + NEAR_TEMPO) + 1e-6) & (_round(semitones) <= NEAR_SEMITONES)
    distance = (
        np.minimum(octaves, 0.25 + np.abs(octaves - 1))
        + fifths / 6
        + STYLE * _style_distance(candidates, rows, centre)
        + BEYOND_REACH * ~is_near
    )
    costs: npt.NDArray[Any] = (1 - 2 * wish.reach) * distance
    costs += SAME_RECORDING * candidates.is_same[rows] + ABSENT * ~_is_there(candidates, rows, wish)
    return costs


def _of(column: npt.NDArray[Any], centre: int | None) -> float:
    """The centre's entry; that of the Reference is 0."""
    return 0.0 if centre is None else float(column[centre])


def _round(semitones: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Distance round a circle of twelve."""
    up = np.mod(semitones, 12)
    nearest: npt.NDArray[Any] = np.minimum(up, 12 - up)
    return nearest


def _style_distance(candidates: Candidates, rows: Rows, centre: int | None) -> npt.NDArray[Any]:
    """Share of their tags that each row and the centre do not have in common."""
    is_own = np.zeros(len(candidates.tags), dtype=bool)
    if centre is not None:
        is_own[candidates.tags_of(centre)] = True
    numbers, starts = candidates.tag_pairs[:, 1], candidates.tag_starts
    common = _count_of_each(rows, starts, lambda places: is_own[numbers[places]])
    together = starts[rows + 1] - starts[rows] + is_own.sum() - common
    apart: npt.NDArray[Any] = (together - common) / np.maximum(together, 1)
    return apart


def _is_there(candidates: Candidates, rows: Rows, wish: Wish) -> npt.NDArray[np.bool_]:
    """Which rows have the part of the song that is asked for."""
    if wish.at_ms is None:
        return np.ones(len(rows), dtype=bool)
    at_ms, until_ms = wish.at_ms, wish.at_ms if wish.until_ms is None else wish.until_ms
    starts_ms, ends_ms = candidates.spans_ms[:, 0], candidates.spans_ms[:, 1]
    return (
        _count_of_each(
            rows,
            candidates.span_starts,
            lambda places: (starts_ms[places] <= at_ms) & (until_ms <= ends_ms[places]),
        )
        > 0
    )


def _count_of_each(
    rows: Rows, starts: Ints, holds: Callable[[Ints], npt.NDArray[np.bool_]]
) -> npt.NDArray[Any]:
    """For how many of each row's entries something holds; rows have few entries each."""
    firsts, counts = starts[rows], starts[rows + 1] - starts[rows]
    found = np.zeros(len(rows), dtype=np.int32)
    for nth in range(int(counts.max(initial=0))):
        more = np.flatnonzero(counts > nth)
        found[more] += holds(firsts[more] + nth)
    return found
