"""A second arranger, independent of ours: MMA, run as a program, its MIDI read as notes in beats.

MMA (Musical MIDI Accompaniment) turns chords and a groove into parts. We give it the heard bars;
its ticks are heard beats exactly, and where its players come early or late they do so around the
same grid. It is held out: only test sets use it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np

from align.materials import fetch_material
from align.simulation.arranging.form import COUNT_IN, FormBar
from align.simulation.arranging.melody import melody_notes
from align.simulation.arranging.notes import BarContext, ScoreNote
from align.simulation.arranging.plan import ArrangementPlan
from align.simulation.arranging.rhythm import DRUM_PITCHES
from align.simulation.arranging.styles import PartStyle, Style, StyleError, load_instruments
from align.simulation.score.chords import Chord, quality_of
from align.simulation.score.meter import Meter
from catalog.errors import ExternalError

MATERIAL = "mma"
DRUM_CHANNEL = 9
# Grooves of MMA's standard library by the beats of their bar.
GROOVES = {
    4: ("Bossanova", "Swing", "Blues", "8Beat", "Folk", "Rhumba", "ChaCha", "Beguine", "Foxtrot",
        "Ballad", "HipHop", "Ska", "Mambo", "Bluegrass", "Dixie", "Calypso", "SlowRock",
        "PopBallad", "SoftRock", "FolkRock", "BasicRock", "Tango", "Polka", "March", "Salsa",
        "Samba", "Trance", "Ragtime", "Jive", "Twist", "50sRock", "60sRock", "BigBand",
        "CountrySwing", "Merengue", "Bolero", "PianoBallad", "BVFunk", "Zydeco"),
    3: ("Waltz", "JazzWaltz", "CountryWaltz", "FrenchWaltz", "FastWaltz", "RockWaltz",
        "BroadwayWaltz"),
}  # fmt: skip
SWUNG = ("Swing", "Blues", "Dixie", "Foxtrot", "JazzWaltz", "BigBand", "CountrySwing", "Jive")
MMA_QUALITIES = {"mmaj7": "mM7", "7sus4": "7sus", "aug7": "aug7", "5": "5"}
LEADERS = ("piano", "flute", "clarinet", "trumpet", "violin", "accordion", "nylon_guitar",
           "overdriven_guitar", "voice_lead", "electric_piano", "alto_sax")  # fmt: skip
TIMING_MS = 5.0
TIMEOUT_S = 60


class MmaError(ExternalError):
    """MMA refuses a score, or does not finish it."""


@dataclass(frozen=True)
class _HeardBar:
    """A bar as MMA sees it: chords by beat."""

    chords: tuple[Chord, ...]


def arrange_with_mma(
    form: Sequence[FormBar], plan: ArrangementPlan, meter: Meter, *, rng: np.random.Generator
) -> tuple[Style, list[ScoreNote]]:
    """Parts by MMA, the tune on an instrument of our choice.

    Parameters
    ----------
    plan
        `style` is one of GROOVES that fits the metre, see `grooves_for`

    Raises
    ------
    MmaError
        when the program is missing or fails
    StyleError
        when the groove does not fit the metre
    """
    if plan.style not in grooves_for(meter):
        raise StyleError(f"style={plan.style!r} is none of MMA's {list(grooves_for(meter))}")
    contexts = [BarContext(bar, None, meter, i, rng) for i, bar in enumerate(form)]
    text = _write_mma(contexts, plan.style, meter)
    tracks = _read_midi(_run_mma(text), len(form) * meter.n_beats)
    lead = PartStyle("melody", str(rng.choice(LEADERS)), "melody", octave=plan.melody_octave)
    parts, score = _collect(tracks, contexts, lead, plan)
    if plan.melody != "absent":
        score += _melody(contexts, lead, plan.transposition_semitones)
    is_swung = plan.style in SWUNG and meter.subdivision == 2
    style = Style(
        name=f"mma:{plan.style}",
        meter=meter,
        parts=(lead, *parts),
        tempo_bpm=100.0,
        rubato=plan.rubato,
        timing_ms=TIMING_MS,
        ritardando=plan.ritardando,
    )
    return style, _swing_melody(score, 0.66) if is_swung else score


def grooves_for(meter: Meter) -> tuple[str, ...]:
    """Grooves that fit a metre; bars of two beats are played in pairs."""
    return GROOVES[3 if meter.bar_beats == 3 else 4]


def _write_mma(contexts: Sequence[BarContext], groove: str, meter: Meter) -> str:
    size = 3 if meter.bar_beats == 3 else 4
    beats = [context.chord_at(beat) for context in contexts for beat in range(meter.n_beats)]
    beats += [beats[-1]] * (-len(beats) % size)
    lines = [
        "RndSeed 1",
        "Tempo 120",
        f"Time {size}",
        f"Use {_find_style(groove)}",
        f"Groove {groove}",
    ]
    for number, i in enumerate(range(0, len(beats), size), 1):
        names = [_mma_name(chord) for chord in beats[i : i + size]]
        marked = [n if k == 0 or n != names[k - 1] else "/" for k, n in enumerate(names)]
        lines.append(f"{number} {' '.join(marked)}")
    return "\n".join(lines) + "\n"


@cache
def _find_style(groove: str) -> str:
    """The file that defines a groove: MMA's own index of its library is made when installed."""
    library = fetch_material(MATERIAL) / "library" / "lib"
    defined = re.compile(rf"^DefGroove\s+{groove}\b", re.IGNORECASE | re.MULTILINE)
    files = sorted(library.glob("*/*.mma"), key=lambda path: (path.parent.name != "stdlib", path))
    for path in files:
        if defined.search(path.read_text(encoding="utf-8", errors="replace")):
            return f"{path.parent.name}/{path.stem}"
    raise MmaError(f"groove={groove!r} is not in MMA's library")


