"""What a network's training follows from, in few words, to be kept with its checkpoints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from torch import nn

from align.datasets.digest import digest_truth
from align.datasets.reading import Dataset, read_dataset
from align.features import FEATURE_VERSION
from align.training.courses import BatchSizes
from align.training.lessons import LESSON_VERSION
from align.training.loop import Schedule


def terms_of(schedule: Schedule, sizes: BatchSizes, data: str) -> dict[str, Any]:
    """Terms of a network that is taught by recordings; `data` is their `digest_data`."""
    return {
        "data": data,
        **asdict(schedule),
        "batches": asdict(sizes),
        "features": f"{FEATURE_VERSION}/{LESSON_VERSION}",
    }


def digest_data(folders: Sequence[Path]) -> str:
    """SHA-256 of data sets: their names, all that is true in them, names and sizes of recordings.

    Of the sound itself only the size counts: reading it all would take minutes.
    """
    digest = hashlib.sha256()
    for folder in folders:
        dataset = read_dataset(folder)
        digest.update(f"{dataset.name}\n{digest_truth(dataset, folder)}\n".encode())
        for file in _recordings(dataset):
            digest.update(f"{file.relative_to(folder).as_posix()} {_size(file)}\n".encode())
            digest.update(_truth_beside(file))
    return digest.hexdigest()


def digest_networks(networks: Mapping[str, nn.Module]) -> str:
    """SHA-256 of the weights of networks that others learn from."""
    digest = hashlib.sha256()
    for part, network in sorted(networks.items()):
        for name, tensor in network.state_dict().items():
            digest.update(f"{part}.{name} {tuple(tensor.shape)}\n".encode())
            digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def _recordings(dataset: Dataset) -> list[Path]:
    own = {each.file for each in dataset.recordings}
    return sorted(own | {each.file for each in dataset.negatives})


def _size(file: Path) -> int | None:
    return file.stat().st_size if file.exists() else None


def _truth_beside(file: Path) -> bytes:
    """The key that a cover is played in stands only there."""
    path = file.with_name(f"{file.stem}.truth.json")
    return path.read_bytes() if path.exists() else b""
