"""The form of a rendition: which bars of the tune are heard, in which order.

Joins are made as players make them. The pick-up of a section is the last bar of the section
written before it; where a jump leads to a section, the bar before the join becomes that pick-up.
A form that opens without its predecessor opens with the pick-up bar. So every bar is exactly one
bar of the tune, or none (a vamp), and the map to the Reference follows from the bars alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from align.simulation.score.chords import parse_chord
from align.simulation.score.tune import Bar, ChordSpan, Tune, TuneError, TuneSection

VAMP = "vamp"


@dataclass(frozen=True)
class FormBar:
    """One heard bar. `tune_bar` is its index in the tune, None where it is not in the tune."""

    bar: Bar
    tune_bar: int | None
    section: str
    label: str
    opens_section: bool = False


def lay_out(tune: Tune, order: Sequence[str]) -> tuple[FormBar, ...]:
    """Put sections in `order`; ``vamp:N`` stands for N bars of the tune's key chord alone.

    Parameters
    ----------
    order
        names of sections of `tune`, each as often as it is heard

    Raises
    ------
    TuneError
        when a name is no section of the tune, or the order is empty
    """
    if not order:
        raise TuneError("order=() has no section")
    bars: list[FormBar] = []
    for name in order:
        if name.startswith(VAMP):
            bars.extend(_vamp(tune, int(name.partition(":")[2] or 2)))
            continue
        section = tune.section(name)
        _lead_into(bars, tune, section)
        bars.extend(
            FormBar(bar, bar.index, section.name, section.label, bar is section.bars[0])
            for bar in section.bars
        )
    return tuple(bars)


def _lead_into(bars: list[FormBar], tune: Tune, section: TuneSection) -> None:
    """Let the last bar so far be the pick-up of `section`, unless it already is."""
    pickup_index = section.bars[0].index - 1
    if pickup_index < 0 or (bars and bars[-1].tune_bar == pickup_index):
        return
    pickup = tune.bars[pickup_index]
    if bars:
        bars[-1] = replace(bars[-1], bar=pickup, tune_bar=pickup_index)
    else:
        bars.append(FormBar(pickup, pickup_index, "pickup", "intro", True))


def _vamp(tune: Tune, n_bars: int) -> list[FormBar]:
    half = tune.beats_per_bar / 2
    chords = tuple(
        ChordSpan(i * half, half, parse_chord(symbol))
        for i, symbol in enumerate((tune.key, f"{tune.key}sus4"))
    )
    bar = Bar(-1, (), chords)
    return [FormBar(bar, None, VAMP, "intro", i == 0) for i in range(n_bars)]
