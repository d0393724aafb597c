"""Form and style -> parts with notes, in heard beats from the start of the form.

Accompaniment is written as grids: a bar is divided evenly into the grid's steps. In a chord grid
a step is ``.`` (rest), ``-`` (the last one sounds on), ``b`` (the bass note) or digits: ``1`` is
the lowest tone of the voicing, ``2`` the next, ``135`` three at once. In a drum grid, one line per
drum, a step is ``x``, ``X`` (accented), ``o`` (soft) or ``.``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from align.simulation.arranging.form import FormBar
from align.simulation.arranging.styles import PartStyle, Style, StyleError
from align.simulation.score.chords import Chord, bass_pitch, chord_tone_below, voice_chord
from align.simulation.score.meter import Meter

DRUM_PITCHES = {
    "kick": 36, "stick": 37, "snare": 38, "clap": 39, "tom": 45, "hat": 42, "open_hat": 46,
    "crash": 49, "ride": 51, "tambourine": 54, "block": 76, "shaker": 70, "brush": 40,
}  # fmt: skip
DRUM_VELOCITIES = {"X": 1.0, "x": 0.75, "o": 0.45}


@dataclass(frozen=True)
class ScoreNote:
    """A note in heard beats. `part` indexes the style's parts; `velocity` is 0..1."""

    start_beat: float
    length_beats: float
    pitch: int
    velocity: float
    part: int


def arrange(form: Sequence[FormBar], style: Style, *, transposition: int = 0) -> list[ScoreNote]:
    """Write out every part, sorted by start.

    Parameters
    ----------
    transposition
        semitones up from the tune's key; drums stay
    """
    notes = []
    for part_index, part in enumerate(style.parts):
        shift = 0 if part.kind == "drums" else transposition
        for bar_index, form_bar in enumerate(form):
            if part.sections and not {form_bar.section, form_bar.label} & set(part.sections):
                continue
            offset = bar_index * style.meter.n_beats
            for note in KINDS[part.kind](form_bar, part, style.meter):
                notes.append(
                    replace(
                        note,
                        start_beat=note.start_beat + offset,
                        pitch=note.pitch + shift,
                        part=part_index,
                    )
                )
    return sorted(notes, key=lambda note: (note.start_beat, note.part, note.pitch))


def melody_notes(form_bar: FormBar, part: PartStyle, meter: Meter) -> Iterator[ScoreNote]:
    """The tune itself, moved by the part's octave."""
    for note in form_bar.bar.melody:
        start, end = meter.to_heard([note.start_beat, note.start_beat + note.length_beats])
        velocity = 0.8 if note.start_beat % 2 == 0 else 0.68
        pitch = note.pitch + 12 * part.octave
        yield ScoreNote(float(start), float(end - start) * part.legato, pitch, velocity, 0)


def second_notes(form_bar: FormBar, part: PartStyle, meter: Meter) -> Iterator[ScoreNote]:
    """A second voice: with every melody note the chord tone a third or more below it."""
    for note in melody_notes(form_bar, part, meter):
        chord = _chord_at(form_bar, note.start_beat, meter)
        yield replace(note, pitch=chord_tone_below(chord, note.pitch), velocity=0.6)


def grid_notes(form_bar: FormBar, part: PartStyle, meter: Meter) -> Iterator[ScoreNote]:
    """Chord tones on a grid."""
    steps = str(_grid_for(form_bar, part)).split()
    step_beats = meter.n_beats / len(steps)
    for i, step in enumerate(steps):
        if step in ".-":
            continue
        held = 1
        while i + held < len(steps) and steps[i + held] == "-":
            held += 1
        chord = _chord_at(form_bar, i * step_beats, meter)
        velocity = 0.72 if i == 0 else 0.6
        for pitch in _step_pitches(step, chord, part.lowest_pitch):
            length = held * step_beats * part.legato
            yield ScoreNote(i * step_beats, length, pitch + 12 * part.octave, velocity, 0)


def drum_notes(form_bar: FormBar, part: PartStyle, meter: Meter) -> Iterator[ScoreNote]:
    """Drums on a grid each."""
    for drum, line in dict(_grid_for(form_bar, part)).items():
        steps = line.replace(" ", "")
        for i, step in enumerate(steps):
            if step != ".":
                start = i * meter.n_beats / len(steps)
                yield ScoreNote(start, 0.25, DRUM_PITCHES[drum], DRUM_VELOCITIES[step], 0)


KINDS: dict[str, Callable[[FormBar, PartStyle, Meter], Iterator[ScoreNote]]] = {
    "melody": melody_notes,
    "second": second_notes,
    "grid": grid_notes,
    "drums": drum_notes,
}


def _grid_for(form_bar: FormBar, part: PartStyle) -> Any:
    for key in (form_bar.section, form_bar.label, "default"):
        if key in part.grids:
            return part.grids[key]
    raise StyleError(f"part={part.name!r} has no grid for section {form_bar.section!r}")


def _chord_at(form_bar: FormBar, heard_beat: float, meter: Meter) -> Chord:
    """The last chord that has begun by `heard_beat` of the bar."""
    chord = form_bar.bar.chords[0].chord
    for span in form_bar.bar.chords:
        if float(meter.to_heard(span.start_beat)) <= heard_beat + 1e-6:
            chord = span.chord
    return chord


def _step_pitches(step: str, chord: Chord, lowest_pitch: int) -> list[int]:
    voicing = voice_chord(chord, lowest_pitch)
    return [
        bass_pitch(chord, lowest_pitch) if sign == "b" else voicing[int(sign) - 1] for sign in step
    ]
