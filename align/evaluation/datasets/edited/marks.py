"""A plan -> where every mark of the Reference is heard in the cover, exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation
from align.evaluation.datasets.edited.plan import JOINED_S, EditPlan, Frame, Play, Seconds
from align.stretching import tape_semitones


def find_annotation(plan: EditPlan, marks_s: Seconds) -> Annotation:
    """The marks that are heard; whether these are beats, the song knows.

    Parameters
    ----------
    marks_s
        of the Reference, rising, (marks,)
    """
    reference_s: list[Seconds] = []
    cover_s: list[Seconds] = []
    segments: list[npt.NDArray[np.int64]] = []
    for block, start_s, segment in zip(plan.blocks, plan.starts_s, _segments(plan), strict=False):
        if isinstance(block, Play):
            heard = marks_s[
                (marks_s >= block.start_s - JOINED_S) & (marks_s < block.end_s - JOINED_S)
            ]
            reference_s.append(heard)
            cover_s.append(start_s + (heard - block.start_s) / block.rate)
            segments.append(np.full(len(heard), segment))
    return Annotation(
        reference_s=np.concatenate([*reference_s, []]),
        cover_s=np.concatenate([*cover_s, []]),
        segment=np.concatenate([*segments, []]).astype(np.int64),
        foreign_s=np.array(find_foreign(plan)).reshape(-1, 2),
        beats_per_mark=None,
    )


def _segments(plan: EditPlan) -> list[int]:
    """The monotone stretch that each block belongs to; a frame ends the one before it."""
    segments, segment = [], 0
    before: Play | None = None
    for block in plan.blocks:
        if isinstance(block, Frame):
            before = None
            segments.append(-1)
            continue
        follows = before is not None and abs(before.end_s - block.start_s) < JOINED_S
        segment += 0 if follows or not _any_music(segments) else 1
        segments.append(segment)
        before = block
    return segments


def _any_music(segments: Sequence[int]) -> bool:
    return any(each >= 0 for each in segments)


def find_foreign(plan: EditPlan) -> list[tuple[float, float]]:
    """Spans of the cover that are not the song; frames that touch are one span."""
    spans: list[tuple[float, float]] = []
    for block, start_s in zip(plan.blocks, plan.starts_s, strict=False):
        if isinstance(block, Frame):
            touches = bool(spans) and abs(spans[-1][1] - start_s) < JOINED_S
            first_s = spans.pop()[0] if touches else float(start_s)
            spans.append((first_s, float(start_s + block.duration_s)))
    return spans


def find_pitch(plan: EditPlan) -> tuple[int, float]:
    """Whole semitones and cents by which the cover sounds higher than the Reference."""
    shift = plan.semitones
    if plan.on_tape:
        rates = [block.rate for block in plan.blocks if isinstance(block, Play)]
        shift += tape_semitones(float(np.exp(np.mean(np.log(rates)))))
    whole = round(shift)
    return whole, round(100 * (shift - whole), 2)
