"""The hardest negative: another melody over the same chords, in the same key and tempo."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

from align.simulation.score.chords import Chord
from align.simulation.score.tune import Bar, Tune, TuneNote

RANGE = range(55, 80)
LONG_BEATS = 1.0


def write_impostor(song: Tune, other: Tune) -> Tune:
    """The song with the rhythms and contours of another tune, fitted to the song's chords.

    Notes on beats and long notes become chord tones, the others keep to the key of what sounds.
    """
    donors = cycle([bar for bar in other.bars if bar.melody] or list(other.bars))
    sections = tuple(
        replace(section, bars=tuple(_refill(bar, next(donors), song) for bar in section.bars))
        for section in song.sections
    )
    return replace(song, title=f"not {song.title}", sections=sections)


def _refill(bar: Bar, donor: Bar, song: Tune) -> Bar:
    if not bar.melody:
        return bar
    inside = [note for note in donor.melody if 0 <= note.start_beat < song.beats_per_bar]
    return replace(bar, melody=tuple(_fit(note, bar, song.beats_per_bar) for note in inside))


def _fit(note: TuneNote, bar: Bar, beats_per_bar: int) -> TuneNote:
    chord = _chord_at(bar, note.start_beat)
    is_strong = note.start_beat % 1 < 1e-6 or note.length_beats >= LONG_BEATS
    wanted = note.pitch + 5
    pitches = [pitch for pitch in RANGE if not is_strong or chord is None or _is_tone(pitch, chord)]
    pitch = min(pitches, key=lambda each: abs(each - wanted))
    length = min(note.length_beats, beats_per_bar - note.start_beat)
    return replace(note, pitch=pitch, length_beats=length)


def _is_tone(pitch: int, chord: Chord) -> bool:
    return pitch % 12 in chord.pitch_classes


def _chord_at(bar: Bar, beat: float) -> Chord | None:
    begun = [span.chord for span in bar.chords if span.start_beat <= beat + 1e-6]
    return begun[-1] if begun else None
