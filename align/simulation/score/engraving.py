"""What is engraved on a lead sheet, measure by measure, out of music21's objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from align.simulation.score.chords import QUALITIES, Chord, chord_on
from align.simulation.score.tune import TuneNote
from catalog.errors import InputError

# time signature -> (quarters in a beat, parts of a beat)
METERS = {
    "2/4": (1.0, 2), "3/4": (1.0, 2), "4/4": (1.0, 2), "2/2": (1.0, 2), "4/2": (2.0, 2),
    "3/2": (2.0, 2), "6/8": (1.5, 3), "9/8": (1.5, 3), "12/8": (1.5, 3), "6/4": (3.0, 3),
}  # fmt: skip


class LeadSheetError(InputError):
    """A lead sheet that the simulator cannot use."""


@dataclass(frozen=True)
class Measure:
    """One engraved measure, perhaps incomplete. Beats are counted from its own start.

    Attributes
    ----------
    length_beats
        how much of a bar it holds
    ending
        number of the repeat ending that it belongs to, 0 for none
    mark
        rehearsal mark or part name at its start
    """

    length_beats: float
    melody: tuple[TuneNote, ...]
    chords: tuple[tuple[float, Chord], ...]
    opens_repeat: bool = False
    closes_repeat: bool = False
    closes_strain: bool = False
    ending: int = 0
    mark: str = ""


@dataclass(frozen=True)
class Engraving:
    """All measures of a lead sheet in one metre.

    `key` is what stands at its beginning: pitch class of the tonic, and whether it is minor.
    """

    measures: tuple[Measure, ...]
    beats_per_bar: int
    subdivision: int
    tempo_bpm: float | None = None
    key: tuple[int, bool] | None = None


def read_measures(score: Any) -> Engraving:
    """Read the first part of a music21 score.

    Raises
    ------
    LeadSheetError
        when it has no melody, no metre or a metre that we do not know, or changes it
    """
    parts = list(score.parts) or [score]
    measures = list(parts[0].getElementsByClass("Measure"))
    if not measures:
        raise LeadSheetError("it has no bar lines")
    quarters, subdivision, beats_per_bar = _find_meter(measures)
    endings = _find_endings(parts[0])
    read = [_read_measure(measure, quarters, endings) for measure in measures]
    if not any(measure.melody for measure in read):
        raise LeadSheetError("it has no melody")
    return Engraving(
        tuple(_join_ties(read)),
        beats_per_bar,
        subdivision,
        _find_tempo(parts[0], quarters),
        _find_written_key(parts[0]),
    )


def _find_tempo(part: Any, quarters: float) -> float | None:
    """Beats per minute."""
    for mark in part.recurse().getElementsByClass("MetronomeMark"):
        per_minute = mark.getQuarterBPM()
        if per_minute:
            # [quarters/min] / [quarters/beat] = [beats/min]
            return round(float(per_minute) / quarters, 1)
    return None


def _find_written_key(part: Any) -> tuple[int, bool] | None:
    """The first key that names a mode; dorian and its like count as minor."""
    for key in part.recurse().getElementsByClass("Key"):
        return key.tonic.pitchClass, key.mode in ("minor", "dorian", "phrygian", "aeolian")
    return None


def _find_meter(measures: list[Any]) -> tuple[float, int, int]:
    """Quarters in a beat, parts of a beat, beats in a bar."""
    signs = [s for m in measures for s in m.recurse().getElementsByClass("TimeSignature")]
    names = list(dict.fromkeys(sign.ratioString for sign in signs))
    if len(names) != 1:
        raise LeadSheetError(f"its metre changes: {names}" if names else "it has no metre")
    if names[0] not in METERS:
        raise LeadSheetError(f"its metre {names[0]} is none of {list(METERS)}")
    quarters, subdivision = METERS[names[0]]
    return quarters, subdivision, round(signs[0].barDuration.quarterLength / quarters)


def _find_endings(part: Any) -> dict[int, int]:
    """id of a measure -> number of its ending."""
    return {
        id(measure): min(bracket.numberRange or [1])
        for bracket in part.recurse().getElementsByClass("RepeatBracket")
        for measure in bracket.getSpannedElements()
    }


def _read_measure(measure: Any, quarters: float, endings: dict[int, int]) -> Measure:
    left, right = measure.leftBarline, measure.rightBarline
    chords = [
        (float(symbol.offset) / quarters, _read_chord(symbol))
        for symbol in measure.recurse().getElementsByClass("ChordSymbol")
        if symbol.pitches  # none: "no chord", or a name that music21 does not know
    ]
    return Measure(
        length_beats=_length_quarters(measure) / quarters,
        melody=tuple(_read_notes(measure, quarters)),
        chords=tuple(chords),
        opens_repeat=getattr(left, "direction", "") == "start",
        closes_repeat=getattr(right, "direction", "") == "end",
        closes_strain=getattr(right, "type", "") in ("double", "final"),
        ending=endings.get(id(measure), 0),
        mark=_mark(measure),
    )


def _voice(measure: Any) -> Any:
    voices = list(measure.getElementsByClass("Voice"))
    return voices[0] if voices else measure


def _length_quarters(measure: Any) -> float:
    events = _voice(measure).notesAndRests
    sounding = [e for e in events if "ChordSymbol" not in e.classes]
    return max((float(e.offset + e.quarterLength) for e in sounding), default=0.0)


def _read_notes(measure: Any, quarters: float) -> Iterator[TuneNote]:
    """Top notes; a tie that comes from before is marked by a negative pitch."""
    for event in _voice(measure).notes:
        if "ChordSymbol" in event.classes or not float(event.quarterLength):
            continue
        pitch = max(p.midi for p in event.pitches)
        is_continued = event.tie is not None and event.tie.type in ("stop", "continue")
        start, length = float(event.offset) / quarters, float(event.quarterLength) / quarters
        yield TuneNote(start, length, -pitch if is_continued else pitch)


def _join_ties(measures: list[Measure]) -> Iterator[Measure]:
    """Notes that go on are one note, over the bar line too."""
    joined: list[list[TuneNote]] = []
    for measure in measures:
        notes: list[TuneNote] = []
        for note in measure.melody:
            holder = notes if notes else next((n for n in reversed(joined) if n), notes)
            if note.pitch < 0 and holder and holder[-1].pitch == -note.pitch:
                last = holder[-1]
                holder[-1] = TuneNote(
                    last.start_beat, last.length_beats + note.length_beats, last.pitch
                )
            else:
                notes.append(TuneNote(note.start_beat, note.length_beats, abs(note.pitch)))
        joined.append(notes)
    for measure, notes in zip(measures, joined, strict=True):
        yield Measure(**{**measure.__dict__, "melody": tuple(notes)})


def _mark(measure: Any) -> str:
    for kind in ("RehearsalMark", "TextExpression"):
        for mark in measure.recurse().getElementsByClass(kind):
            return str(mark.content).strip()
    return ""


def _read_chord(symbol: Any) -> Chord:
    """Our chord with the same tones, else with the same third and seventh."""
    root = symbol.root().pitchClass
    steps = {(pitch.pitchClass - root) % 12 for pitch in symbol.pitches}
    bass = symbol.bass().pitchClass
    exact = [quality for quality, tones in QUALITIES.items() if set(tones) == steps]
    quality = exact[0] if exact else _nearest_quality(steps)
    is_tone = (bass - root) % 12 in QUALITIES[quality]
    return chord_on(root, quality, bass if bass != root and is_tone else None)


def _nearest_quality(steps: set[int]) -> str:
    minor = 3 in steps and 4 not in steps
    if 6 in steps and minor:
        return "dim7" if 9 in steps else "m7b5" if 10 in steps else "dim"
    if 10 in steps:
        return "m7" if minor else "7sus4" if 5 in steps and 4 not in steps else "7"
    if 11 in steps:
        return "mmaj7" if minor else "maj7"
    if 8 in steps and 7 not in steps and not minor:
        return "aug"
    return "m" if minor else ""
