"""How the demo library was rendered: the simulator's rungs with one soundfont, at 44.1 kHz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from align.simulation.arranging.arrangement import arrange
from align.simulation.arranging.form import FormBar, lay_out
from align.simulation.arranging.styles import Instrument, Style, load_instruments, load_style
from align.simulation.playing.performance import PlayedNote, TempoCurve, draw_tempo_curve, perform
from align.simulation.score.tune import Tune
from align.simulation.sound.mix import add_room, master, place_part
from align.simulation.sound.soundfont import SoundFont
from align.simulation.sound.synthesis import Audio, render_synthesis
from align.simulation.truth import Span, Truth, find_marks, find_sections, find_vamps

SAMPLE_RATE = 44100


@dataclass(frozen=True)
class CoverPlan:
    """What is particular to one rendition.

    Attributes
    ----------
    order
        names of the tune's sections as heard, or ``vamp:N``
    tempo_bpm
        heard beats per minute, None for the style's own
    lead_in_s, tail_s
        silence before the first beat, time for the last chord to die away
    opening
        sound before the music (talk), (n, 2) at SAMPLE_RATE; foreign to the song
    """

    style: str
    order: tuple[str, ...]
    tempo_bpm: float | None = None
    transposition_semitones: int = 0
    tuning_cents: float = 0.0
    lead_in_s: float = 0.5
    tail_s: float = 2.5
    opening: Audio | None = None


@dataclass(frozen=True)
class Rendition:
    """A rendered cover. `audio`: (n, 2) at `sample_rate`; `notes` for pictures."""

    audio: Audio
    sample_rate: int
    truth: Truth
    notes: tuple[PlayedNote, ...]
    style: Style = field(repr=False)


def simulate(
    tune: Tune, plan: CoverPlan, *, seed: int, soundfont: SoundFont | None = None
) -> Rendition:
    """Render a cover of `tune`; the same arguments give the same samples.

    Parameters
    ----------
    soundfont
        where the style's instruments come from; None: everything from our own synthesis
    """
    style = load_style(plan.style)
    rng = np.random.default_rng(seed)
    form = lay_out(tune, plan.order)
    opening_s = 0.0 if plan.opening is None else len(plan.opening) / SAMPLE_RATE
    tempo = draw_tempo_curve(
        len(form) * style.meter.n_beats,
        style,
        tempo_bpm=plan.tempo_bpm or style.tempo_bpm,
        start_s=opening_s + plan.lead_in_s,
        rng=rng,
    )
    score = arrange(form, style, transposition=plan.transposition_semitones)
    notes = perform(score, style, tempo, rng=rng)
    duration_s = float(tempo.beats_s[-1]) + plan.tail_s
    audio = _sound(notes, style, plan, duration_s, soundfont, rng)
    truth = _truth(form, style, tempo, plan, opening_s, duration_s)
    return Rendition(audio, SAMPLE_RATE, truth, tuple(notes), style)


def _render_part(
    notes: Sequence[PlayedNote],
    instrument: Instrument,
    plan: CoverPlan,
    n_samples: int,
    soundfont: SoundFont | None,
    rng: np.random.Generator,
) -> Audio:
    if soundfont is None:
        return render_synthesis(
            notes,
            instrument,
            n_samples=n_samples,
            sample_rate=SAMPLE_RATE,
            tuning_cents=plan.tuning_cents,
            rng=rng,
        )
    return soundfont.render(notes, instrument, n_samples=n_samples, tuning_cents=plan.tuning_cents)


def _sound(
    notes: Sequence[PlayedNote],
    style: Style,
    plan: CoverPlan,
    duration_s: float,
    soundfont: SoundFont | None,
    rng: np.random.Generator,
) -> Audio:
    n_samples = round(duration_s * SAMPLE_RATE)
    chosen = None if style.sound == "synthesis" else soundfont
    dry = np.zeros((n_samples, 2), dtype=np.float32)
    for index, part in enumerate(style.parts):
        own = [note for note in notes if note.part == index]
        instrument = load_instruments()[part.instrument]
        sound = _render_part(own, instrument, plan, n_samples, chosen, rng)
        dry += place_part(sound, part)
    wet = add_room(dry, style.room, sample_rate=SAMPLE_RATE, rng=rng)
    mastered = master(wet, sample_rate=SAMPLE_RATE)
    fade = np.minimum(1.0, np.arange(n_samples, 0, -1) / (0.6 * SAMPLE_RATE))
    mastered *= fade[:, None].astype(np.float32)
    if plan.opening is not None:
        mastered[: len(plan.opening)] += plan.opening
    return mastered


def _truth(
    form: Sequence[FormBar],
    style: Style,
    tempo: TempoCurve,
    plan: CoverPlan,
    opening_s: float,
    duration_s: float,
) -> Truth:
    opening = (Span(0.0, opening_s),) if opening_s else ()
    return Truth(
        relation="performance",
        duration_s=duration_s,
        beats_s=tuple(float(t) for t in tempo.beats_s[:-1]),
        positions=style.meter.positions * len(form),
        marks=find_marks(form, style.meter, tempo),
        sections=find_sections(form, style.meter, tempo),
        foreign=opening + find_vamps(form, style.meter, tempo),
        transposition_semitones=plan.transposition_semitones,
        tuning_cents=plan.tuning_cents,
        beats_per_mark=style.meter.beats_per_mark,
        mark_step=style.meter.mark_step,
    )