def _mma_name(chord: Chord) -> str:
    quality = quality_of(chord)
    root, _, bass = chord.symbol.partition("/")
    name = root.removesuffix(quality) + MMA_QUALITIES.get(quality, quality)
    return f"{name}/{bass}" if bass else name


@cache
def _run_mma(text: str) -> bytes:
    """The MIDI file that MMA makes of a score."""
    home = fetch_material(MATERIAL)
    with tempfile.TemporaryDirectory() as folder:
        score, midi = Path(folder) / "score.mma", Path(folder) / "score.mid"
        score.write_text(text)
        # In a home of its own, so that nobody's settings change what it plays.
        command = [sys.executable, "-B", str(home / "mma"), "-f", str(midi), str(score)]
        environment = {"MMA_HOME": str(home / "library"), "HOME": folder, "PATH": os.defpath,
                       "PYTHONHASHSEED": "0"}  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False,
                env=environment,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise MmaError(f"mma did not finish a score within {TIMEOUT_S} s: try again") from error
        if done.returncode or not midi.is_file():
            last = (done.stdout.strip().splitlines() or ["no message"])[-1]
            raise MmaError(f"mma does not accept a score: {last}")
        return midi.read_bytes()


@dataclass(frozen=True)
class _Track:
    program: int
    is_drums: bool
    notes: tuple[ScoreNote, ...]


def _read_midi(content: bytes, n_beats: int) -> list[_Track]:
    import io

    import mido  # type: ignore[import-untyped]

    midi = mido.MidiFile(file=io.BytesIO(content))
    tracks = [_read_track(track, midi.ticks_per_beat, n_beats) for track in midi.tracks]
    return [track for track in tracks if track.notes]


def _read_track(track: object, ticks_per_beat: int, n_beats: int) -> _Track:
    tick, program, is_drums = 0, 0, False
    sounding: dict[int, tuple[int, int]] = {}
    notes: list[ScoreNote] = []
    for message in track:  # type: ignore[attr-defined]
        tick += message.time
        if message.type == "program_change":
            program = message.program
        elif message.type == "note_on" and message.velocity:
            is_drums = message.channel == DRUM_CHANNEL
            sounding[message.note] = (tick, message.velocity)
        elif message.type in ("note_on", "note_off") and message.note in sounding:
            start, velocity = sounding.pop(message.note)
            beat = start / ticks_per_beat
            if beat < n_beats:
                length = min((tick - start) / ticks_per_beat, n_beats - beat)
                notes.append(ScoreNote(beat, length, message.note, velocity / 127))
    return _Track(program, is_drums, tuple(notes))


def _collect(
    tracks: Sequence[_Track],
    contexts: Sequence[BarContext],
    lead: PartStyle,
    plan: ArrangementPlan,
) -> tuple[list[PartStyle], list[ScoreNote]]:
    """Parts after the leader, and their notes; count-ins are sticks alone."""
    n_beats = contexts[0].meter.n_beats
    sticks = {i for i, context in enumerate(contexts) if context.form_bar.section == COUNT_IN}
    parts: list[PartStyle] = []
    score: list[ScoreNote] = []
    for track in tracks:
        if track.is_drums and not plan.drums:
            continue
        index = len(parts) + 1
        name = "drums" if track.is_drums else _nearest_instrument(track.program)
        kind = "drums" if track.is_drums else "grid"
        parts.append(PartStyle(f"mma {index}", name, kind, level_db=0.0 if index == 1 else -3.0))
        shift = 0 if track.is_drums else plan.transposition_semitones
        score += [
            replace(note, part=index, pitch=note.pitch + shift)
            for note in track.notes
            if int(note.start_beat // n_beats) not in sticks
        ]
        if track.is_drums:
            score += [
                ScoreNote(float(i * n_beats + beat), 0.25, DRUM_PITCHES["stick"], 0.8, index)
                for i in sticks
                for beat in range(n_beats)
            ]
    return parts, score


def _nearest_instrument(program: int) -> str:
    """Our pitched instrument of the nearest General MIDI program."""
    pitched = {
        name: instrument.program
        for name, instrument in load_instruments().items()
        if not instrument.is_drums and not name.startswith("voice") and name != "click"
    }
    return min(pitched, key=lambda name: abs(pitched[name] - program))


def _melody(contexts: Sequence[BarContext], lead: PartStyle, shift: int) -> list[ScoreNote]:
    return [
        replace(
            note, start_beat=note.start_beat + i * context.meter.n_beats, pitch=note.pitch + shift
        )
        for i, context in enumerate(contexts)
        for note in melody_notes(context, lead)
    ]


def _swing_melody(score: Sequence[ScoreNote], swing: float) -> list[ScoreNote]:
    """Swing what MMA has not swung itself: the tune."""
    return [_swung(note, swing) if note.part == 0 else note for note in score]


def _swung(note: ScoreNote, swing: float) -> ScoreNote:
    whole, fraction = divmod(note.start_beat, 1.0)
    start = whole + float(np.interp(fraction, [0.0, 0.5, 1.0], [0.0, swing, 1.0]))
    return replace(note, start_beat=start)
