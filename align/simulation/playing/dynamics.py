"""How loudly a phrase is played: with the energy of its section, swelling towards its middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from align.simulation.arranging.form import FormBar
from align.simulation.arranging.notes import ScoreNote
from align.simulation.arranging.shaping import PHRASE_BARS

QUIETEST, LOUDEST, SWELL = 0.72, 1.15, 0.08


def shape_dynamics(
    score: Sequence[ScoreNote], form: Sequence[FormBar], beats_per_bar: int
) -> list[ScoreNote]:
    """Scale every note's velocity by where it stands.

    Parameters
    ----------
    beats_per_bar
        heard beats in one bar of the form
    """
    shaped = []
    for note in score:
        bar = note.start_beat / beats_per_bar
        energy = form[min(len(form) - 1, int(bar))].energy
        swell = SWELL * np.sin(np.pi * (bar % PHRASE_BARS) / PHRASE_BARS)
        gain = QUIETEST + (LOUDEST - QUIETEST) * energy + swell
        shaped.append(replace(note, velocity=float(np.clip(note.velocity * gain, 0.05, 1.0))))
    return shaped
