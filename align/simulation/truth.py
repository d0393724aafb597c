"""What is where in a rendition: beats, sections, foreign spans and the map to the Reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from align.datasets import writing
from align.simulation.arranging.form import FormBar
from align.simulation.playing.performance import Played
from align.simulation.playing.tempo import TempoCurve
from align.simulation.score.meter import Meter


@dataclass(frozen=True)
class Span:
    """A stretch of the recording, with a section's label where it has one."""

    start_s: float
    end_s: float
    label: str = ""


@dataclass(frozen=True)
class Mark:
    """An annotated beat: its time and which beat of the tune, counted through, it is."""

    time_s: float
    tune_beat: int


@dataclass(frozen=True)
class AnnotationRow:
    """One line of an annotation: both recordings' times of one beat."""

    reference_s: float
    cover_s: float
    segment: int


@dataclass(frozen=True)
class Truth:
    """Everything that is exactly known of a rendition. Times in seconds of its own file.

    Attributes
    ----------
    beats_s, positions
        every heard beat and its 1-based position in its bar, (n_beats,) each
    marks
        the beats that exist in the tune, in order of time; a waltz marks half bars only
    sections
        spans that cover the music without gaps
    foreign
        spans where the song is not heard: talk, vamps, other sounds
    tuning_cents
        from A4 = 440 Hz
    beats_per_mark
        heard beats between two marks
    mark_step
        beats of the tune between two marks
    """

    relation: str
    duration_s: float
    beats_s: tuple[float, ...]
    positions: tuple[int, ...]
    marks: tuple[Mark, ...]
    sections: tuple[Span, ...]
    foreign: tuple[Span, ...]
    transposition_semitones: int
    tuning_cents: float
    beats_per_mark: int
    mark_step: int = 1

    @property
    def downbeats_s(self) -> tuple[float, ...]:
        """Times of the first beats of the bars."""
        return tuple(
            t for t, position in zip(self.beats_s, self.positions, strict=True) if position == 1
        )

    @property
    def jumps_s(self) -> tuple[float, ...]:
        """Times of the marks before which the song was left: cuts, repeats, other music."""
        breaks_s = [span.start_s for span in self.foreign]
        return tuple(
            after.time_s
            for before, after in pairwise(self.marks)
            if after.tune_beat != before.tune_beat + self.mark_step
            or any(before.time_s < break_s < after.time_s for break_s in breaks_s)
        )


def find_truth(
    played: Played,
    *,
    duration_s: float,
    tuning_cents: float = 0.0,
    foreign: Sequence[Span] = (),
    relation: str = "performance",
) -> Truth:
    """What is exactly known of a rendition.

    Parameters
    ----------
    duration_s
        of the recording
    foreign
        spans outside the music that are not the song either: talk, applause
    """
    form, meter, tempo = played.form, played.meter, played.tempo
    spans = sorted([*foreign, *find_vamps(form, meter, tempo)], key=lambda span: span.start_s)
    return Truth(
        relation=relation,
        duration_s=duration_s,
        beats_s=tuple(float(t) for t in tempo.beats_s[:-1]),
        positions=meter.positions * len(form),
        marks=find_marks(form, meter, tempo),
        sections=find_sections(form, meter, tempo),
        foreign=tuple(spans),
        transposition_semitones=played.plan.transposition_semitones,
        tuning_cents=tuning_cents,
        beats_per_mark=meter.beats_per_mark,
        mark_step=meter.mark_step,
    )


def find_marks(form: Sequence[FormBar], meter: Meter, tempo: TempoCurve) -> tuple[Mark, ...]:
    """The annotated beats of all bars that are the tune's."""
    beats_per_bar = len(meter.heard_beat) - 1
    return tuple(
        Mark(
            float(tempo.time_s(i * meter.n_beats + meter.heard_beat[beat])),
            form_bar.tune_bar * beats_per_bar + beat,
        )
        for i, form_bar in enumerate(form)
        if form_bar.tune_bar is not None
        for beat in meter.marks
    )


def find_sections(form: Sequence[FormBar], meter: Meter, tempo: TempoCurve) -> tuple[Span, ...]:
    """Runs of bars of one section; a section heard twice in a row is two spans."""
    starts = [i for i, bar in enumerate(form) if bar.opens_section]
    edges_s = tempo.time_s(np.array([*starts, len(form)]) * meter.n_beats)
    return tuple(
        Span(float(edges_s[k]), float(edges_s[k + 1]), form[start].label)
        for k, start in enumerate(starts)
    )


def find_vamps(form: Sequence[FormBar], meter: Meter, tempo: TempoCurve) -> tuple[Span, ...]:
    """Spans of bars that are not the tune's."""
    spans: list[Span] = []
    for i, bar in enumerate(form):
        if bar.tune_bar is None:
            start_s, end_s = tempo.time_s([i * meter.n_beats, (i + 1) * meter.n_beats])
            if spans and abs(spans[-1].end_s - start_s) < 1e-9:
                start_s = spans.pop().start_s
            spans.append(Span(float(start_s), float(end_s)))
    return tuple(spans)


def annotate(cover: Truth, reference: Truth) -> list[AnnotationRow]:
    """The map of a cover to the Reference, one row per mark.

    A jump opens a new segment, and so does the song going on after something foreign.
    """
    reference_s = {mark.tune_beat: mark.time_s for mark in reference.marks}
    jumps_s = np.array(cover.jumps_s)
    return [
        AnnotationRow(
            reference_s[mark.tune_beat],
            mark.time_s,
            int(np.searchsorted(jumps_s, mark.time_s, side="right")),
        )
        for mark in cover.marks
    ]


def write_truth(media: Path, truth: Truth, rows: Sequence[AnnotationRow] | None) -> None:
    """Write what is known of a recording beside it; sections and marks only where there are some.

    Parameters
    ----------
    media
        the recording, or its path without an extension
    rows
        the annotation, None for the Reference itself
    """
    document = {
        "relation": truth.relation,
        "foreign": [[round(s.start_s, 5), round(s.end_s, 5)] for s in truth.foreign],
        "transposition_semitones": truth.transposition_semitones,
        "tuning_cents": round(truth.tuning_cents, 2),
        "beats_per_mark": truth.beats_per_mark,
    }
    writing.write_truth(media, document)
    if truth.beats_s:
        writing.write_beats(media, zip(truth.beats_s, truth.positions, strict=True))
    if truth.sections:
        writing.write_sections(media, ((s.start_s, s.end_s, s.label) for s in truth.sections))
    if rows is not None:
        lines = ((f"{r.reference_s:.5f}", f"{r.cover_s:.5f}", r.segment) for r in rows)
        header = ("reference_s", "cover_s", "segment")
        writing.write_table(media.with_name(f"{media.stem}.csv"), header, lines)
