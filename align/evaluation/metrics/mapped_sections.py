"""A cover's sections as its map gives them: those of the Reference, wherever they are played."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from align.datasets.truth import SectionTruth
from align.evaluation.metrics.music import score_sections
from catalog.time_map import TimeMap

MAPPED_SECTION_SCORES = ("map_section_hr05", "map_section_hr3", "map_section_pairwise_f")
NOT_THE_SONG = "not the song"
SHORTEST_GAP_S = 0.5
"""Gaps shorter than this belong to the section before them."""


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
    scores = score_sections(truth, mapped.spans_s, mapped.labels)
    return {name: scores[name.removeprefix("map_")] for name in MAPPED_SECTION_SCORES}


def map_sections(estimate: TimeMap, reference: SectionTruth) -> SectionTruth | None:
    """Sections of the cover without gaps, `None` where nothing is mapped."""
    pieces = sorted(_pieces(estimate, reference))
    if not pieces:
        return None
    starts, labels = [pieces[0][0]], [pieces[0][3]]
    for earlier, later in pairwise(pieces):
        gap = later[0] - earlier[1] > SHORTEST_GAP_S
        if gap:
            starts.append(earlier[1])
            labels.append(NOT_THE_SONG)
        if gap or later[2] != earlier[2]:
            starts.append(later[0])
            labels.append(later[3])
    return SectionTruth(np.column_stack([starts, [*starts[1:], pieces[-1][1]]]), tuple(labels))


def _pieces(estimate: TimeMap, reference: SectionTruth) -> list[tuple[float, float, int, str]]:
    """Start and end in the cover, index and label of each section in each segment."""
    found = []
    for segment in estimate.segments:
        for index, (start_s, end_s) in enumerate(reference.spans_s):
            low_s = max(start_s, segment.reference_s[0])
            high_s = min(end_s, segment.reference_s[-1])
            if high_s > low_s:
                span = np.interp([low_s, high_s], segment.reference_s, segment.cover_s)
                found.append((float(span[0]), float(span[1]), index, reference.labels[index]))
    return found
