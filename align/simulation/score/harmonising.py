"""Chords for bars that have none: the best sequence by melody fit and usual progressions.

Candidates are the chords of the key, the dominants of its degrees and a few borrowed ones. Viterbi
finds the sequence of one chord per half bar (per bar in short metres) that fits the melody best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from align.simulation.score.chords import Chord, chord_on
from align.simulation.score.key import find_key
from align.simulation.score.tune import Bar, ChordSpan, Tune

# (steps above the tonic, quality, how far from home)
MAJOR_CHORDS = (
    (0, "", 0.0), (7, "", 0.1), (5, "", 0.1), (9, "m", 0.3), (2, "m", 0.3), (4, "m", 0.6),
    (7, "7", 0.2), (2, "7", 0.8), (9, "7", 0.9), (0, "7", 0.9), (10, "", 1.1), (5, "m", 1.3),
)  # fmt: skip
MINOR_CHORDS = (
    (0, "m", 0.0), (7, "", 0.3), (7, "7", 0.3), (5, "m", 0.2), (10, "", 0.2), (3, "", 0.2),
    (8, "", 0.3), (5, "", 0.7), (7, "m", 0.6), (2, "m7b5", 0.9), (0, "", 1.1), (3, "7", 1.1),
)  # fmt: skip
# Cost of the root's step upwards from one chord to the next: fifths down are cheap.
STEP_COST = {0: 0.25, 5: 0.0, 7: 0.1, 2: 0.2, 10: 0.25, 9: 0.2, 8: 0.25, 3: 0.35, 4: 0.35}
RARE_STEP_COST = 0.6
MISFIT, TONE_ON_BEAT, CADENCE = 1.6, 1.4, 1.2
PHRASE_BARS = 4


@dataclass(frozen=True)
class _Slot:
    """A stretch of a bar that gets one chord."""

    bar: int
    start_beat: float
    length_beats: float
    weights: NDArray[np.float64]


def harmonise(tune: Tune) -> Tune:
    """The tune with a chord everywhere; chords that are written stay.

    Returns
    -------
    the tune itself when nothing is missing; else its key is found anew
    """
    if all(bar.chords for bar in tune.bars) or not tune.bars:
        return tune
    tonic, is_minor = find_key(tune)
    candidates = [
        (chord_on(tonic + step, quality), cost)
        for step, quality, cost in (MINOR_CHORDS if is_minor else MAJOR_CHORDS)
    ]
    slots = [slot for i, bar in enumerate(tune.bars) for slot in _slots(i, bar, tune.beats_per_bar)]
    path = _best_path(slots, candidates, len(tune.bars))
    spans: dict[int, list[ChordSpan]] = {}
    for slot, k in zip(slots, path, strict=True):
        new = ChordSpan(slot.start_beat, slot.length_beats, candidates[k][0])
        spans.setdefault(slot.bar, []).append(new)
    key = chord_on(tonic, "m" if is_minor else "").symbol
    return _with_chords(replace(tune, key=key), spans)


def _slots(index: int, bar: Bar, n_beats: int) -> list[_Slot]:
    length = n_beats / 2 if n_beats >= 4 else float(n_beats)
    starts = np.arange(0, n_beats, length)
    return [_Slot(index, float(s), length, _weights(bar, float(s), length)) for s in starts]


def _weights(bar: Bar, start: float, length: float) -> NDArray[np.float64]:
    """How much each pitch class sounds in the slot, beats counting more. (12,)"""
    weights = np.zeros(12)
    for note in bar.melody:
        shared = min(note.start_beat + note.length_beats, start + length) - max(
            note.start_beat, start
        )
        if shared > 0:
            on_beat = abs(note.start_beat - round(note.start_beat)) < 0.01
            weights[note.pitch % 12] += shared * (TONE_ON_BEAT if on_beat else 1.0)
    return np.asarray(weights / max(weights.sum(), 1e-9))


def _best_path(
    slots: Sequence[_Slot], candidates: Sequence[tuple[Chord, float]], n_bars: int
) -> list[int]:
    """Viterbi over slots; returns the candidate of each."""
    local = np.array([[_cost(s, c, far, n_bars) for c, far in candidates] for s in slots])
    roots = [chord.root for chord, _ in candidates]
    steps = np.array([[STEP_COST.get((b - a) % 12, RARE_STEP_COST) for b in roots] for a in roots])
    total, back = local[0], []
    for costs in local[1:]:
        ways = total[:, None] + steps
        back.append(ways.argmin(axis=0))
        total = ways.min(axis=0) + costs
    path = [int(total.argmin())]
    for best in reversed(back):
        path.append(int(best[path[-1]]))
    return path[::-1]


def _cost(slot: _Slot, chord: Chord, far: float, n_bars: int) -> float:
    misfit = 1 - float(slot.weights[list(chord.pitch_classes)].sum()) if slot.weights.any() else 0.5
    cost = MISFIT * misfit + 0.5 * far
    if slot.bar == n_bars - 1:
        return cost + (CADENCE if far > 0 else 0.0)
    if (slot.bar + 1) % PHRASE_BARS == 0:
        return cost + (0.3 if far > 0.2 else 0.0)
    return cost


def _with_chords(tune: Tune, spans: dict[int, list[ChordSpan]]) -> Tune:
    sections, index = [], 0
    for section in tune.sections:
        bars = []
        for bar in section.bars:
            bars.append(bar if bar.chords else replace(bar, chords=_joined(spans[index])))
            index += 1
        sections.append(replace(section, bars=tuple(bars)))
    return replace(tune, sections=tuple(sections))


def _joined(spans: list[ChordSpan]) -> tuple[ChordSpan, ...]:
    """Like chords that follow each other are one."""
    joined: list[ChordSpan] = []
    for span in spans:
        if joined and joined[-1].chord == span.chord:
            last = joined[-1]
            joined[-1] = replace(last, length_beats=last.length_beats + span.length_beats)
        else:
            joined.append(span)
    return tuple(joined)
