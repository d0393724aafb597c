"""Parts that follow the tune: the tune itself, second voices, block harmony, answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from align.simulation.arranging.notes import BarContext, ScoreNote
from align.simulation.arranging.styles import PartStyle
from align.simulation.score.chords import bass_pitch, chord_tone_below

LICK_BEATS = 1.0


def melody_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """The tune itself, moved by the part's octave."""
    for note in context.form_bar.bar.melody:
        end_beat = note.start_beat + note.length_beats
        start, end = context.meter.to_heard([note.start_beat, end_beat])
        velocity = 0.8 if note.start_beat % 2 == 0 else 0.68
        pitch = note.pitch + 12 * part.octave
        yield ScoreNote(float(start), float(end - start) * part.legato, pitch, velocity)


def second_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """A second voice: with every melody note the chord tone a third or more below it."""
    for note in melody_notes(context, part):
        chord = context.chord_at(note.start_beat)
        yield replace(note, pitch=chord_tone_below(chord, note.pitch), velocity=0.6)


def block_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """Two chord tones below every melody note and the bass, as a choir or a section sings."""
    for note in melody_notes(context, part):
        chord = context.chord_at(note.start_beat)
        upper = chord_tone_below(chord, note.pitch)
        lower = chord_tone_below(chord, upper)
        for pitch in (upper, lower, bass_pitch(chord, part.lowest_pitch)):
            yield replace(note, pitch=pitch, velocity=0.58)


def counter_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """A slow line of the chords' thirds and sevenths, each near the last."""
    starts = context.chord_starts()
    for start, end in zip(starts, [*starts[1:], context.meter.n_beats], strict=True):
        chord = context.chord_at(start)
        guide = chord.pitch_classes[1] if len(chord.pitch_classes) < 4 else chord.pitch_classes[3]
        pitch = part.lowest_pitch + (guide - part.lowest_pitch) % 12
        yield ScoreNote(start, (end - start) * part.legato, pitch, 0.6)


def lick_notes(context: BarContext, part: PartStyle) -> Iterator[ScoreNote]:
    """Answers in eighths where the tune rests at the end of a bar."""
    sung = [note.start_beat + note.length_beats for note in melody_notes(context, part)]
    begin = max(sung, default=0.0)
    first = float(int(begin + 0.99))
    if context.meter.n_beats - first < LICK_BEATS:
        return
    chord = context.chord_at(first)
    tones = [p for p in range(part.lowest_pitch, part.lowest_pitch + 24)
             if p % 12 in chord.pitch_classes]  # fmt: skip
    place = int(context.rng.integers(len(tones)))
    step = 1 if place < len(tones) // 2 else -1
    for i in range(round((context.meter.n_beats - first) * 2)):
        if context.rng.random() < 0.8:
            pitch = tones[(place + i * step) % len(tones)]
            yield ScoreNote(first + i / 2, 0.5 * part.legato, pitch + 12 * part.octave, 0.6)
