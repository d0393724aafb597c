"""What every writer of parts gets and gives: a bar with its surroundings, and notes in beats."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from align.simulation.arranging.form import FormBar
from align.simulation.score.chords import Chord
from align.simulation.score.meter import Meter


@dataclass(frozen=True)
class ScoreNote:
    """A note in heard beats. `part` indexes the style's parts; `velocity` is 0..1."""

    start_beat: float
    length_beats: float
    pitch: int
    velocity: float
    part: int = 0


@dataclass(frozen=True)
class BarContext:
    """A bar of the form as a writer of parts sees it.

    Attributes
    ----------
    following
        the next bar, None at the end
    number
        the bar's place in its section, from 0
    """

    form_bar: FormBar
    following: FormBar | None
    meter: Meter
    number: int
    rng: np.random.Generator = field(compare=False)

    def chord_at(self, heard_beat: float) -> Chord:
        """The last chord that has begun by `heard_beat` of the bar."""
        chord = self.form_bar.bar.chords[0].chord
        for span in self.form_bar.bar.chords:
            if float(self.meter.to_heard(span.start_beat)) <= heard_beat + 1e-6:
                chord = span.chord
        return chord

    def chord_starts(self) -> list[float]:
        """Heard beats at which the bar's chords begin."""
        return [float(self.meter.to_heard(span.start_beat)) for span in self.form_bar.bar.chords]

    def next_chord(self, heard_beat: float) -> Chord:
        """The chord that follows the one sounding at `heard_beat`, in this bar or the next."""
        for start, span in zip(self.chord_starts(), self.form_bar.bar.chords, strict=True):
            if start > heard_beat + 1e-6:
                return span.chord
        if self.following is None:
            return self.chord_at(heard_beat)
        return self.following.bar.chords[0].chord
