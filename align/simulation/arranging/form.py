"""The form of a rendition: which bars of the tune are heard, in which order.

Joins are made as players make them. The pick-up of a section is the last bar of the section
written before it; where a jump leads to a section, the bar before the join becomes that pick-up.
A form that opens without its predecessor opens with the pick-up bar. So every bar is exactly one
bar of the tune, or none (a vamp), and the map to the Reference follows from the bars alone.

An order is a list of words:

    NAME          a whole section of the tune
    NAME[A:B]     its bars from A up to B, counted from 0; either may be left out
    vamp:N        N bars of the tune's key chord
    count-in:N    N bars of sticks
    solo:N        N bars over other chords, with an invented melody
    other:A:B     bars A up to B of another tune, over and over where it is shorter
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from align.simulation.arranging.interlude import improvise, rebar
from align.simulation.score.chords import chord_on, parse_chord
from align.simulation.score.tune import Bar, ChordSpan, Tune, TuneError, TuneSection

VAMP, COUNT_IN, SOLO, OTHER = "vamp", "count-in", "solo", "other"
_SLICE = re.compile(r"(?P<name>[^\[\]]+)\[(?P<first>\d*):(?P<end>\d*)\]$")


@dataclass(frozen=True)
class FormBar:
    """One heard bar.

    Attributes
    ----------
    tune_bar
        its index in the tune, None where it is not in the tune
    energy
        0 (a whisper) to 1 (everybody)
    leads_on
        whether it is the last bar of a phrase, where drummers fill
    builds
        whether it leads to a section of much higher energy
    """

    bar: Bar
    tune_bar: int | None
    section: str
    label: str
    opens_section: bool = False
    energy: float = 0.6
    leads_on: bool = False
    builds: bool = False


def lay_out(
    tune: Tune,
    order: Sequence[str],
    *,
    other: Tune | None = None,
    rng: np.random.Generator | None = None,
) -> tuple[FormBar, ...]:
    """Put sections in `order`, in the words of the module's docstring.

    Parameters
    ----------
    other
        the tune that ``other:A:B`` speaks of
    rng
        for solos; None for a fixed one

    Raises
    ------
    TuneError
        when a name is no section of the tune, a slice is empty, or the order is
    """
    if not order:
        raise TuneError("order=() has no section: name at least one")
    rng = rng or np.random.default_rng(0)
    foreign: dict[str, Callable[[list[int]], list[FormBar]]] = {
        VAMP: lambda numbers: _vamp(tune, numbers[0] if numbers else 2),
        COUNT_IN: lambda numbers: _count_in(tune, numbers[0] if numbers else 1),
        SOLO: lambda numbers: _solo(tune, numbers[0] if numbers else 8, rng),
        OTHER: lambda numbers: _other(tune, other, numbers),
    }
    bars: list[FormBar] = []
    for word in order:
        name, *numbers = word.split(":") if "[" not in word else [word]
        if name in foreign:
            bars.extend(foreign[name]([int(number) for number in numbers]))
            continue
        section, first, end = _find_slice(tune, word)
        if first == 0:
            _lead_into(bars, tune, section)
        bars.extend(_section_bars(section, first, end))
    return tuple(bars)


def word_for(section: TuneSection, first: int, end: int) -> str:
    """How an order names the bars of a section from `first` up to `end`."""
    whole = first == 0 and end == len(section.bars)
    return section.name if whole else f"{section.name}[{first}:{end}]"


def _find_slice(tune: Tune, word: str) -> tuple[TuneSection, int, int]:
    match = _SLICE.match(word)
    section = tune.section(match["name"] if match else word)
    first = int(match["first"] or 0) if match else 0
    end = int(match["end"] or len(section.bars)) if match else len(section.bars)
    if not 0 <= first < end <= len(section.bars):
        raise TuneError(f"order={word!r} is empty: {section.name} has {len(section.bars)} bars")
    return section, first, end


def _section_bars(section: TuneSection, first: int, end: int) -> list[FormBar]:
    return [
        FormBar(bar, bar.index, section.name, section.label, i == 0)
        for i, bar in enumerate(section.bars[first:end])
    ]


def _lead_into(bars: list[FormBar], tune: Tune, section: TuneSection) -> None:
    """Let the last bar so far be the pick-up of `section`, unless it already is."""
    pickup_index = section.bars[0].index - 1
    if not section.has_pickup or pickup_index < 0:
        return
    if bars and bars[-1].tune_bar == pickup_index:
        return
    pickup = tune.bars[pickup_index]
    if bars and bars[-1].section != COUNT_IN:
        bars[-1] = replace(bars[-1], bar=pickup, tune_bar=pickup_index)
    else:
        bars.append(FormBar(pickup, pickup_index, "pickup", "intro", True))


def _foreign_bars(bars: Sequence[Bar], section: str, label: str) -> list[FormBar]:
    return [FormBar(bar, None, section, label, i == 0) for i, bar in enumerate(bars)]


def _vamp(tune: Tune, n_bars: int) -> list[FormBar]:
    half = tune.beats_per_bar / 2
    tonic = parse_chord(tune.key)
    chords = tuple(
        ChordSpan(i * half, half, chord)
        for i, chord in enumerate((tonic, chord_on(tonic.root, "sus4")))
    )
    return _foreign_bars([Bar(-1, (), chords)] * n_bars, VAMP, "intro")


def _count_in(tune: Tune, n_bars: int) -> list[FormBar]:
    tonic = ChordSpan(0.0, float(tune.beats_per_bar), parse_chord(tune.key))
    return _foreign_bars([Bar(-1, (), (tonic,))] * n_bars, COUNT_IN, "intro")


def _solo(tune: Tune, n_bars: int, rng: np.random.Generator) -> list[FormBar]:
    return _foreign_bars(improvise(tune, n_bars, rng), SOLO, "interlude")


def _other(tune: Tune, other: Tune | None, numbers: Sequence[int]) -> list[FormBar]:
    if other is None:
        raise TuneError(f"order={OTHER!r} needs another tune: give one")
    bars = rebar(other, tune.beats_per_bar)
    first, end = numbers if len(numbers) == 2 else (0, len(bars))
    if not 0 <= first < end:
        raise TuneError(f"order='other:{first}:{end}' is empty: name a later end")
    return _foreign_bars([bars[i % len(bars)] for i in range(first, end)], OTHER, "interlude")
