"""The tempo curve: when every heard beat is. It is the truth of a rendition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from align.simulation.arranging.form import FormBar
from align.simulation.arranging.plan import ArrangementPlan
from align.simulation.arranging.styles import Style

PHRASE_BARS = 4
FERMATA_STRETCH = (1.6, 2.6)


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
    stretch: NDArray[np.float64] | None = None,
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
    stretch
        what every beat's length is multiplied by besides, (n_beats,)
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
    if stretch is not None:
        period_s = period_s * stretch
    return TempoCurve(start_s + np.concatenate([[0.0], np.cumsum(period_s)]))


def draw_stretch(
    form: Sequence[FormBar], plan: ArrangementPlan, beats_per_bar: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """What drift, section tempos and fermatas do to the length of every heard beat.

    Parameters
    ----------
    beats_per_bar
        heard beats in one bar of the form

    Returns
    -------
    (n_beats,), 1 where nothing happens
    """
    n_beats = len(form) * beats_per_bar
    stretch = 1 + plan.drift * np.linspace(0.0, 1.0, n_beats)
    section = np.cumsum([bar.opens_section for bar in form]) - 1
    if plan.section_tempos:
        speeds = np.array(plan.section_tempos)[section % len(plan.section_tempos)]
        stretch = stretch / np.repeat(speeds, beats_per_bar)
    ends = [i for i in range(3, len(form) - 1) if form[i].leads_on]
    held = rng.permutation(ends)[: plan.fermatas].astype(int)
    stretch[(held + 1) * beats_per_bar - 1] *= rng.uniform(*FERMATA_STRETCH, size=len(held))
    return np.asarray(stretch)
