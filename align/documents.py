"""Results -> the JSON documents of the commands.

Times are rounded to 0.1 ms, shares to 0.0001. Nothing here is ever NaN or infinite.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from align.alignment import MODEL, CoverAlignment
from align.analysis import MusicAnalysis
from align.relation import Judgement
from align.sections import Section
from align.sharpening import Sharpening
from catalog.lifecycle import Relation

Document = dict[str, Any]


def analysis_document(analysis: MusicAnalysis) -> Document:
    """What `covers analyse` writes."""
    return {
        "schema": "covers.analysis/1",
        "model": MODEL,
        "duration_s": round(analysis.duration_s, 4),
        "tempo_bpm": None if analysis.tempo_bpm is None else round(analysis.tempo_bpm, 2),
        "beats_s": times(analysis.beats_s),
        "downbeats_s": times(analysis.downbeats_s),
        "sections": [
            {**section_entry(each), "confidence": round(each.confidence, 3)}
            for each in analysis.sections
        ],
    }


def alignment_document(
    alignment: CoverAlignment, reference: MusicAnalysis, cover: MusicAnalysis
) -> Document:
    """What `covers align` writes."""
    return {
        "schema": "covers.alignment/1",
        "model": MODEL,
        "relation": alignment.judgement.relation.value,
        "relation_scores": scores_entry(alignment.judgement),
        "confidence": round(alignment.confidence, 4),
        "transposition_semitones": alignment.transposition_semitones,
        "tuning_cents": round(alignment.tuning_cents, 1),
        "reference": _recording_entry(reference),
        "cover": _recording_entry(cover),
        "segments": alignment.time_map.to_json(),
    }


def screening_entry(file: str, judgement: Judgement) -> Document:
    """One judged file of what `covers screen` writes."""
    return {
        "file": file,
        "relation": judgement.relation.value,
        "relation_scores": scores_entry(judgement),
        "confidence": round(judgement.certainty, 4),
        "error": None,
    }


def failed_entry(file: str, error: str) -> Document:
    """One file of what `covers screen` writes that could not be judged."""
    return {
        "file": file,
        "relation": None,
        "relation_scores": None,
        "confidence": None,
        "error": error,
    }


def screening_document(files: list[Document]) -> Document:
    """What `covers screen` writes."""
    return {"schema": "covers.screening/1", "model": MODEL, "files": files}


def sharpening_document(song: str, sharpening: Sharpening) -> Document:
    """What `covers train --song` prints; figures are nats per frame, higher is better."""
    return {
        "schema": "covers.sharpening/1",
        "model": MODEL,
        "song": song,
        "kept": sharpening.kept,
        "gain": round(sharpening.mean_nats, 4),
        "covers": [
            {
                "cover": each.cover,
                "before": round(each.before, 4),
                "after": round(each.after, 4),
                "gain": round(each.nats, 4),
            }
            for each in sharpening.gains
        ],
    }


def scores_entry(judgement: Judgement) -> dict[str, float]:
    """Scores of all relations; rounding is taken from the largest so that they sum to 1."""
    rounded = {each.value: round(judgement.scores[each], 4) for each in Relation}
    others = sum(score for name, score in rounded.items() if name != judgement.relation.value)
    rounded[judgement.relation.value] = round(1 - others, 4)
    return rounded


def section_entry(section: Section) -> Document:
    """A section without its confidence."""
    return {
        "start_s": round(section.start_s, 4),
        "end_s": round(section.end_s, 4),
        "label": section.label,
    }


def times(times_s: npt.NDArray[np.float64]) -> list[float]:
    """Seconds, rounded to 0.1 ms."""
    return [round(float(each), 4) for each in times_s]


def _recording_entry(analysis: MusicAnalysis) -> Document:
    return {
        "duration_s": round(analysis.duration_s, 4),
        "beats_s": times(analysis.beats_s),
        "downbeats_s": times(analysis.downbeats_s),
        "sections": [section_entry(each) for each in analysis.sections],
    }
