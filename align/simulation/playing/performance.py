"""Notes in beats -> notes in seconds: tempo curve, swing, human timing.

Truth is the tempo curve; the notes scatter around it as players do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from align.simulation.arranging.arrangement import ScoreNote
from align.simulation.arranging.styles import Style

PHRASE_BARS = 4


@dataclass(frozen=True)
class PlayedNote:
    """A note as played. Times in seconds from the start of the file, `velocity` 0..1."""

    start_s: float
    end_s: float
    pitch: int
    velocity: float
    part: int


@dataclass(frozen=True)
class TempoCurve:
    """The time of every heard beat and of the end of the last. `beats_s`: (n_beats + 1,)."""

    beats_s: NDArray[np.float64]

    def time_s(self, beat: ArrayLike) -> NDArray[np.float64]:
        """Heard beats -> seconds, linear between beats."""
        beat = np.asarray(beat, float)
        return np.asarray(np.interp(beat, np.arange(len(self.beats_s)), self.beats_s))


def draw_tempo_curve(
    n_beats: int,
    style: Style,
    *,
    tempo_bpm: float,
    start_s: float,
    rng: np.random.Generator,
) -> TempoCurve:
    """A tempo that breathes: slower at the ends of phrases, a slow wander, a final ritardando.

    Parameters
    ----------
    n_beats
        heard beats
    tempo_bpm
        heard beats per minute before rubato
    start_s
        time of the first beat
    """
    beat = np.arange(n_beats)
    phrase_beats = PHRASE_BARS * style.meter.n_beats
    phase = (beat % phrase_beats) / phrase_beats
    slowing = 1 + style.rubato * (12 * (phase - 0.5) ** 2 - 1)
    wander = np.convolve(rng.normal(size=n_beats + 7), np.ones(8) / 8, mode="valid")
    n_last = min(n_beats, 2 * style.meter.n_beats)
    final = np.ones(n_beats)
    final[n_beats - n_last :] = np.linspace(1, style.ritardando, n_last)
    # [60 s/min] / [beats/min] = [s/beat]
    period_s = 60 / tempo_bpm * slowing * (1 + style.rubato * wander) * final
    return TempoCurve(start_s + np.concatenate([[0.0], np.cumsum(period_s)]))


def perform(
    score: Sequence[ScoreNote], style: Style, tempo: TempoCurve, *, rng: np.random.Generator
) -> list[PlayedNote]:
    """Play the score in time, swung and human, sorted by start."""
    played = []
    for note in score:
        part = style.parts[note.part]
        start_s, end_s = tempo.time_s(
            swing_beats([note.start_beat, note.start_beat + note.length_beats], style.swing)
        )
        late_s = part.late_ms / 1000 + rng.normal() * style.timing_ms / 1000
        velocity = float(np.clip(note.velocity + rng.normal() * 0.04, 0.1, 1.0))
        start_s = max(0.0, float(start_s) + late_s)
        end_s = max(start_s + 0.03, float(end_s) + late_s)
        played.append(PlayedNote(start_s, end_s, note.pitch, velocity, note.part))
    return sorted(_strummed(played, style), key=lambda note: (note.start_s, note.part, note.pitch))


def swing_beats(beats: ArrayLike, swing: float) -> NDArray[np.float64]:
    """Move the middle of each beat to `swing` (0.5 is straight, 0.67 triplets)."""
    whole, fraction = np.divmod(np.asarray(beats, dtype=float), 1.0)
    return whole + np.interp(fraction, [0.0, 0.5, 1.0], [0.0, swing, 1.0])


def _strummed(notes: list[PlayedNote], style: Style) -> list[PlayedNote]:
    """Spread simultaneous tones of strumming parts upwards, the lowest on the beat."""
    spread: list[PlayedNote] = []
    for index, part in enumerate(style.parts):
        own = [note for note in notes if note.part == index]
        if part.strum_ms <= 0:
            spread.extend(own)
            continue
        groups: list[list[PlayedNote]] = []
        for note in sorted(own, key=lambda each: each.start_s):
            if groups and note.start_s - groups[-1][0].start_s < 0.05:
                groups[-1].append(note)
            else:
                groups.append([note])
        for group in groups:
            spread.extend(_strum(group, part.strum_ms / 1000))
    return spread


def _strum(group: list[PlayedNote], strum_s: float) -> list[PlayedNote]:
    ordered = sorted(group, key=lambda note: note.pitch)
    first_s = ordered[0].start_s
    step_s = strum_s / max(1, len(ordered) - 1)
    return [
        replace(note, start_s=first_s + i * step_s, end_s=note.end_s + i * step_s)
        for i, note in enumerate(ordered)
    ]
