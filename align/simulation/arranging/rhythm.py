"""Parts that accompany: chords on grids, sustained chords, walking basses, drums with fills.

In a chord grid a step is ``.`` (rest), ``-`` (the last one sounds on) or signs that sound together:
``1`` is the lowest tone of the voicing, ``2`` the next; ``b`` is the chord's bass note, ``u`` its
octave, ``f`` its fifth, ``t`` its third, ``s`` its sixth, ``v`` its seventh above, ``n`` the
semitone below the next chord's bass, ``p`` a power chord. In a drum grid, one line per drum, a step
is ``x``, ``X`` (accented), ``o`` (soft) or ``.``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from align.simulation.arranging.notes import BarContext, ScoreNote
from align.simulation.arranging.styles import PartStyle, StyleError
from align.simulation.score.chords import Chord, bass_pitch, voice_chord

DRUM_PITCHES = {
    "kick": 36, "stick": 37, "snare": 38, "clap": 39, "tom": 45, "hat": 42, "open_hat": 46,
    "crash": 49, "ride": 51, "tambourine": 54, "block": 76, "shaker": 70, "brush": 40,
    "pedal_hat": 44, "low_tom": 43, "high_tom": 48, "cowbell": 56, "conga": 63, "low_conga": 64,
    "timbale": 65, "bell": 53, "claves": 75, "cabasa": 69, "triangle": 81, "china": 52,
    "bongo": 60, "maracas": 70, "low_block": 77,
}  # fmt: skip
DRUM_VELOCITIES = {"X": 1.0, "x": 0.75, "o": 0.45}
CALM_BELOW, FULL_ABOVE = 0.42, 0.74
# Drums that take part in a fill, highest first.
FILLS = {
    "toms": ("snare", "high_tom", "tom", "low_tom"),
    "snare": ("snare", "snare", "snare"),
    "brush": ("brush", "brush", "stick"),
    "hands": ("bongo", "conga", "low_conga"),
    "claps": ("clap", "snare"),
}
CRASH_ABOVE = 0.6


def grid_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """Chord tones on a grid; a held chord is struck again where the chord changes."""
    steps = str(_grid_for(context, part)).split()
    step_beats = context.meter.n_beats / len(steps)
    for i, step in enumerate(steps):
        if step in ".-":
            continue
        held = 1
        while i + held < len(steps) and steps[i + held] == "-":
            held += 1
        velocity = 0.72 if i == 0 else 0.6
        start, end = i * step_beats, (i + held) * step_beats
        for begin, stop in _at_chords(context, start, end):
            for pitch in _step_pitches(step, context, begin, part.lowest_pitch):
                length = (stop - begin) * part.legato
                yield ScoreNote(begin, length, pitch + 12 * part.octave, velocity)


def pad_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """Every chord held for as long as it lasts; the grid names the tones."""
    tones = str(_grid_for(context, part))
    for begin, stop in _at_chords(context, 0.0, context.meter.n_beats):
        for pitch in _step_pitches(tones, context, begin, part.lowest_pitch):
            yield ScoreNote(begin, (stop - begin) * part.legato, pitch + 12 * part.octave, 0.6)


def walk_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """A bass that walks in beats: the bass note with each chord, a lead-in before the next."""
    n_beats, starts = context.meter.n_beats, context.chord_starts()
    for beat in range(n_beats):
        chord = context.chord_at(beat)
        low = bass_pitch(chord, part.lowest_pitch)
        if beat == 0 or any(abs(start - beat) < 0.01 for start in starts):
            pitch = low
        elif beat == n_beats - 1:
            goal = bass_pitch(context.next_chord(beat), part.lowest_pitch)
            pitch = goal + int(context.rng.choice([-1, 1]))
        else:
            pitch = low + (int(context.rng.choice(chord.pitch_classes)) - low) % 12
        yield ScoreNote(float(beat), part.legato, pitch, 0.75 if beat % 2 == 0 else 0.68)
        if context.rng.random() < 0.12:
            yield ScoreNote(beat + 0.5, 0.4, pitch, 0.5)


def drum_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """Drums on a grid each, a fill at the ends of phrases, a crash where a section opens."""
    n_beats = context.meter.n_beats
    is_filled = bool(part.fills) and context.form_bar.leads_on
    fill_beat = n_beats - context.rng.integers(1, 3) if is_filled else n_beats
    for drum, line in dict(_grid_for(context, part)).items():
        steps = line.replace(" ", "")
        for i, step in enumerate(steps):
            start = i * n_beats / len(steps)
            if step != "." and (start < fill_beat or drum == "kick"):
                yield ScoreNote(start, 0.25, DRUM_PITCHES[drum], DRUM_VELOCITIES[step])
    if is_filled:
        yield from _fill(context, part.fills, float(fill_beat))
    opens = context.form_bar.opens_section and context.form_bar.energy > CRASH_ABOVE
    if part.fills in ("toms", "snare") and opens:
        yield ScoreNote(0.0, 1.0, DRUM_PITCHES["crash"], 0.85)


def _fill(context: BarContext, kind: str, first_beat: float) -> Iterator[ScoreNote]:
    drums, division = FILLS[kind], context.meter.subdivision
    density = 2 * division if context.form_bar.energy > CRASH_ABOVE else division
    n_steps = round((context.meter.n_beats - first_beat) * density)
    for i in range(n_steps):
        if i == 0 or context.rng.random() < 0.8:
            drum = drums[min(len(drums) - 1, i * len(drums) // n_steps)]
            velocity = 0.55 + 0.4 * i / n_steps
            yield ScoreNote(first_beat + i / density, 0.2, DRUM_PITCHES[drum], velocity)


def _grid_for(context: BarContext, part: PartStyle) -> Any:
    form_bar = context.form_bar
    keys = (form_bar.section, form_bar.label, *_levels(context), "default")
    for key in keys:
        if key in part.grids:
            grid = part.grids[key]
            return grid[context.number % len(grid)] if isinstance(grid, tuple) else grid
    raise StyleError(f"part={part.name!r} has no grid for section {form_bar.section!r}")


def _levels(context: BarContext) -> tuple[str, ...]:
    energy = context.form_bar.energy
    level = "calm" if energy < CALM_BELOW else "full" if energy > FULL_ABOVE else "default"
    return ("build", level) if context.form_bar.builds else (level,)


def _at_chords(context: BarContext, start: float, end: float) -> Iterator[tuple[float, float]]:
    """The span from `start` to `end`, parted where a chord begins."""
    inside = [beat for beat in context.chord_starts() if start + 1e-6 < beat < end - 1e-6]
    edges = [start, *inside, float(end)]
    yield from pairwise(edges)


def _step_pitches(step: str, context: BarContext, beat: float, lowest_pitch: int) -> list[int]:
    chord = context.chord_at(beat)
    voicing = voice_chord(chord, lowest_pitch)
    pitches: list[int] = []
    for sign in step:
        if sign.isdigit():
            pitches.append(voicing[int(sign) - 1])
        elif sign == "n":
            pitches.append(bass_pitch(context.next_chord(beat), lowest_pitch) - 1)
        else:
            low = bass_pitch(chord, lowest_pitch)
            pitches.extend(low + semitones for semitones in _steps_above(sign, chord))
    return pitches


def _steps_above(sign: str, chord: Chord) -> tuple[int, ...]:
    """Semitones above the bass note that a sign stands for."""
    third = 3 if (chord.root + 3) % 12 in chord.pitch_classes else 4
    steps: Mapping[str, tuple[int, ...]] = {
        "b": (0,), "u": (12,), "f": (7,), "t": (third,), "s": (9,), "v": (10,), "p": (0, 7, 12),
    }  # fmt: skip
    return steps[sign]
