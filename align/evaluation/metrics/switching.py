"""What a listener hears at a switch: the difference of two covers' errors.

Pairs are formed among the covers of a song and its reference, whose error is 0. At random beats
of the reference both errors are read, at a random occurrence where a cover repeats the beat. A
beat that one of the two does not have is not drawn; one that is unmapped in either fails. Draws
are seeded and do not depend on the order of the covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation
from align.evaluation.metrics.marks import mark_errors
from catalog.time_map import TimeMap

Counts = npt.NDArray[np.float64]
Weights = npt.NDArray[np.float64]

DRAWS_PER_PAIR = 200
SEED = 20261122
LIMITS_MS = (25, 50)
ROUNDING_S = 0.001


@dataclass(frozen=True)
class SwitchingCover:
    """One cover as switches see it; `estimate` is empty where the method failed."""

    name: str
    estimate: TimeMap
    annotation: Annotation


@dataclass(frozen=True)
class SongSwitches:
    """Shares of good switches between the participants of one song, the reference last.

    Attributes:
        names: of the covers, sorted
        drawn: 1 for pairs with a common beat, upper triangle, (covers + 1, covers + 1)
        within: by limit in ms, share of the pair's switches that stay within it, same shape
    """

    names: tuple[str, ...]
    drawn: Counts
    within: dict[int, Counts]


@dataclass(frozen=True)
class _Occurrences:
    """Errors of a participant at beats of the reference.

    Attributes:
        beat: index of the beat, rising, (occurrences,)
        errors_ms: (occurrences,)
    """

    beat: npt.NDArray[np.int64]
    errors_ms: npt.NDArray[np.float64]

    def draw(
        self, beats: npt.NDArray[np.int64], random: np.random.Generator
    ) -> npt.NDArray[np.float64]:
        """The error at each beat, of one of its occurrences."""
        first = np.searchsorted(self.beat, beats, side="left")
        count = np.searchsorted(self.beat, beats, side="right") - first
        return np.asarray(self.errors_ms[first + random.integers(0, count)])


def count_switches(
    covers: Sequence[SwitchingCover], beats_s: npt.NDArray[np.float64]
) -> SongSwitches:
    """Draw switches within one song at the reference's beats, (beats,)."""
    ordered = sorted(covers, key=lambda each: each.name)
    reference = _Occurrences(np.arange(len(beats_s)), np.zeros(len(beats_s)))
    parts = [*(_occurrences(each, beats_s) for each in ordered), reference]
    random = np.random.default_rng(SEED)
    drawn = np.zeros((len(parts), len(parts)))
    within = {limit: np.zeros_like(drawn) for limit in LIMITS_MS}
    for one, other in combinations(range(len(parts)), 2):
        shared = np.intersect1d(parts[one].beat, parts[other].beat)
        if len(shared):
            drawn[one, other] = 1
            beats = random.choice(shared, DRAWS_PER_PAIR)
            heard_ms = _difference(parts[one].draw(beats, random), parts[other].draw(beats, random))
            for limit in LIMITS_MS:
                within[limit][one, other] = np.mean(heard_ms <= limit)
    return SongSwitches(tuple(each.name for each in ordered), drawn, within)


def switch_share(
    songs: Sequence[SongSwitches], limit_ms: int, weights: Sequence[Weights] | None = None
) -> float | None:
    """Share of switches within a limit: mean over songs, each weighing as its covers do.

    Parameters
    ----------
    weights
        of each song's covers, each (covers,); all 1 where `None`
    """
    weights = weights or [np.ones(len(each.names)) for each in songs]
    shares, sizes = [], []
    for song, own in zip(songs, weights, strict=True):
        pair = np.outer(np.append(own, 1.0), np.append(own, 1.0)) * song.drawn
        if pair.sum() > 0:
            shares.append(float((pair * song.within[limit_ms]).sum() / pair.sum()))
            sizes.append(float(own.sum()))
    return float(np.average(shares, weights=sizes)) if sum(sizes) > 0 else None


def _occurrences(cover: SwitchingCover, beats_s: npt.NDArray[np.float64]) -> _Occurrences:
    """Errors at every beat that lies between two marks of a segment, or on one."""
    at_beats, beat = annotation_at(cover.annotation, beats_s)
    order = np.argsort(beat, kind="stable")
    return _Occurrences(beat[order], mark_errors(cover.estimate, at_beats)[order])


def annotation_at(
    annotation: Annotation, beats_s: npt.NDArray[np.float64]
) -> tuple[Annotation, npt.NDArray[np.int64]]:
    """The annotation read at beats of the reference, and which beat each mark is."""
    reference_s, cover_s, segment, beat = [], [], [], []
    for index in np.unique(annotation.segment):
        own = annotation.segment == index
        marks_s = annotation.reference_s[own]
        inside = np.flatnonzero(
            (beats_s >= marks_s[0] - ROUNDING_S) & (beats_s <= marks_s[-1] + ROUNDING_S)
        )
        beat.append(inside)
        reference_s.append(beats_s[inside])
        cover_s.append(np.interp(beats_s[inside], marks_s, annotation.cover_s[own]))
        segment.append(np.full(len(inside), index))
    at_beats = Annotation(
        np.concatenate(reference_s),
        np.concatenate(cover_s),
        np.concatenate(segment),
        annotation.foreign_s,
        beats_per_mark=1,
    )
    return at_beats, np.concatenate(beat)


def _difference(
    one_ms: npt.NDArray[np.float64], other_ms: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Size of the difference, infinite where either is."""
    both = np.isfinite(one_ms) & np.isfinite(other_ms)
    difference = np.full(len(one_ms), np.inf)
    difference[both] = np.abs(one_ms[both] - other_ms[both])
    return difference
