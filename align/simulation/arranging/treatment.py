"""What players do with a tune. The bars stay, so truth does too; only their melody changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from align.simulation.arranging.form import FormBar
from align.simulation.arranging.plan import PlanError
from align.simulation.score.chords import Chord
from align.simulation.score.tune import Bar, TuneNote

LONG_BEATS = 0.9
SHIFT_BEATS = 0.5


@dataclass(frozen=True)
class _Touch:
    """What a treatment knows of a bar."""

    bar: Bar
    beats_per_bar: int
    rng: np.random.Generator

    def chord_at(self, beat: float) -> Chord:
        begun = [s.chord for s in self.bar.chords if s.start_beat <= beat + 1e-6]
        return begun[-1] if begun else self.bar.chords[0].chord


Notes = tuple[TuneNote, ...]


def treat_melody(
    form: Sequence[FormBar], treatment: str, *, beats_per_bar: int, rng: np.random.Generator
) -> tuple[FormBar, ...]:
    """Change the melody of every bar.

    Parameters
    ----------
    treatment
        a key of TREATMENTS; ``sections`` draws another one for each section

    Raises
    ------
    PlanError
        when there is no such treatment
    """
    if treatment != MIXED and treatment not in TREATMENTS:
        raise PlanError(f"melody={treatment!r} is none of {[MIXED, *TREATMENTS]}")
    treated: list[FormBar] = []
    current = treatment
    for form_bar in form:
        if treatment == MIXED and (form_bar.opens_section or not treated):
            current = str(rng.choice(MIXABLE))
        touch = _Touch(form_bar.bar, beats_per_bar, rng)
        melody = TREATMENTS[current](touch)
        treated.append(replace(form_bar, bar=replace(form_bar.bar, melody=melody)))
    return tuple(treated)


def _as_written(touch: _Touch) -> Notes:
    return touch.bar.melody


def _absent(touch: _Touch) -> Notes:
    return ()


def _ornamented(touch: _Touch) -> Notes:
    """Neighbour notes, repeated notes and passing tones in the longer notes."""
    notes: list[TuneNote] = []
    for note in touch.bar.melody:
        if note.length_beats >= LONG_BEATS and touch.rng.random() < 0.6:
            notes.extend(_ornament(note, touch))
        else:
            notes.append(note)
    return tuple(notes)


def _ornament(note: TuneNote, touch: _Touch) -> list[TuneNote]:
    start, length, pitch = note.start_beat, note.length_beats, note.pitch
    half = length / 2
    choice = touch.rng.integers(3)
    if choice == 0:  # a turn
        quarter = min(0.25, length / 4)
        steps = [pitch + 2, pitch, pitch - 2]
        turn = [TuneNote(start + i * quarter, quarter, p) for i, p in enumerate(steps)]
        return [*turn, TuneNote(start + 3 * quarter, length - 3 * quarter, pitch)]
    if choice == 1:  # said twice
        return [TuneNote(start, half, pitch), TuneNote(start + half, half, pitch)]
    tones = [p for p in range(pitch - 5, pitch + 6)
             if p != pitch and p % 12 in touch.chord_at(start).pitch_classes]  # fmt: skip
    other = int(touch.rng.choice(tones)) if tones else pitch
    return [TuneNote(start, half, pitch), TuneNote(start + half, half, other)]


def _simplified(touch: _Touch) -> Notes:
    """Only what falls on beats, held until the next."""
    on_beats = [n for n in touch.bar.melody if abs(n.start_beat - round(n.start_beat)) < 0.01]
    kept = [n for n in on_beats if round(n.start_beat) % 2 == 0 or touch.rng.random() < 0.6]
    ends = [n.start_beat for n in kept[1:]] + [float(touch.beats_per_bar)] * bool(kept)
    return tuple(
        replace(n, length_beats=min(end - n.start_beat, n.length_beats + 1.0))
        for n, end in zip(kept, ends, strict=True)
    )


def _displaced(touch: _Touch, shift: float) -> Notes:
    moved = []
    for note in touch.bar.melody:
        start = note.start_beat + shift
        if 0 <= start < touch.beats_per_bar and touch.rng.random() < 0.7:
            moved.append(replace(note, start_beat=start))
        else:
            moved.append(note)
    return tuple(sorted(moved, key=lambda note: note.start_beat))


def _late(touch: _Touch) -> Notes:
    return _displaced(touch, SHIFT_BEATS)


def _early(touch: _Touch) -> Notes:
    return _displaced(touch, -SHIFT_BEATS)


def _chord_line(touch: _Touch) -> Notes:
    """Another melody of the same rhythm, on the chord tone nearest below each note."""
    return tuple(
        replace(note, pitch=next(p for p in range(note.pitch - 1, 0, -1)
                                 if p % 12 in touch.chord_at(note.start_beat).pitch_classes))
        for note in touch.bar.melody
    )  # fmt: skip


MIXED = "sections"
TREATMENTS: dict[str, Callable[[_Touch], Notes]] = {
    "as_written": _as_written,
    "ornamented": _ornamented,
    "simplified": _simplified,
    "late": _late,
    "early": _early,
    "chord_line": _chord_line,
    "absent": _absent,
}
MIXABLE = ("as_written", "ornamented", "simplified", "late", "early")
