"""Form and style -> parts with notes, in heard beats from the start of the form.

Accompaniment is written as grids: a bar is divided evenly into the grid's steps; the signs are
explained in `rhythm`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from align.simulation.arranging.form import COUNT_IN, FormBar
from align.simulation.arranging.melody import (
    block_notes,
    counter_notes,
    lick_notes,
    melody_notes,
    second_notes,
)
from align.simulation.arranging.notes import BarContext, ScoreNote
from align.simulation.arranging.rhythm import (
    DRUM_PITCHES,
    drum_notes,
    grid_notes,
    pad_notes,
    walk_notes,
)
from align.simulation.arranging.styles import PartStyle, Style

__all__ = ["KINDS", "ScoreNote", "arrange"]

KINDS: dict[str, Callable[[BarContext, PartStyle], Iterator[ScoreNote]]] = {
    "melody": melody_notes,
    "second": second_notes,
    "block": block_notes,
    "counter": counter_notes,
    "licks": lick_notes,
    "grid": grid_notes,
    "pad": pad_notes,
    "walk": walk_notes,
    "drums": drum_notes,
}


@dataclass(frozen=True)
class _Place:
    """A bar of the form and where it stands."""

    context: BarContext
    offset_beats: int


def arrange(
    form: Sequence[FormBar],
    style: Style,
    *,
    transposition: int = 0,
    rng: np.random.Generator | None = None,
) -> list[ScoreNote]:
    """Write out every part, sorted by start.

    Parameters
    ----------
    transposition
        semitones up from the tune's key; drums stay
    rng
        for fills, walking basses and licks; None for fixed ones
    """
    rng = rng or np.random.default_rng(0)
    places = _places(form, style, rng)
    notes = [
        note
        for index, part in enumerate(style.parts)
        for place in places
        for note in _part_notes(place, part, index, transposition)
    ]
    return sorted(notes, key=lambda note: (note.start_beat, note.part, note.pitch))


def _places(form: Sequence[FormBar], style: Style, rng: np.random.Generator) -> list[_Place]:
    places, number = [], 0
    for i, form_bar in enumerate(form):
        number = 0 if form_bar.opens_section else number + 1
        following = form[i + 1] if i + 1 < len(form) else None
        context = BarContext(form_bar, following, style.meter, number, rng)
        places.append(_Place(context, i * style.meter.n_beats))
    return places


def _part_notes(
    place: _Place, part: PartStyle, index: int, transposition: int
) -> Iterator[ScoreNote]:
    form_bar = place.context.form_bar
    if form_bar.section == COUNT_IN:
        notes = _sticks(place.context) if part.kind == "drums" else iter(())
    elif _plays(part, form_bar):
        notes = KINDS[part.kind](place.context, part)
    else:
        return
    shift = 0 if part.kind == "drums" else transposition
    for note in notes:
        start_beat = note.start_beat + place.offset_beats
        yield replace(note, start_beat=start_beat, pitch=note.pitch + shift, part=index)


def _plays(part: PartStyle, form_bar: FormBar) -> bool:
    if part.sections and not {form_bar.section, form_bar.label} & set(part.sections):
        return False
    return part.energy[0] <= form_bar.energy <= part.energy[1]


def _sticks(context: BarContext) -> Iterator[ScoreNote]:
    for beat in range(context.meter.n_beats):
        yield ScoreNote(float(beat), 0.25, DRUM_PITCHES["stick"], 0.8)
