"""Outcomes of tasks -> the rows of a metrics document."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from align.datasets.reading import CoverEntry, NegativeEntry, RecordingEntry
from align.datasets.truth import Annotation, BeatTruth, SectionTruth
from align.evaluation.methods.method import Aligned, FoundBeats, FoundSections, Screened
from align.evaluation.metrics.alike import share_within_alike
from align.evaluation.metrics.covers import CoverScores, score_cover
from align.evaluation.metrics.mapped_sections import (
    MAPPED_SECTION_SCORES,
    score_mapped_sections,
)
from align.evaluation.metrics.music import (
    BEAT_SCORES,
    SECTION_SCORES,
    score_beats,
    score_sections,
)
from align.evaluation.results import Document
from align.evaluation.running.tasks import Outcome
from catalog.time_map import TimeMap

REJECTED_SCORE, ACCEPTED_SCORE = -1e9, 1e9
"""What a failure counts as in screening: the wrong answer."""
ALIKE_MS = 50.0


@dataclass(frozen=True)
class KnownSections:
    """Sections that concern one cover, each `None` where unknown.

    Attributes:
        reference: of the Reference, annotated
        beats: of the Reference, annotated
        cover: of the cover, annotated
        found: of the Reference, as the method found them
    """

    reference: SectionTruth | None
    beats: BeatTruth | None
    cover: SectionTruth | None
    found: SectionTruth | None


def cover_row(entry: CoverEntry, file: str, outcome: Outcome, sections: KnownSections) -> Document:
    """Scores of a map; a cover that failed scores like an empty map."""
    assert entry.annotation is not None
    aligned = outcome.found if isinstance(outcome.found, Aligned) else None
    estimate = aligned.time_map if aligned else TimeMap()
    confidence = aligned.confidence if aligned else None
    return {
        "song": entry.song,
        "file": file,
        "kind": entry.kind,
        "relation": entry.relation,
        "split": entry.split,
        "confidence": None if confidence is None else round(confidence, 4),
        **_timing(outcome),
        **_flat(score_cover(estimate, entry.annotation, sections.reference)),
        "within_50_alike": _within_alike(estimate, entry.annotation, sections),
        **_mapped_sections(estimate, sections),
    }


def screening_row(entry: CoverEntry | NegativeEntry, file: str, outcome: Outcome) -> Document:
    """A verdict beside the truth, whether it was asked for or given while aligning."""
    found = outcome.found.screened if isinstance(outcome.found, Aligned) else outcome.found
    screened = found if isinstance(found, Screened) else None
    scores = screened.relation_scores if screened else None
    return {
        "song": entry.song,
        "file": file,
        "kind": entry.kind,
        "split": entry.split,
        "relation": {
            "annotation": entry.relation,
            "estimate": screened.relation.value if screened and screened.relation else None,
        },
        "score": None if screened is None else round(float(screened.score), 6),
        "relation_scores": (
            None if scores is None else {each.value: round(scores[each], 4) for each in scores}
        ),
        **_timing(outcome),
    }


def beats_row(entry: RecordingEntry, file: str, outcome: Outcome) -> Document:
    """Beats and downbeats; a recording that failed scores 0."""
    assert entry.beats is not None
    found = (
        outcome.found
        if isinstance(outcome.found, FoundBeats)
        else FoundBeats(np.zeros(0), np.zeros(0))
    )
    scores = score_beats(entry.beats, found.beats_s, found.downbeats_s)
    return _recording_head(entry, file, outcome) | _rounded(scores, BEAT_SCORES)


def sections_row(entry: RecordingEntry, file: str, outcome: Outcome) -> Document:
    """Sections; a recording that failed scores 0."""
    assert entry.sections is not None
    if not isinstance(outcome.found, FoundSections):
        return _recording_head(entry, file, outcome) | dict.fromkeys(SECTION_SCORES, 0.0)
    scores = score_sections(entry.sections, outcome.found.spans_s, outcome.found.labels)
    head = _recording_head(entry, file, outcome) | {"n_sections": len(entry.sections.labels)}
    return head | _rounded(scores, SECTION_SCORES)


def _recording_head(entry: RecordingEntry, file: str, outcome: Outcome) -> Document:
    return {"song": entry.song, "file": file, "kind": entry.kind, "split": entry.split} | _timing(
        outcome
    )


def _within_alike(
    estimate: TimeMap, annotation: Annotation, sections: KnownSections
) -> float | None:
    if sections.reference is None or sections.beats is None:
        return None
    beats_s = sections.beats.time_s
    return round(
        share_within_alike(estimate, annotation, sections.reference, beats_s, limit_ms=ALIKE_MS), 4
    )


def _mapped_sections(estimate: TimeMap, sections: KnownSections) -> Document:
    if sections.cover is None or sections.found is None:
        return dict.fromkeys(MAPPED_SECTION_SCORES)
    scores = score_mapped_sections(sections.cover, estimate, sections.found)
    return _rounded(scores, MAPPED_SECTION_SCORES)


def _timing(outcome: Outcome) -> Document:
    return {
        "seconds": _round(outcome.seconds, 3),
        "warm_seconds": _round(outcome.warm_seconds, 3),
        "duration_s": _round(outcome.duration_s or None, 2),
        "error": outcome.error,
    }


def _flat(scores: CoverScores) -> Document:
    return {
        "median_ms": round(scores.median_ms, 2),
        "p90_ms": round(scores.p90_ms, 2),
        **{f"within_{limit}": round(share, 4) for limit, share in scores.within.items()},
        "unmapped": round(scores.unmapped, 4),
        "wrong_beat": _round(scores.wrong_beat, 4),
        "wrong_section": _round(scores.wrong_section, 4),
        "attribution": round(scores.attribution, 4),
        "splices": {
            "annotated": scores.splices.annotated,
            "estimated": scores.splices.estimated,
            "matched": scores.splices.matched,
        },
    }


def _rounded(scores: dict[str, float | None], names: tuple[str, ...]) -> Document:
    return {name: _round(scores[name], 4) for name in names}


def _round(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
