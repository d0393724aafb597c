"""What instruments and voices can play, and how parts are brought there by octaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from align.simulation.arranging.notes import ScoreNote
from align.simulation.arranging.styles import Style

ANY_RANGE = (21, 108)
# MIDI pitches, lowest and highest; instruments that are not here take ANY_RANGE.
RANGES = {
    "voice_lead": (48, 79), "voice_choir": (40, 81), "choir": (40, 84), "violin": (55, 98),
    "viola": (48, 86), "cello": (36, 76), "upright_bass": (28, 60), "electric_bass": (28, 60),
    "picked_bass": (28, 60), "slap_bass": (28, 60), "fretless_bass": (28, 60),
    "synth_bass": (24, 64), "nylon_guitar": (40, 84), "steel_guitar": (40, 84),
    "clean_guitar": (40, 86), "jazz_guitar": (40, 84), "muted_guitar": (40, 82),
    "overdriven_guitar": (40, 88), "distorted_guitar": (38, 88), "banjo": (48, 86),
    "fiddle": (55, 95), "trumpet": (54, 84), "muted_trumpet": (54, 84), "trombone": (40, 72),
    "tuba": (26, 58), "french_horn": (41, 77), "brass": (40, 84), "clarinet": (50, 89),
    "flute": (60, 96), "oboe": (58, 88), "bassoon": (34, 70), "piccolo": (74, 106),
    "recorder": (60, 96), "harmonica": (60, 92), "alto_sax": (49, 81), "tenor_sax": (44, 76),
    "baritone_sax": (36, 68), "music_box": (60, 100), "celesta": (60, 105),
    "glockenspiel": (72, 106), "vibraphone": (53, 89), "marimba": (45, 96), "accordion": (45, 93),
    "organ": (36, 96), "church_organ": (36, 96), "rock_organ": (36, 96), "harp": (31, 100),
}  # fmt: skip


def fit_ranges(score: Sequence[ScoreNote], style: Style) -> list[ScoreNote]:
    """Bring every part into its instrument's range by octaves, the whole part first."""
    fitted: list[ScoreNote] = []
    for index, part in enumerate(style.parts):
        own = [note for note in score if note.part == index]
        if part.kind == "drums" or not own:
            fitted.extend(own)
            continue
        low, high = RANGES.get(part.instrument, ANY_RANGE)
        shift = _best_octave([note.pitch for note in own], low, high)
        fitted.extend(replace(n, pitch=_fold(n.pitch + shift, low, high)) for n in own)
    return sorted(fitted, key=lambda note: (note.start_beat, note.part, note.pitch))


def _best_octave(pitches: Sequence[int], low: int, high: int) -> int:
    """The shift in semitones, nearest to none, that leaves the fewest notes outside."""
    played = np.array(pitches)
    shifts = sorted(range(-36, 37, 12), key=abs)
    outside = [int(((played + s < low) | (played + s > high)).sum()) for s in shifts]
    return shifts[int(np.argmin(outside))]


def _fold(pitch: int, low: int, high: int) -> int:
    while pitch < low:
        pitch += 12
    while pitch > high:
        pitch -= 12
    return pitch
