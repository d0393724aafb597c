"""From a plan to notes in seconds: the tempo curve, swing, human timing and dynamics.

Truth is the tempo curve; the notes scatter around it as players do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from align.simulation.arranging.arrangement import arrange
from align.simulation.arranging.form import FormBar, lay_out
from align.simulation.arranging.genres import realise_style
from align.simulation.arranging.harmony import reharmonise
from align.simulation.arranging.mma import arrange_with_mma
from align.simulation.arranging.notes import ScoreNote
from align.simulation.arranging.plan import ArrangementPlan, PlanError
from align.simulation.arranging.ranges import fit_ranges
from align.simulation.arranging.shaping import shape_energy
from align.simulation.arranging.styles import PartStyle, Style
from align.simulation.arranging.treatment import treat_melody
from align.simulation.playing.dynamics import shape_dynamics
from align.simulation.playing.tempo import TempoCurve, draw_stretch, draw_tempo_curve
from align.simulation.score.meter import Meter, find_meter
from align.simulation.score.tune import Tune

__all__ = ["Played", "PlayedNote", "TempoCurve", "draw_tempo_curve", "perform", "play"]

DEFAULT_TEMPO_BPM = 100.0
# Share of a style's scatter in time by kind of part: drummers are tight, singers free.
LOOSENESS = {"drums": 0.6, "walk": 0.8, "grid": 1.0, "pad": 1.0}
MELODY_LOOSENESS = 1.2


@dataclass(frozen=True)
class PlayedNote:
    """A note as played. Times in seconds from the start of the file, `velocity` 0..1."""

    start_s: float
    end_s: float
    pitch: int
    velocity: float
    part: int


@dataclass(frozen=True)
class Played:
    """A rendition as notes.

    Attributes
    ----------
    notes
        sorted by start; `PlayedNote.part` indexes `parts`
    form
        the bars as heard, each one bar of the song or none
    meter
        how the song's beats lie on the heard ones
    tempo
        when every heard beat is
    """

    notes: tuple[PlayedNote, ...]
    style: Style
    form: tuple[FormBar, ...]
    meter: Meter
    tempo: TempoCurve
    plan: ArrangementPlan

    @property
    def parts(self) -> tuple[PartStyle, ...]:
        """What plays: instrument, level, place."""
        return self.style.parts

    @property
    def end_s(self) -> float:
        """Time of the end of the last beat; notes may sound on."""
        return float(self.tempo.beats_s[-1])


def play(
    song: Tune, plan: ArrangementPlan, *, start_s: float, seed: int, other: Tune | None = None
) -> Played:
    """Play a song after a plan; the same arguments give the same notes.

    Parameters
    ----------
    start_s
        time of the first beat
    other
        the tune of a medley

    Raises
    ------
    InputError
        when the plan names what does not exist or does not fit the song
    """
    form_rng, parts_rng, tempo_rng, play_rng = np.random.default_rng(seed).spawn(4)
    meter = find_meter(plan.meter, song.beats_per_bar, song.subdivision)
    form = _prepare_form(song, plan, other, form_rng)
    style, score = _write_parts(form, song, plan, meter, parts_rng)
    tempo = draw_tempo_curve(
        len(form) * meter.n_beats,
        style,
        tempo_bpm=heard_tempo_bpm(song, plan, meter),
        start_s=start_s,
        rng=tempo_rng,
        stretch=draw_stretch(form, plan, meter.n_beats, tempo_rng),
    )
    notes = perform(score, style, tempo, rng=play_rng)
    return Played(tuple(notes), style, form, meter, tempo, plan)


def heard_tempo_bpm(song: Tune, plan: ArrangementPlan, meter: Meter) -> float:
    """Heard beats per minute, so that a bar takes 1 / tempo_ratio of the song's own bar."""
    own_bpm = song.tempo_bpm or DEFAULT_TEMPO_BPM
    return own_bpm * plan.tempo_ratio * meter.n_beats / meter.tune_beats


