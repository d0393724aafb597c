"""Tunes as tables of plain data, for JSON."""

from __future__ import annotations

from typing import Any

from align.simulation.score.chords import parse_chord
from align.simulation.score.tune import Bar, ChordSpan, Tune, TuneNote, TuneSection


def tune_to_table(tune: Tune) -> dict[str, Any]:
    """A tune as a JSON object."""
    return {
        "title": tune.title,
        "key": tune.key,
        "beats_per_bar": tune.beats_per_bar,
        "subdivision": tune.subdivision,
        "tempo_bpm": tune.tempo_bpm,
        "sections": [_section_to_table(section) for section in tune.sections],
    }


def tune_from_table(table: dict[str, Any]) -> Tune:
    """Read what `tune_to_table` made."""
    return Tune(
        table["title"],
        table["key"],
        table["beats_per_bar"],
        tuple(_section_from_table(section) for section in table["sections"]),
        table["subdivision"],
        table["tempo_bpm"],
    )


def _section_to_table(section: TuneSection) -> dict[str, Any]:
    return {
        "name": section.name,
        "label": section.label,
        "has_pickup": section.has_pickup,
        "pickup": _notes_to_rows(section.pickup),
        "bars": [
            {
                "index": bar.index,
                "melody": _notes_to_rows(bar.melody),
                "chords": [[c.start_beat, c.length_beats, c.chord.symbol] for c in bar.chords],
            }
            for bar in section.bars
        ],
    }


def _section_from_table(table: dict[str, Any]) -> TuneSection:
    return TuneSection(
        table["name"],
        table["label"],
        tuple(_bar_from_table(bar) for bar in table["bars"]),
        table["has_pickup"],
        _notes_from_rows(table["pickup"]),
    )


def _bar_from_table(table: dict[str, Any]) -> Bar:
    chords = tuple(ChordSpan(a, b, parse_chord(symbol)) for a, b, symbol in table["chords"])
    return Bar(table["index"], _notes_from_rows(table["melody"]), chords)


def _notes_to_rows(notes: tuple[TuneNote, ...]) -> list[list[float]]:
    return [[note.start_beat, note.length_beats, note.pitch] for note in notes]


def _notes_from_rows(rows: list[list[float]]) -> tuple[TuneNote, ...]:
    return tuple(TuneNote(start, length, int(pitch)) for start, length, pitch in rows)
