"""The networks' courses: what a step of each looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from align.network.melody import MelodyNetwork
from align.network.place import PlaceNetwork
from align.network.pulse import PulseNetwork
from align.network.section import SectionNetwork
from align.training.batches import Songbook, draw_place_batch, draw_pulse_batch
from align.training.checkpoint import Checkpoint
from align.training.loop import Course, Schedule
from align.training.losses import melody_loss, place_loss, pulse_loss, section_loss
from align.training.melody_lessons import MelodyLesson, draw_melody_batch
from align.training.section_lessons import SectionLesson, count_lengths, draw_section_batch

PARTS = ("place", "pulse")
"""What is taught by recordings alone."""
LISTENERS = ("section", "melody")
"""What is taught by what `PARTS` hear."""


@dataclass(frozen=True)
class BatchSizes:
    """Songs and longest frames of a place batch, pairs and frames of a pulse batch, recordings of
    a section batch, pairs and frames of a melody batch.
    """

    songs: int = 4
    place_frames: int = 560
    pairs: int = 6
    pulse_frames: int = 800
    recordings: int = 8
    melodies: int = 12
    melody_frames: int = 300


def place_course(
    book: Songbook, schedule: Schedule, checkpoint: Checkpoint, sizes: BatchSizes
) -> Course[PlaceNetwork]:
    """Teach where in the song a moment is."""

    def measure(network: PlaceNetwork, rng: np.random.Generator) -> dict[str, Tensor]:
        batch = draw_place_batch(book, rng, n_songs=sizes.songs, n_frames=sizes.place_frames)
        return place_loss(network, network(batch.levels), batch)

    torch.manual_seed(schedule.seed)
    return Course(PlaceNetwork(), measure, schedule, checkpoint)


def pulse_course(
    book: Songbook, schedule: Schedule, checkpoint: Checkpoint, sizes: BatchSizes
) -> Course[PulseNetwork]:
    """Teach attacks and beats."""

    def measure(network: PulseNetwork, rng: np.random.Generator) -> dict[str, Tensor]:
        batch = draw_pulse_batch(book, rng, n_pairs=sizes.pairs, n_frames=sizes.pulse_frames)
        return pulse_loss(network, network(batch.pitches, batch.attacks), batch)

    torch.manual_seed(schedule.seed)
    return Course(PulseNetwork(), measure, schedule, checkpoint)


def section_course(
    lessons: Sequence[SectionLesson], schedule: Schedule, checkpoint: Checkpoint, sizes: BatchSizes
) -> Course[SectionNetwork]:
    """Teach which bars parts begin with."""

    def measure(network: SectionNetwork, rng: np.random.Generator) -> dict[str, Tensor]:
        traits, begins = draw_section_batch(lessons, rng, n_recordings=sizes.recordings)
        return section_loss(network(traits), begins)

    torch.manual_seed(schedule.seed)
    network = SectionNetwork()
    network.log_lengths.copy_(
        torch.from_numpy(count_lengths(lessons, longest=network.config.longest))
    )
    return Course(network, measure, schedule, checkpoint)


def melody_course(
    lessons: Sequence[MelodyLesson], schedule: Schedule, checkpoint: Checkpoint, sizes: BatchSizes
) -> Course[MelodyNetwork]:
    """Teach which pairs play one melody."""

    def measure(network: MelodyNetwork, rng: np.random.Generator) -> dict[str, Tensor]:
        pairs, same = draw_melody_batch(
            lessons, rng, n_pairs=sizes.melodies, n_frames=sizes.melody_frames
        )
        return melody_loss(network(pairs), same)

    torch.manual_seed(schedule.seed)
    return Course(MelodyNetwork(), measure, schedule, checkpoint)
