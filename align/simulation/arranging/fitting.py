"""Grids written for one bar, fitted to bars of other lengths and divisions.

A written grid has one or more bars, parted by ``|``. A bar of four beats becomes three by leaving
its third out, two bars of two by halving it; eighths become the first and last of three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from align.simulation.score.meter import Meter

# (beats of the written bar, beats of the heard bar) -> which written beats make up each heard bar
BEATS = {
    (4, 4): ((0, 1, 2, 3),), (4, 3): ((0, 1, 3),), (4, 2): ((0, 1), (2, 3)),
    (3, 3): ((0, 1, 2),), (3, 4): ((0, 1, 2, 1),), (3, 2): ((0, 2),),
    (2, 2): ((0, 1),), (2, 3): ((0, 1, 1),), (2, 4): ((0, 1, 0, 1),),
}  # fmt: skip
REST, HOLD = ".", "-"


@dataclass(frozen=True)
class Groove:
    """The bar that grids are written for, and how fast they go by (see ArrangementPlan.feel)."""

    bar_beats: int
    subdivision: int
    feel: float


Beat = list[str]
FittedGrid = str | dict[str, str]


def fit_grid(grid: str | Mapping[str, str], groove: Groove, meter: Meter) -> tuple[FittedGrid, ...]:
    """Fit a chord grid or a drum grid; one result for each bar of the tune in turn."""
    if isinstance(grid, str):
        if "|" not in grid and " " not in grid.strip():  # tones of a pad
            return (grid,)
        return tuple(" ".join(line) for line in _fit(_bars(grid, chords=True), groove, meter))
    fitted = {drum: _fit(_bars(line, chords=False), groove, meter) for drum, line in grid.items()}
    length = max(len(lines) for lines in fitted.values())
    return tuple(
        {drum: "".join(lines[i % len(lines)]) for drum, lines in fitted.items()}
        for i in range(length)
    )


def _bars(line: str, *, chords: bool) -> list[list[str]]:
    bars = line.split("|")
    return [bar.split() if chords else list(bar.replace(" ", "")) for bar in bars]


def _fit(bars: list[list[str]], groove: Groove, meter: Meter) -> list[list[str]]:
    """Steps of each tune bar."""
    beats = [beat for bar in bars for beat in _beats(bar, groove)]
    beats = _felt(beats, groove.feel)
    written = [beats[i : i + groove.bar_beats] for i in range(0, len(beats), groove.bar_beats)]
    heard = [
        [bar[k] for k in picks]
        for bar in written
        for picks in BEATS[groove.bar_beats, meter.bar_beats]
    ]
    per_tune_bar = meter.n_beats // meter.bar_beats
    cycle = heard * per_tune_bar if len(heard) % per_tune_bar else heard
    joined = [
        [beat for bar in cycle[i : i + per_tune_bar] for beat in bar]
        for i in range(0, len(cycle), per_tune_bar)
    ]
    return [_flatten([_divide(b, groove.subdivision, meter) for b in bar]) for bar in joined]


def _beats(bar: list[str], groove: Groove) -> list[Beat]:
    per_beat = max(1, len(bar) // groove.bar_beats)
    if len(bar) < groove.bar_beats:  # longer steps than beats: the rest of each sounds on
        stretch = groove.bar_beats // len(bar)
        bar = [s for step in bar for s in (step, *[_sound_on(step)] * (stretch - 1))]
    return [bar[i : i + per_beat] for i in range(0, len(bar), per_beat)]


def _felt(beats: list[Beat], feel: float) -> list[Beat]:
    if feel == 2:
        twice = beats * 2
        return [_flatten([a, b]) for a, b in zip(twice[0::2], twice[1::2], strict=True)]
    if feel == 0.5:
        return [half for beat in beats for half in _halves(beat)]
    return beats


def _halves(beat: Beat) -> tuple[Beat, Beat]:
    if len(beat) == 1:
        return beat, [_sound_on(beat[0])]
    half = (len(beat) + 1) // 2
    return beat[:half], beat[half:] or [_sound_on(beat[half - 1])]


def _divide(beat: Beat, subdivision: int, meter: Meter) -> Beat:
    """Steps of a written beat -> steps of a heard beat that divides otherwise."""
    if meter.subdivision == subdivision or len(beat) == 1:
        return beat
    if subdivision == 3:
        return [beat[0], beat[-1]]
    if len(beat) == 2:
        return [beat[0], _sound_on(beat[0]), beat[1]]
    if len(beat) == 4:
        a, b, c, d = beat
        return [a, _sound_on(a), b, _sound_on(b), c, d]
    return beat


def _sound_on(step: str) -> str:
    """What follows a step when it is made longer: a rest stays one, a tone is held."""
    return REST if step == REST or step in "xXo" else HOLD


def _flatten(beats: list[Beat]) -> list[str]:
    """All beats with the same number of steps, so that a bar divides evenly."""
    steps = _common_steps([len(beat) for beat in beats])
    flat: list[str] = []
    for beat in beats:
        repeat = steps // len(beat)
        flat.extend(s for step in beat for s in (step, *[_sound_on(step)] * (repeat - 1)))
    return flat


def _common_steps(lengths: list[int]) -> int:
    steps = 1
    while any(steps % length for length in lengths):
        steps += 1
    return steps
