"""Data sets -> the tracker's weights: all networks taught and written with their card.

The place and the pulse network learn from recordings alone. What they hear then teaches the
section network, and the pairs that they lay on each other teach the melody network.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from align.datasets.reading import read_dataset
from align.network.melody import MelodyNetwork
from align.network.section import SectionNetwork
from align.network.weights import Networks, load_networks, save_networks
from align.training.batches import Songbook
from align.training.checkpoint import Checkpoint, require_same_terms
from align.training.courses import (
    LISTENERS,
    PARTS,
    BatchSizes,
    melody_course,
    place_course,
    pulse_course,
    section_course,
)
from align.training.lessons import Lesson
from align.training.loop import Losses, Schedule
from align.training.melody_lessons import MelodyLesson
from align.training.section_lessons import SectionLesson
from align.training.terms import digest_data, digest_networks, terms_of
from align.training.validation import is_held_out
from catalog.errors import InputError

LEAST_SONGS = 8


@dataclass(frozen=True)
class TrainingPlan:
    """What to train on, how long, and where it is kept meanwhile.

    Attributes
    ----------
    name
        of the model
    work
        folder of checkpoints and lessons, to go on from
    """

    name: str
    folders: tuple[Path, ...]
    work: Path
    place: Schedule
    pulse: Schedule
    section: Schedule
    melody: Schedule
    sizes: BatchSizes = field(default_factory=BatchSizes)

    def schedule(self, part: str) -> Schedule:
        """Of the network of this name."""
        schedules = {
            "place": self.place,
            "pulse": self.pulse,
            "section": self.section,
            "melody": self.melody,
        }
        return schedules[part]

    def checkpoint(self, part: str, **more: str) -> Checkpoint:
        """Of the network of this name; `more` are terms that this plan does not know."""
        terms = terms_of(self.schedule(part), self.sizes, self._data)
        return Checkpoint(self.work / f"{part}.pt", terms | more)

    @cached_property
    def _data(self) -> str:
        return digest_data(self.folders)


Report = Callable[[int, Losses], None]


def require_own_checkpoints(plan: TrainingPlan, parts: Sequence[str]) -> None:
    """Refuse checkpoints of another training before anything is listened to.

    Raises
    ------
    InputError
        naming those that this plan did not begin
    """
    require_same_terms([plan.checkpoint(part) for part in parts])


def gather_songs(lessons: Sequence[Lesson]) -> Songbook:
    """The songs to learn from: not those that are held out.

    Raises
    ------
    InputError
        when there are too few for a batch with strangers in it
    """
    book = Songbook.of([each for each in lessons if not is_held_out(each.song)])
    if len(book.songs) < LEAST_SONGS:
        raise InputError(
            f"{len(book.songs)} songs with two recordings are too few to learn from: "
            f"give data sets with at least {LEAST_SONGS}, as `covers simulate` makes them"
        )
    return book


def train_part(part: str, book: Songbook, plan: TrainingPlan, report: Report) -> Any:
    """Teach one network, from its checkpoint where there is one; returns it."""
    checkpoint = plan.checkpoint(part)
    if part == "place":
        course: Any = place_course(book, plan.place, checkpoint, plan.sizes)
    else:
        course = pulse_course(book, plan.pulse, checkpoint, plan.sizes)
    course.run(report)
    return course.network


def train_section(
    plan: TrainingPlan, lessons: Sequence[SectionLesson], weights: Path, report: Report
) -> Any:
    """Teach the section network, from its checkpoint where there is one; returns it.

    Parameters
    ----------
    weights
        folder of the networks that heard the lessons
    """
    checkpoint = _listeners_checkpoint(plan, "section", weights)
    course = section_course(lessons, plan.section, checkpoint, plan.sizes)
    course.run(report)
    return course.network


def train_melody(
    plan: TrainingPlan, lessons: Sequence[MelodyLesson], weights: Path, report: Report
) -> Any:
    """Teach the melody network, or return the shipped one where nothing plays another melody.

    Parameters
    ----------
    weights
        as in `train_section`
    """
    if {each.is_same for each in lessons} != {True, False}:
        return load_networks().melody
    checkpoint = _listeners_checkpoint(plan, "melody", weights)
    course = melody_course(lessons, plan.melody, checkpoint, plan.sizes)
    course.run(report)
    return course.network


def _listeners_checkpoint(plan: TrainingPlan, part: str, weights: Path) -> Checkpoint:
    """What is taught by what others hear does not go on when they hear otherwise."""
    heard_by = load_networks(weights).parts()
    return plan.checkpoint(part, networks=digest_networks({each: heard_by[each] for each in PARTS}))


def write_weights(
    plan: TrainingPlan, parts: Mapping[str, Any], book: Songbook, folder: Path
) -> None:
    """Weights with a card: data, terms, schedule; untaught networks where parts are missing."""
    data = [
        {"name": dataset.name, "licence": dataset.licence}
        for dataset in map(read_dataset, plan.folders)
    ]
    card = {
        "trained": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "data": data,
        "songs": len(book.songs),
        "recordings": sum(len(song) for song in book.songs),
        "schedule": {part: asdict(plan.schedule(part)) for part in (*PARTS, *LISTENERS)},
        "batches": asdict(plan.sizes),
        "scores": {},
    }
    untaught = {"section": SectionNetwork(), "melody": MelodyNetwork()}
    networks = {part: network.eval() for part, network in {**untaught, **parts}.items()}
    save_networks(Networks(plan.name, **networks, card=card), folder)
    load_networks.cache_clear()
