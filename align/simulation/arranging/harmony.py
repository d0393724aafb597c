"""Changed chords under the same tune: substitutions, other modes, pedals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from align.simulation.arranging.form import FormBar
from align.simulation.arranging.plan import PlanError
from align.simulation.score.chords import Chord, chord_on, is_minor, parse_chord, quality_of
from align.simulation.score.tune import Bar, ChordSpan

CHANGE_SHARE = 0.6


def reharmonise(
    form: Sequence[FormBar], harmony: str, *, key: str, rng: np.random.Generator
) -> tuple[FormBar, ...]:
    """Change the chords of the bars; a bar heard twice may differ the second time.

    Parameters
    ----------
    harmony
        a key of HARMONIES
    key
        the chord of the song's tonic

    Raises
    ------
    PlanError
        when there is no such way
    """
    if harmony not in HARMONIES:
        raise PlanError(f"harmony={harmony!r} is none of {list(HARMONIES)}")
    tonic = parse_chord(key)
    return tuple(
        replace(form_bar, bar=HARMONIES[harmony](form_bar.bar, tonic, rng)) for form_bar in form
    )


def _as_written(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    return bar


def _each(bar: Bar, change: Callable[[Chord], Chord], rng: np.random.Generator) -> Bar:
    """Change most chords where the new one does not clash with a long note."""
    spans = tuple(
        replace(span, chord=new)
        if rng.random() < CHANGE_SHARE and _fits(new := change(span.chord), span, bar)
        else span
        for span in bar.chords
    )
    return replace(bar, chords=spans)


def _fits(chord: Chord, span: ChordSpan, bar: Bar) -> bool:
    """No note of a beat or more lies a semitone above a chord tone."""
    end = span.start_beat + span.length_beats
    return not any(
        (note.pitch - 1) % 12 in chord.pitch_classes and note.pitch % 12 not in chord.pitch_classes
        for note in bar.melody
        if span.start_beat <= note.start_beat < end and note.length_beats >= 1
    )


def _sevenths(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    return _each(bar, lambda chord: _with_seventh(chord, tonic), rng)


def _with_seventh(chord: Chord, tonic: Chord) -> Chord:
    degree = (chord.root - tonic.root) % 12
    if is_minor(chord):
        return chord_on(chord.root, "m7")
    return chord_on(chord.root, "7" if degree == 7 else "maj7")


def _relative(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    return _each(bar, _relative_of, rng)


def _relative_of(chord: Chord) -> Chord:
    """C for Am, Am for C."""
    return chord_on(chord.root + 3) if is_minor(chord) else chord_on(chord.root - 3, "m")


def _tritone(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    """Dominants by the dominant a tritone away, other chords with sevenths."""

    def change(chord: Chord) -> Chord:
        is_dominant = quality_of(chord) in ("7", "9", "7sus4") or (
            (chord.root - tonic.root) % 12 == 7 and not is_minor(chord)
        )
        return chord_on(chord.root + 6, "7") if is_dominant else _with_seventh(chord, tonic)

    return _each(bar, change, rng)


def _borrowed(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    """Chords of the parallel mode: iv for IV, bVI for vi, bVII for V."""

    def change(chord: Chord) -> Chord:
        degree = (chord.root - tonic.root) % 12
        if is_minor(tonic):
            return chord_on(chord.root, "" if is_minor(chord) else "m")
        table = {5: (5, "m"), 9: (8, ""), 7: (10, ""), 4: (3, ""), 2: (2, "m7b5")}
        step, quality = table.get(degree, (degree, quality_of(chord)))
        return chord_on(tonic.root + step, quality)

    return _each(bar, change, rng)


def _pedal(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    """Everything over the tonic."""
    spans = tuple(
        replace(span, chord=chord_on(span.chord.root, quality_of(span.chord), tonic.root))
        for span in bar.chords
    )
    return replace(bar, chords=spans)


def _drone(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    """The tonic's fifth alone, all through."""
    length = sum(span.length_beats for span in bar.chords)
    return replace(bar, chords=(ChordSpan(0.0, length, chord_on(tonic.root, "5")),))


def _sparse(bar: Bar, tonic: Chord, rng: np.random.Generator) -> Bar:
    """One chord a bar, without its sevenths."""
    chord = bar.chords[0].chord
    plain = chord_on(chord.root, "m" if is_minor(chord) else "")
    length = sum(span.length_beats for span in bar.chords)
    return replace(bar, chords=(ChordSpan(0.0, length, plain),))


HARMONIES: dict[str, Callable[[Bar, Chord, np.random.Generator], Bar]] = {
    "as_written": _as_written,
    "sevenths": _sevenths,
    "relative": _relative,
    "tritone": _tritone,
    "borrowed": _borrowed,
    "pedal": _pedal,
    "drone": _drone,
    "sparse": _sparse,
}
