"""The product's own tracker, exactly as `covers align` runs it."""

from __future__ import annotations

import numpy as np

from align.alignment import align_tracks, screen_cover
from align.evaluation.methods.method import Aligned, FoundBeats, FoundSections, Screened
from align.evaluation.methods.recording import Recording
from align.relation import Judgement
from catalog.lifecycle import Relation


def align_by_tracker(reference: Recording, cover: Recording) -> Aligned:
    """The tracker's map, its confidence, and its verdict on the way."""
    alignment = align_tracks(reference.track(), cover.track(), reference.analysis())
    return Aligned(alignment.time_map, alignment.confidence, _screened(alignment.judgement))


def screen_by_tracker(reference: Recording, recording: Recording) -> Screened:
    """The verdict of `covers screen`."""
    return _screened(screen_cover(reference.track(), recording.track()))


def find_beats_by_tracker(recording: Recording) -> FoundBeats:
    """The beats of `covers analyse`."""
    analysis = recording.analysis()
    return FoundBeats(analysis.beats_s, analysis.downbeats_s)


def find_sections_by_tracker(recording: Recording) -> FoundSections:
    """The sections of `covers analyse`."""
    sections = recording.analysis().sections
    spans_s = np.array([[each.start_s, each.end_s] for each in sections])
    return FoundSections(spans_s, tuple(each.label for each in sections))


def _screened(judgement: Judgement) -> Screened:
    scores = judgement.scores
    song = (Relation.SAME_RECORDING, Relation.BACKING_TRACK, Relation.PERFORMANCE)
    score = sum(scores[each] for each in song) - scores[Relation.BACKGROUND]
    return Screened(score, scores)
