"""Whether two tunes are one tune in disguise: shared runs of intervals and durations."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise

from align.simulation.score.tune import Tune

GRAM = 5
# Tunes of which one contains this share of the other are taken for the same.
SAME_TUNE = 0.35

Gram = tuple[tuple[int, int], ...]


def melodic_likeness(a: Tune, b: Tune) -> float:
    """How much of the shorter tune is found in the longer, 0..1; key and tempo do not matter.

    Runs of five intervals are compared, each with the ratio of its two notes' lengths, so that
    halved or doubled note values make no difference.
    """
    grams_a, grams_b = melody_grams(a), melody_grams(b)
    smaller = min(len(grams_a), len(grams_b))
    if smaller == 0:
        return 0.0
    return len(set(grams_a) & set(grams_b)) / smaller


def melody_grams(tune: Tune) -> Counter[Gram]:
    """Runs of intervals (semitones, and lengths compared in steps of a factor of two)."""
    onsets = [
        (bar.index * tune.beats_per_bar + note.start_beat, note.pitch)
        for bar in tune.bars
        for note in bar.melody
    ]
    gaps = [after[0] - before[0] for before, after in pairwise(onsets)]
    steps = [after[1] - before[1] for before, after in pairwise(onsets)]
    symbols = [
        (step, round(2 * math.log2(max(gap, 1e-3) / max(last, 1e-3))))
        for step, gap, last in zip(steps[1:], gaps[1:], gaps, strict=False)
    ]
    return Counter(tuple(symbols[i : i + GRAM]) for i in range(len(symbols) - GRAM + 1))
