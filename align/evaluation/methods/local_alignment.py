"""The stretch of one recording that matches a stretch of another, coarsely.

Smith, Waterman, "Identification of common molecular subsequences", J. Mol. Biol. 147, 1981, on
chroma with the steps (1, 1), (1, 2) and (2, 1); and Qmax, its form for cover identification:
Serrà, Serra, Andrzejak, "Cross recurrence quantification for cover song identification", New
Journal of Physics 11, 2009.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Row = npt.NDArray[np.float64]

UNLIKE = 0.25
"""Likeness below which a pair of frames counts against a match."""
GAP_ONSET, GAP_EXTENSION = 5.0, 0.5


@dataclass(frozen=True)
class Span:
    """Frames of both recordings that match, ends excluded."""

    reference_start: int
    reference_end: int
    cover_start: int
    cover_end: int


def find_common_span(reference: Matrix, cover: Matrix) -> Span:
    """The best local alignment of two sequences of unit columns, (bins, frames)."""
    likeness = cover.T @ reference - UNLIKE  # (cover frames, reference frames)
    starts = _Starts(reference.shape[1])
    one = two = np.zeros(reference.shape[1] + 2)
    best, span = 0.0, Span(0, reference.shape[1], 0, cover.shape[1])
    for frame, gains in enumerate(likeness):
        row, choice = _extended(gains, one, two)
        starts.extend(frame, row[2:] > 0, choice)
        peak = int(row[2:].argmax())
        if row[2 + peak] > best:
            best = float(row[2 + peak])
            cover_start, reference_start = starts.of(peak)
            span = Span(reference_start, peak + 1, cover_start, frame + 1)
        one, two = row, one
    return span


class _Starts:
    """Where the alignment that ends at each reference frame of the last row began."""

    def __init__(self, n_frames: int) -> None:
        fresh = np.zeros((n_frames + 2, 2), dtype=np.int64)
        self._one, self._two = fresh, fresh

    def extend(
        self, frame: int, alive: npt.NDArray[np.bool_], choice: npt.NDArray[np.int64]
    ) -> None:
        """Carry starts over to the next row: `choice` is the step that each end was reached by."""
        carried = np.choose(
            choice[:, None], [self._one[1:-1], self._two[1:-1], self._one[:-2], 0 * self._one[2:]]
        )
        fresh = np.column_stack([np.full(len(alive), frame), np.arange(len(alive))])
        row = np.zeros_like(self._one)
        row[2:] = np.where((choice < 3)[:, None], carried, fresh)
        self._one, self._two = row, self._one

    def of(self, reference_frame: int) -> tuple[int, int]:
        """Cover frame and reference frame."""
        cover, reference = self._one[2 + reference_frame]
        return int(cover), int(reference)


def _extended(gains: Row, one: Row, two: Row) -> tuple[Row, npt.NDArray[np.int64]]:
    """One row of Smith-Waterman; rows have two frames of padding before them."""
    ways = np.array([one[1:-1], two[1:-1], one[:-2], np.zeros(len(gains))])
    choice = np.where(ways.max(axis=0) > 0, ways.argmax(axis=0), 3)
    row = np.zeros(len(gains) + 2)
    row[2:] = np.maximum(ways.max(axis=0) + gains, 0)
    return row, choice


def qmax(recurrent: npt.NDArray[np.bool_]) -> float:
    """Length of the longest match with gaps in a cross recurrence plot, (frames, frames)."""
    n_columns = recurrent.shape[1]
    one = two = np.zeros(n_columns + 2)
    paid_one = paid_two = np.zeros(n_columns + 2)
    longest = 0.0
    for matches in recurrent:
        ways = [one[1:-1], two[1:-1], one[:-2]]
        paid = [paid_one[1:-1], paid_two[1:-1], paid_one[:-2]]
        row, paid_row = np.zeros(n_columns + 2), np.zeros(n_columns + 2)
        row[2:] = np.where(matches, np.max(ways, axis=0) + 1, np.maximum(np.max(paid, axis=0), 0))
        gap = np.where(matches, GAP_ONSET, GAP_EXTENSION)
        paid_row[2:] = row[2:] - gap
        longest = max(longest, float(row.max()))
        one, two, paid_one, paid_two = row, one, paid_row, paid_one
    return longest