def _prepare_form(
    song: Tune, plan: ArrangementPlan, other: Tune | None, rng: np.random.Generator
) -> tuple[FormBar, ...]:
    # Each decision has its own chance, so that another treatment leaves tempo and energy alone.
    solo_rng, harmony_rng, melody_rng, energy_rng = rng.spawn(4)
    form = lay_out(song, plan.order, other=other, rng=solo_rng)
    form = reharmonise(form, plan.harmony, key=song.key, rng=harmony_rng)
    form = treat_melody(form, plan.melody, beats_per_bar=song.beats_per_bar, rng=melody_rng)
    return shape_energy(form, energy_rng)


def _write_parts(
    form: Sequence[FormBar],
    song: Tune,
    plan: ArrangementPlan,
    meter: Meter,
    rng: np.random.Generator,
) -> tuple[Style, list[ScoreNote]]:
    shift = plan.transposition_semitones
    if plan.arranger == "mma":
        style, score = arrange_with_mma(form, plan, meter, rng=rng)
    elif plan.arranger == "own":
        style = realise_style(plan, form, meter, rng=rng)
        score = arrange(form, style, transposition=shift, rng=rng)
    else:
        raise PlanError(f"arranger={plan.arranger!r} is neither 'own' nor 'mma'")
    return style, shape_dynamics(fit_ranges(score, style), form, meter.n_beats)


def perform(
    score: Sequence[ScoreNote], style: Style, tempo: TempoCurve, *, rng: np.random.Generator
) -> list[PlayedNote]:
    """Play the score in time, swung and human, sorted by start."""
    beats = np.array([[n.start_beat, n.start_beat + n.length_beats] for n in score]).reshape(-1, 2)
    times_s = tempo.time_s(swing_beats(beats, style.swing))
    scatter = rng.normal(size=(len(score), 2))
    played = []
    for note, (start_s, end_s), (early, loud) in zip(score, times_s, scatter, strict=True):
        part = style.parts[note.part]
        looseness = LOOSENESS.get(part.kind, MELODY_LOOSENESS)
        late_s = (part.late_ms + early * looseness * style.timing_ms) / 1000
        velocity = float(np.clip(note.velocity + 0.04 * loud, 0.1, 1.0))
        first_s = max(0.0, float(start_s) + late_s)
        last_s = max(first_s + 0.03, float(end_s) + late_s)
        played.append(PlayedNote(first_s, last_s, note.pitch, velocity, note.part))
    return sorted(_strummed(played, style), key=lambda note: (note.start_s, note.part, note.pitch))


def swing_beats(beats: ArrayLike, swing: float) -> NDArray[np.float64]:
    """Move the middle of each beat to `swing` (0.5 is straight, 0.67 triplets)."""
    whole, fraction = np.divmod(np.asarray(beats, dtype=float), 1.0)
    return whole + np.interp(fraction, [0.0, 0.5, 1.0], [0.0, swing, 1.0])


def _strummed(notes: list[PlayedNote], style: Style) -> list[PlayedNote]:
    """Spread simultaneous tones of strumming parts upwards, the lowest on the beat."""
    by_part: dict[int, list[PlayedNote]] = {}
    for note in notes:
        by_part.setdefault(note.part, []).append(note)
    spread: list[PlayedNote] = []
    for index, own in by_part.items():
        strum_ms = style.parts[index].strum_ms
        spread.extend(_strum_part(own, strum_ms / 1000) if strum_ms > 0 else own)
    return spread


def _strum_part(notes: list[PlayedNote], strum_s: float) -> list[PlayedNote]:
    groups: list[list[PlayedNote]] = []
    for note in sorted(notes, key=lambda each: each.start_s):
        if groups and note.start_s - groups[-1][0].start_s < 0.05:
            groups[-1].append(note)
        else:
            groups.append([note])
    return [note for group in groups for note in _strum(group, strum_s)]


def _strum(group: list[PlayedNote], strum_s: float) -> list[PlayedNote]:
    ordered = sorted(group, key=lambda note: note.pitch)
    first_s = ordered[0].start_s
    step_s = strum_s / max(1, len(ordered) - 1)
    return [
        replace(note, start_s=first_s + i * step_s, end_s=note.end_s + i * step_s)
        for i, note in enumerate(ordered)
    ]
