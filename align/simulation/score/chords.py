"""Chord symbols and their voicing as pitches."""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog.errors import InputError

ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
QUALITIES = {
    "": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10), "m6": (0, 3, 7, 9), "6": (0, 4, 7, 9), "dim7": (0, 3, 6, 9),
    "7sus4": (0, 5, 7, 10), "sus4": (0, 5, 7), "m7b5": (0, 3, 6, 10), "dim": (0, 3, 6),
    "aug": (0, 4, 8), "sus2": (0, 2, 7), "5": (0, 7), "9": (0, 4, 10, 2), "m9": (0, 3, 10, 2),
    "maj9": (0, 4, 11, 2), "add9": (0, 4, 7, 2), "mmaj7": (0, 3, 7, 11), "7b9": (0, 4, 10, 1),
    "aug7": (0, 4, 8, 10),
}  # fmt: skip
NOTE_NAMES = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_SYMBOL = re.compile(r"([A-G])([#b]?)([^/]*)(?:/([A-G])([#b]?))?")


class ChordError(InputError):
    """A chord symbol that is not understood."""


@dataclass(frozen=True)
class Chord:
    """Pitch classes (0 = C) of a chord, root first, and of its bass."""

    symbol: str
    pitch_classes: tuple[int, ...]
    bass: int

    @property
    def root(self) -> int:
        """Pitch class of the root."""
        return self.pitch_classes[0]


def parse_chord(symbol: str) -> Chord:
    """Read a chord symbol such as ``Gm7`` or ``F7/A``."""
    match = _SYMBOL.fullmatch(symbol)
    if match is None or match[3] not in QUALITIES:
        raise ChordError(f"chord={symbol!r} is not ROOT QUALITY[/BASS] of {sorted(QUALITIES)}")
    root = _pitch_class(match[1], match[2])
    bass = _pitch_class(match[4], match[5]) if match[4] else root
    return Chord(symbol, tuple((root + step) % 12 for step in QUALITIES[match[3]]), bass)


def chord_on(root: int, quality: str = "", bass: int | None = None) -> Chord:
    """The chord of a quality on a pitch class."""
    symbol = NOTE_NAMES[root % 12] + quality
    return parse_chord(symbol if bass is None else f"{symbol}/{NOTE_NAMES[bass % 12]}")


def quality_of(chord: Chord) -> str:
    """The chord's quality as written in its symbol."""
    match = _SYMBOL.fullmatch(chord.symbol)
    return match[3] if match else ""


def is_minor(chord: Chord) -> bool:
    """Whether the third is minor."""
    return (chord.root + 3) % 12 in chord.pitch_classes


def transpose_chord(chord: Chord, semitones: int) -> Chord:
    """The same chord on another root."""
    bass = None if chord.bass == chord.root else chord.bass + semitones
    return chord_on(chord.root + semitones, quality_of(chord), bass)


def voice_chord(chord: Chord, lowest_pitch: int) -> tuple[int, ...]:
    """Stack the chord closely upwards from `lowest_pitch`, its tones sorted; three octaves of them.

    Chords that share tones share pitches, so that successive voicings move little.
    """
    span = range(lowest_pitch, lowest_pitch + 36)
    return tuple(pitch for pitch in span if pitch % 12 in chord.pitch_classes)


def bass_pitch(chord: Chord, lowest_pitch: int) -> int:
    """The chord's bass note at or above `lowest_pitch`."""
    return lowest_pitch + (chord.bass - lowest_pitch) % 12


def chord_tone_below(chord: Chord, pitch: int, at_least: int = 3) -> int:
    """The nearest chord tone at least `at_least` semitones below `pitch` (a second voice)."""
    return next(p for p in range(pitch - at_least, 0, -1) if p % 12 in chord.pitch_classes)


def _pitch_class(step: str, accidental: str) -> int:
    return (ROOTS[step] + {"": 0, "#": 1, "b": -1}[accidental]) % 12
