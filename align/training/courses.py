"""The two networks' courses: what a step of each looks at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from align.network.place import PlaceNetwork
from align.network.pulse import PulseNetwork
from align.training.batches import Songbook, draw_place_batch, draw_pulse_batch
from align.training.loop import Course, Schedule
from align.training.losses import place_loss, pulse_loss

PARTS = ("place", "pulse")


@dataclass(frozen=True)
class BatchSizes:
    """Songs and longest frames of a place batch, pairs and frames of a pulse batch."""

    songs: int = 4
    place_frames: int = 560
    pairs: int = 6
    pulse_frames: int = 800


def place_course(
    book: Songbook, schedule: Schedule, checkpoint: Path, sizes: BatchSizes
) -> Course[PlaceNetwork]:
    """Teach where in the song a moment is."""

    def measure(network: PlaceNetwork, rng: np.random.Generator) -> dict[str, Tensor]:
        batch = draw_place_batch(book, rng, n_songs=sizes.songs, n_frames=sizes.place_frames)
        return place_loss(network, network(batch.levels), batch)

    torch.manual_seed(schedule.seed)
    return Course(PlaceNetwork(), measure, schedule, checkpoint)


def pulse_course(
    book: Songbook, schedule: Schedule, checkpoint: Path, sizes: BatchSizes
) -> Course[PulseNetwork]:
    """Teach attacks and beats."""

    def measure(network: PulseNetwork, rng: np.random.Generator) -> dict[str, Tensor]:
        batch = draw_pulse_batch(book, rng, n_pairs=sizes.pairs, n_frames=sizes.pulse_frames)
        return pulse_loss(network, network(batch.pitches, batch.attacks), batch)

    torch.manual_seed(schedule.seed)
    return Course(PulseNetwork(), measure, schedule, checkpoint)
