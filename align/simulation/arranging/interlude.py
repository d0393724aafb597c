"""Music that is not the song: solos over other chords, and other tunes cut to the song's bars."""

from __future__ import annotations

import numpy as np

from align.simulation.score.chords import Chord, chord_on, is_minor, parse_chord
from align.simulation.score.tune import Bar, ChordSpan, Tune, TuneNote

# Steps above the tonic and qualities; none is a usual harmonisation of a verse.
PROGRESSIONS = {
    False: (
        ((0, ""), (10, ""), (5, ""), (0, "")),
        ((9, "m"), (5, ""), (10, ""), (7, "")),
        ((0, "7"), (5, "7"), (0, "7"), (7, "7")),
        ((2, "m7"), (7, "7"), (0, "maj7"), (9, "7")),
    ),
    True: (
        ((0, "m"), (8, ""), (3, ""), (10, "")),
        ((0, "m"), (10, ""), (8, ""), (7, "7")),
        ((5, "m7"), (10, "7"), (3, "maj7"), (7, "7")),
    ),
}
PENTATONIC = {False: (0, 2, 4, 7, 9), True: (0, 3, 5, 7, 10)}
RHYTHMS = ((0.0,), (0.0, 0.5), (0.0, 0.5), (), (0.5,))


def improvise(tune: Tune, n_bars: int, rng: np.random.Generator) -> list[Bar]:
    """Bars of a foreign progression in the tune's key with a wandering pentatonic line."""
    tonic = parse_chord(tune.key)
    minor = is_minor(tonic)
    progression = PROGRESSIONS[minor][rng.integers(len(PROGRESSIONS[minor]))]
    scale = _scale(tonic.root, PENTATONIC[minor])
    place = len(scale) // 2
    bars = []
    for i in range(n_bars):
        step, quality = progression[i % len(progression)]
        melody, place = _line(tune.beats_per_bar, scale, place, rng)
        chord = chord_on(tonic.root + step, quality)
        bars.append(Bar(-1, melody, (ChordSpan(0.0, float(tune.beats_per_bar), chord),)))
    return bars


def rebar(tune: Tune, beats_per_bar: int) -> list[Bar]:
    """The bars of a tune cut anew to another length; notes end at the new bar lines."""
    if tune.beats_per_bar == beats_per_bar:
        return list(tune.bars)
    old = tune.beats_per_bar
    notes = [(bar.index * old + n.start_beat, n) for bar in tune.bars for n in bar.melody]
    chords = [(bar.index * old + c.start_beat, c.chord) for bar in tune.bars for c in bar.chords]
    n_bars = len(tune.bars) * old // beats_per_bar
    return [_cut_bar(i * beats_per_bar, beats_per_bar, notes, chords) for i in range(n_bars)]


def _cut_bar(
    start: float,
    length: int,
    notes: list[tuple[float, TuneNote]],
    chords: list[tuple[float, Chord]],
) -> Bar:
    end = start + length
    melody = tuple(
        TuneNote(beat - start, min(note.length_beats, end - beat), note.pitch)
        for beat, note in notes
        if start <= beat < end
    )
    inside = [(beat, chord) for beat, chord in chords if start < beat < end]
    first = [chord for beat, chord in chords if beat <= start][-1]
    starts = [start, *(beat for beat, _ in inside), end]
    spans = zip(starts[:-1], starts[1:], [first, *(chord for _, chord in inside)], strict=True)
    return Bar(-1, melody, tuple(ChordSpan(a - start, b - a, chord) for a, b, chord in spans))


def _scale(root: int, steps: tuple[int, ...]) -> list[int]:
    return [pitch for pitch in range(60, 85) if (pitch - root) % 12 in steps]


def _line(
    n_beats: int, scale: list[int], place: int, rng: np.random.Generator
) -> tuple[tuple[TuneNote, ...], int]:
    notes = []
    for beat in range(n_beats):
        rhythm = RHYTHMS[rng.integers(len(RHYTHMS))]
        for k, fraction in enumerate(rhythm):
            place = int(np.clip(place + rng.integers(-2, 3), 0, len(scale) - 1))
            end = rhythm[k + 1] if k + 1 < len(rhythm) else 1.0
            notes.append(TuneNote(beat + fraction, end - fraction, scale[place]))
    return tuple(notes), place
