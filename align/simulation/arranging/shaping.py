"""How a rendition grows: the energy of every bar, where phrases end, where it builds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from align.simulation.arranging.form import FormBar

LABEL_ENERGY = {
    "intro": 0.38, "verse": 0.5, "prechorus": 0.65, "chorus": 0.85, "bridge": 0.6,
    "interlude": 0.45, "solo": 0.75, "ending": 0.7,
}  # fmt: skip
OTHER_ENERGY = 0.55
PHRASE_BARS = 4
BUILD_BARS, BUILD_RISE = 2, 0.2
RISE_PER_REPEAT = 0.09


def shape_energy(form: Sequence[FormBar], rng: np.random.Generator) -> tuple[FormBar, ...]:
    """Give each bar its energy by its section, growing with repeats, and mark phrase ends."""
    runs = _runs(form)
    heard: dict[str, int] = {}
    energies = []
    for run in runs:
        label = form[run.start].label
        base = LABEL_ENERGY.get(label, OTHER_ENERGY) + RISE_PER_REPEAT * heard.get(label, 0)
        energies.append(float(np.clip(base + rng.uniform(-0.12, 0.12), 0.15, 1.0)))
        heard[label] = heard.get(label, 0) + 1
    shaped: list[FormBar] = []
    for k, run in enumerate(runs):
        rises = k + 1 < len(runs) and energies[k + 1] - energies[k] > BUILD_RISE
        for place, i in enumerate(run):
            left = run.stop - i
            ends = left == 1 or ((place + 1) % PHRASE_BARS == 0 and rng.random() < 0.5)
            builds = rises and left <= BUILD_BARS
            shaped.append(replace(form[i], energy=energies[k], leads_on=ends, builds=builds))
    return tuple(shaped)


def _runs(form: Sequence[FormBar]) -> list[range]:
    """The bars of each section as heard."""
    starts = [i for i, bar in enumerate(form) if bar.opens_section or i == 0]
    return [range(a, b) for a, b in zip(starts, [*starts[1:], len(form)], strict=True)]
