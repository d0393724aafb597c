"""The key of a tune: Krumhansl's profiles (1990), with a word for how it begins and ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from align.simulation.score.chords import is_minor
from align.simulation.score.tune import Tune

MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
LAST_NOTE, LAST_CHORD, FIRST_CHORD, WRITTEN = 0.35, 0.4, 0.15, 0.7


def find_key(tune: Tune, *, written: tuple[int, bool] | None = None) -> tuple[int, bool]:
    """Pitch class of the tonic, and whether the mode is minor (dorian counts as minor).

    Parameters
    ----------
    written
        the key that a lead sheet names; collections often name a relative one, so it is one
        voice among others
    """
    weights = pitch_class_weights(tune)
    scores: dict[tuple[int, bool], float] = {}
    for minor, profile in ((False, MAJOR), (True, MINOR)):
        for tonic in range(12):
            rolled = np.roll(profile, tonic)
            scores[tonic, minor] = float(np.corrcoef(weights, rolled)[0, 1])
    for key, gain in _hints(tune):
        scores[key] += gain
    if written is not None:
        scores[written] += WRITTEN
    return max(scores, key=lambda key: scores[key])


def pitch_class_weights(tune: Tune) -> NDArray[np.float64]:
    """Beats that each pitch class sounds in the melody, (12,)."""
    weights = np.zeros(12)
    for bar in tune.bars:
        for note in bar.melody:
            weights[note.pitch % 12] += note.length_beats
    return weights


def _hints(tune: Tune) -> list[tuple[tuple[int, bool], float]]:
    notes = [note for bar in tune.bars for note in bar.melody]
    chords = [span.chord for bar in tune.bars for span in bar.chords]
    hints = [((notes[-1].pitch % 12, minor), LAST_NOTE) for minor in (False, True)] if notes else []
    if chords:
        hints.append(((chords[-1].root, is_minor(chords[-1])), LAST_CHORD))
        hints.append(((chords[0].root, is_minor(chords[0])), FIRST_CHORD))
    return hints
