"""Annotations of covers with known form, and maps made of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from align.datasets.truth import Annotation
from catalog.time_map import Segment, TimeMap


def annotate(
    reference_s: Sequence[float],
    cover_s: Sequence[float],
    segment: Sequence[int],
    foreign: Sequence[Sequence[float]] = (),
) -> Annotation:
    spans = np.array(foreign, dtype=float).reshape(-1, 2)
    return Annotation(
        np.array(reference_s, dtype=float),
        np.array(cover_s, dtype=float),
        np.array(segment, dtype=np.int64),
        spans,
        beats_per_mark=1,
    )


def exact_map(annotation: Annotation, late_s: float = 0.0) -> TimeMap:
    """The map through the marks, or one that is late by so many seconds of the cover."""
    return TimeMap(
        tuple(
            Segment.of(annotation.reference_s[own], annotation.cover_s[own] + late_s)
            for own in (annotation.segment == each for each in np.unique(annotation.segment))
        )
    )


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    """One to four segments of 4 to 20 beats from anywhere in a song, at one tempo each."""
    reference_s: list[float] = []
    cover_s: list[float] = []
    segment: list[int] = []
    clock_s = draw(st.floats(0, 20))
    for index in range(draw(st.integers(1, 4))):
        start_s, beats = draw(st.floats(0, 200)), draw(st.integers(4, 20))
        beat_s, slope = draw(st.floats(0.3, 1.0)), draw(st.floats(0.5, 2.0))
        times_s = np.arange(beats) * beat_s
        reference_s += list(start_s + slope * times_s)
        cover_s += list(clock_s + times_s)
        segment += [index] * beats
        clock_s += beats * beat_s + draw(st.sampled_from([0.0, 3.0]))
    return annotate(reference_s, cover_s, segment)
