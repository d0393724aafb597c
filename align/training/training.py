"""Data sets -> the tracker's weights: both networks taught, judged, and written with their card."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from align.datasets.reading import read_dataset
from align.network.place import PlaceNetwork
from align.network.pulse import PulseNetwork
from align.network.weights import Networks, save_networks
from align.training.batches import Songbook
from align.training.courses import BatchSizes, place_course, pulse_course
from align.training.lessons import Lesson
from align.training.loop import Losses, Schedule
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
    sizes: BatchSizes = field(default_factory=BatchSizes)


Report = Callable[[int, Losses], None]


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
    checkpoint = plan.work / f"{part}.pt"
    if part == "place":
        course: Any = place_course(book, plan.place, checkpoint, plan.sizes)
    else:
        course = pulse_course(book, plan.pulse, checkpoint, plan.sizes)
    course.run(report)
    return course.network


def write_weights(
    plan: TrainingPlan, place: PlaceNetwork, pulse: PulseNetwork, book: Songbook, folder: Path
) -> None:
    """Weights with a card: data, terms, schedule."""
    data = [
        {"name": dataset.name, "licence": dataset.licence}
        for dataset in map(read_dataset, plan.folders)
    ]
    card = {
        "trained": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "data": data,
        "songs": len(book.songs),
        "recordings": sum(len(song) for song in book.songs),
        "schedule": {"place": asdict(plan.place), "pulse": asdict(plan.pulse)},
        "batches": asdict(plan.sizes),
        "scores": {},
    }
    save_networks(Networks(plan.name, place.eval(), pulse.eval(), card), folder)
