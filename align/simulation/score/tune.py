"""Lead sheets: melody, chords and sections of a song, written as small text files in `tunes/`.

Beats are the tune's own (quarters, or dotted quarters where they divide into three) and are
counted from the start of their bar, from 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from align.simulation.score.chords import Chord, parse_chord
from catalog.errors import InputError

TUNES = Path(__file__).parent / "tunes"
NOTE_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
ACCIDENTALS = {"": 0, "#": 1, "b": -1}
_NOTE = re.compile(r"(?:(?P<rest>r)|(?P<step>[A-G])(?P<accidental>[#b]?)(?P<octave>\d))"
                   r"(?::(?P<beats>[\d.]+))?$")  # fmt: skip


class TuneError(InputError):
    """A lead sheet that cannot be read; the message shows the offending line."""


@dataclass(frozen=True)
class TuneNote:
    """A melody note. `pitch` is a MIDI number."""

    start_beat: float
    length_beats: float
    pitch: int


@dataclass(frozen=True)
class ChordSpan:
    """A chord and the part of the bar that it holds."""

    start_beat: float
    length_beats: float
    chord: Chord


@dataclass(frozen=True)
class Bar:
    """One bar of the lead sheet; `index` counts all bars of the tune from 0."""

    index: int
    melody: tuple[TuneNote, ...]
    chords: tuple[ChordSpan, ...]


@dataclass(frozen=True)
class TuneSection:
    """A named run of bars; several sections may share one `label` (two halves of a verse).

    Attributes
    ----------
    has_pickup
        the bar before it leads into it and goes with it wherever it is heard
    pickup
        on lead sheets, where nothing is before it yet: the notes that lead into it, their start
        beats counted from its first bar and so negative
    """

    name: str
    label: str
    bars: tuple[Bar, ...]
    has_pickup: bool = False
    pickup: tuple[TuneNote, ...] = ()


@dataclass(frozen=True)
class Tune:
    """A song as a lead sheet. `beats_per_bar` beats in each bar, the first bar complete.

    Attributes
    ----------
    key
        the chord of its tonic, such as ``F`` or ``Dm``
    subdivision
        parts of a beat: 2, or 3 in 6/8, 9/8 and 12/8
    tempo_bpm
        beats per minute, None where the sheet does not say
    """

    title: str
    key: str
    beats_per_bar: int
    sections: tuple[TuneSection, ...]
    subdivision: int = 2
    tempo_bpm: float | None = None

    @property
    def bars(self) -> tuple[Bar, ...]:
        """All bars in written order."""
        return tuple(bar for section in self.sections for bar in section.bars)

    def section(self, name: str) -> TuneSection:
        """The section called `name`; TuneError names those that exist."""
        for section in self.sections:
            if section.name == name:
                return section
        raise TuneError(f"section={name!r} is none of {[each.name for each in self.sections]}")


def insert_pickup(bar: Bar, pickup: Sequence[TuneNote], beats_per_bar: int) -> Bar:
    """The bar with the notes of a pick-up at its end, in the place of its own.

    Parameters
    ----------
    pickup
        start beats counted from the next bar and so negative
    """
    first = beats_per_bar + min((note.start_beat for note in pickup), default=0.0)
    kept = tuple(
        replace(note, length_beats=min(note.length_beats, first - note.start_beat))
        for note in bar.melody
        if note.start_beat < first - 1e-6
    )
    moved = tuple(replace(note, start_beat=note.start_beat + beats_per_bar) for note in pickup)
    return replace(bar, melody=kept + moved)


def parse_melody(text: str, beats_per_bar: int) -> tuple[TuneNote, ...]:
    """Read the melody of one bar, such as ``r E4 F4:0.5 G4:1.5``."""
    notes, beat = [], 0.0
    for token in text.split():
        match = _NOTE.match(token)
        if match is None:
            raise TuneError(f"note={token!r} in {text!r} is not NAME OCTAVE[:BEATS] or r")
        length = float(match["beats"] or 1)
        if not match["rest"]:
            step = NOTE_STEPS[match["step"]] + ACCIDENTALS[match["accidental"]]
            notes.append(TuneNote(beat, length, 12 * (int(match["octave"]) + 1) + step))
        beat += length
    if abs(beat - beats_per_bar) > 1e-9:
        raise TuneError(f"bar {text!r} has {beat:g} beats, not {beats_per_bar}")
    return tuple(notes)


def parse_chords(text: str, beats_per_bar: int) -> tuple[ChordSpan, ...]:
    """Read the chords of one bar; they share it equally."""
    symbols = text.split()
    length = beats_per_bar / len(symbols)
    return tuple(
        ChordSpan(i * length, length, parse_chord(symbol)) for i, symbol in enumerate(symbols)
    )


def parse_tune(text: str) -> Tune:
    """Read a lead sheet in the notation of `tunes/`."""
    header: dict[str, str] = {}
    sections: list[tuple[str, str, list[Bar]]] = []
    index = 0
    for line in _meaningful_lines(text):
        if line.startswith("["):
            name, label = line.strip("[]").split()
            sections.append((name, label, []))
        elif "|" in line and sections:
            chords, melody = line.split("|")
            beats = int(header["beats_per_bar"])
            bar = Bar(index, parse_melody(melody, beats), parse_chords(chords, beats))
            sections[-1][2].append(bar)
            index += 1
        elif ":" in line:
            key, value = line.split(":", 1)
            header[key.strip()] = value.strip()
        else:
            raise TuneError(f"line={line!r} is neither a header, a section nor a bar")
    made = tuple(TuneSection(name, label, tuple(bars), True) for name, label, bars in sections)
    return Tune(
        header["title"],
        header["key"],
        int(header["beats_per_bar"]),
        made,
        int(header.get("subdivision", 2)),
        float(header["tempo_bpm"]) if "tempo_bpm" in header else None,
    )


def load_tune(name: str) -> Tune:
    """Read `tunes/NAME.txt`."""
    return parse_tune((TUNES / f"{name}.txt").read_text(encoding="utf-8"))


def _meaningful_lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        stripped = line.strip()
        if stripped and not stripped.startswith("# ") and stripped != "#":
            yield stripped
