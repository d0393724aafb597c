"""The Reference's timeline as a person corrects it: beats, bar lines and sections.

Everything stands on it. Where it changes, the song's covers are aligned again, because knots of
their maps stand at its beats; until then their old maps hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.corrections import align_again
from catalog.errors import InputError, StateError
from catalog.lifecycle import Role, Status
from catalog.models import Analysis, Recording, Song, utc_now
from catalog.strangers_text import clean_line

LEAST_BEAT_S = 0.1
"""Beats closer than 600 a minute are a slip of the hand."""
LONGEST_LABEL = 40
MAPPED = (Status.ALIGNED, Status.IN_REVIEW, Status.PUBLISHED)


@dataclass(frozen=True)
class Section:
    """A part of the song, such as a verse."""

    start_s: float
    end_s: float
    label: str


@dataclass(frozen=True)
class Timeline:
    """What a person says the Reference's beats and sections are.

    Attributes:
        beats_s: strictly increasing
        downbeats_s: those of them that begin a bar
        sections: in order, without overlap
    """

    beats_s: tuple[float, ...]
    downbeats_s: tuple[float, ...]
    sections: tuple[Section, ...]

    @classmethod
    def of(
        cls,
        beats: Sequence[tuple[float, bool]],
        sections: Sequence[tuple[float, float, str]],
        *,
        duration_s: float,
    ) -> Timeline:
        """Check and build one from beats, each with whether it begins a bar, and sections.

        Raises:
            InputError: naming the first moment that cannot be right.
        """
        times_s = tuple(time_s for time_s, _ in beats)
        _check_beats(times_s, duration_s)
        return cls(
            beats_s=times_s,
            downbeats_s=tuple(time_s for time_s, is_downbeat in beats if is_downbeat),
            sections=_sections(sections, duration_s),
        )


def _check_beats(times_s: Sequence[float], duration_s: float) -> None:
    if len(times_s) < 2:
        raise InputError(f"{len(times_s)} beats are too few: two at least make a tempo")
    for time_s in times_s:
        if not math.isfinite(time_s) or not 0 <= time_s <= duration_s:
            raise InputError(f"beat {time_s:g} s lies outside the recording of {duration_s:.2f} s")
    for earlier_s, later_s in pairwise(times_s):
        if later_s - earlier_s < LEAST_BEAT_S - 1e-6:
            raise InputError(
                f"beat {later_s:.3f} s does not follow {earlier_s:.3f} s by {LEAST_BEAT_S} s: "
                "put beats in order and keep one of two that are the same"
            )


def _sections(rows: Sequence[tuple[float, float, str]], duration_s: float) -> tuple[Section, ...]:
    sections = tuple(
        Section(start_s, end_s, clean_line(label)[:LONGEST_LABEL]) for start_s, end_s, label in rows
    )
    for each in sections:
        if not each.label:
            raise InputError(f"the section at {each.start_s:.2f} s has no name: write one")
        if not 0 <= each.start_s < each.end_s <= duration_s + 0.01:
            raise InputError(
                f"section {each.label!r} from {each.start_s:.2f} to {each.end_s:.2f} s does not "
                f"lie within the recording of {duration_s:.2f} s"
            )
    for earlier, later in pairwise(sections):
        if later.start_s < earlier.end_s:
            raise InputError(
                f"section {later.label!r} begins at {later.start_s:.2f} s, before "
                f"{earlier.label!r} ends at {earlier.end_s:.2f} s"
            )
    return sections


def reference_of(session: Session, song: Song) -> Recording | None:
    """A song's Reference in whatever state, `None` where it has none."""
    return session.scalar(
        select(Recording).where(Recording.song_id == song.id, Recording.role == Role.REFERENCE)
    )


def mapped_covers(session: Session, song: Song) -> Sequence[Recording]:
    """Covers whose maps stand on the Reference's timeline."""
    return session.scalars(
        select(Recording)
        .where(
            Recording.song_id == song.id,
            Recording.role == Role.COVER,
            Recording.status.in_(MAPPED),
            Recording.alignment.has(),
        )
        .order_by(Recording.id)
    ).all()


def correct_timeline(
    session: Session, song: Song, timeline: Timeline, *, actor: Actor
) -> tuple[int, int]:
    """Keep a corrected timeline and queue the song's covers to be aligned again.

    Returns how many are queued, and how many keep their map because their media was dropped.

    Raises:
        StateError: when there is no analysed Reference to correct.
    """
    reference = reference_of(session, song)
    if reference is None or reference.analysis is None:
        raise StateError(f"the reference of {song.slug!r} is not analysed yet: wait for the worker")
    _store(reference.analysis, timeline)
    queued = [align_again(session, cover) for cover in mapped_covers(session, song)]
    note(
        session,
        actor,
        "reference.timeline",
        f"song {song.slug}",
        beats=len(timeline.beats_s),
        sections=len(timeline.sections),
        covers=sum(queued),
    )
    return sum(queued), len(queued) - sum(queued)


def _store(analysis: Analysis, timeline: Timeline) -> None:
    periods = sorted(later - earlier for earlier, later in pairwise(timeline.beats_s))
    analysis.beats_s = list(timeline.beats_s)
    analysis.downbeats_s = list(timeline.downbeats_s)
    analysis.sections = [
        {"start_s": each.start_s, "end_s": each.end_s, "label": each.label, "confidence": 1.0}
        for each in timeline.sections
    ]
    # [60 s/min] / [s/beat] = [beats/min]
    analysis.tempo_bpm = round(60 / periods[len(periods) // 2], 2)
    analysis.corrected_at = utc_now()
