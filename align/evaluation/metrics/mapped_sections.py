"""A cover's sections as its map gives them: those of the Reference, wherever they are played.

A section goes on where the Reference does; a jump begins one, even inside the section that was
left. The true map of the true sections reaches 1 in every score, and less where the cover has what
no map can carry over:

    a section before the first that the Reference has   one boundary is missed for each
    sections in a row that the Reference lacks          the boundaries between them are missed
    any section that the Reference lacks                pairs of labels, where it is named like
                                                        one of the song
    a jump to the pick-up bar before a section          one boundary is added: that bar belongs to
                                                        another section in each recording
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from align.datasets.truth import SectionTruth
from align.evaluation.metrics.music import score_sections
from catalog.time_map import TimeMap

Seconds = npt.NDArray[np.float64]

MAPPED_SECTION_SCORES = ("map_section_hr05", "map_section_hr3", "map_section_pairwise_f")
NOT_THE_SONG = "not the song"
SHORTEST_GAP_S = 0.5
"""Gaps shorter than this belong to the section before them."""
SHORTEST_PIECE_S = 0.05
"""A map that runs this little into the next section, late or rounded, plays none of it."""


def score_mapped_sections(
    truth: SectionTruth, estimate: TimeMap, reference: SectionTruth
) -> dict[str, float | None]:
    """`MAPPED_SECTION_SCORES` of a cover, 0 where nothing is mapped.

    Parameters
    ----------
    truth
        sections of the cover
    reference
        sections of the Reference as the method found them
    """
    mapped = map_sections(estimate, reference)
    if mapped is None:
        return dict.fromkeys(MAPPED_SECTION_SCORES, 0.0)
    scores = score_sections(truth, _joined_at_ends(mapped.spans_s, truth.spans_s), mapped.labels)
    return {name: scores[name.removeprefix("map_")] for name in MAPPED_SECTION_SCORES}


def map_sections(estimate: TimeMap, reference: SectionTruth) -> SectionTruth | None:
    """Sections of the cover without gaps, `None` where nothing is mapped."""
    pieces = sorted(_pieces(estimate, reference), key=lambda piece: piece.start_s)
    if not pieces:
        return None
    starts_s, labels = [pieces[0].start_s], [reference.labels[pieces[0].index]]
    for earlier, later in pairwise(pieces):
        gap = later.start_s - earlier.end_s > SHORTEST_GAP_S
        if gap:
            starts_s.append(earlier.end_s)
            labels.append(NOT_THE_SONG)
        if gap or not later.continues(earlier):
            starts_s.append(later.start_s)
            labels.append(reference.labels[later.index])
    spans_s = np.column_stack([starts_s, [*starts_s[1:], pieces[-1].end_s]])
    return SectionTruth(spans_s, tuple(labels))


@dataclass(frozen=True)
class _Piece:
    """What one segment plays of one section: its span of the cover and of the Reference."""

    start_s: float
    end_s: float
    index: int
    from_s: float
    to_s: float

    def continues(self, earlier: _Piece) -> bool:
        """Whether the section goes on; where the Reference jumps, a section begins."""
        return self.index == earlier.index and abs(self.from_s - earlier.to_s) < SHORTEST_GAP_S


def _pieces(estimate: TimeMap, reference: SectionTruth) -> Iterator[_Piece]:
    for segment in estimate.segments:
        for index, (start_s, end_s) in enumerate(reference.spans_s):
            low_s = float(max(start_s, segment.reference_s[0]))
            high_s = float(min(end_s, segment.reference_s[-1]))
            if high_s <= low_s:
                continue
            span = np.interp([low_s, high_s], segment.reference_s, segment.cover_s)
            if span[1] - span[0] >= SHORTEST_PIECE_S:
                yield _Piece(float(span[0]), float(span[1]), index, low_s, high_s)


def _joined_at_ends(spans_s: Seconds, truth_s: Seconds) -> Seconds:
    """Spans from the truth's start to its end where hardly anything is missing there.

    mir_eval fills what is missing with a section, however short, whose boundaries would count.
    """
    joined = spans_s.copy()
    if 0 < spans_s[0, 0] - truth_s.min() <= SHORTEST_GAP_S:
        joined[0, 0] = truth_s.min()
    if 0 < truth_s.max() - spans_s[-1, 1] <= SHORTEST_GAP_S:
        joined[-1, 1] = truth_s.max()
    return joined
