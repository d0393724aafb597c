"""Pairs of recordings, laid on each other, that play one melody, and some that do not.

Those that do not are other tunes over the very chords of the song, as `covers simulate
--screening --kind other_melody` makes them: the tracker lays them on the song from end to end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from align.alignment import Track, place_cover
from align.audio import load_audio
from align.datasets.reading import CoverEntry, NegativeEntry, read_dataset
from align.melody import LEAST_FRAMES, as_levels, lay_on_each_other
from align.parallel import map_over_cores
from align.threads import one_thread
from align.training.validation import is_held_out, read_reference
from align.training.varying import vary_balance
from catalog.lifecycle import Relation

Entry = CoverEntry | NegativeEntry
Rng = np.random.Generator

OTHER = "other_melody"
"""Kind of recordings that play another melody over the song's chords."""
KEY_REACH = 5


@dataclass(frozen=True)
class MelodyLesson:
    """A recording laid on its Reference.

    Attributes
    ----------
    pairs
        see `align.melody.lay_on_each_other`, (frames, 2, 2, 72)
    """

    pairs: npt.NDArray[np.uint8]
    is_same: bool


@dataclass(frozen=True)
class _Work:
    entry: Entry
    weights: Path


def find_melody_pairs(folders: Sequence[Path]) -> list[Entry]:
    """Recordings of and beside songs that are not held out, each song's one after another."""
    entries: list[Entry] = []
    for dataset in map(read_dataset, folders):
        entries += [each for each in dataset.covers if each.relation == Relation.PERFORMANCE]
        entries += [each for each in dataset.negatives if each.kind == OTHER]
    return sorted(
        (each for each in entries if not is_held_out(each.song)),
        key=lambda each: (str(each.reference), str(each.file)),
    )


def prepare_melody_lessons(
    entries: Sequence[Entry], weights: Path, *, n_processes: int, done: Callable[[str], None]
) -> list[MelodyLesson]:
    """Lessons of recordings that are found along their song, by the networks of a folder."""
    lessons = []
    work = [_Work(each, weights) for each in entries]
    for each, lesson in zip(
        entries, map_over_cores(_lay, work, n_processes=n_processes), strict=True
    ):
        if lesson is not None:
            lessons.append(lesson)
        done(each.file.name)
    return lessons


def draw_melody_batch(
    lessons: Sequence[MelodyLesson], rng: Rng, *, n_pairs: int, n_frames: int
) -> tuple[Tensor, Tensor]:
    """As many pairs of one melody as of two: (pairs, frames, 2, 2, 72) and 1 or 0, (pairs,)."""
    by_answer = [[each for each in lessons if each.is_same == answer] for answer in (False, True)]
    answers = np.arange(n_pairs) % 2
    crops = []
    for answer in answers:
        own = by_answer[answer]
        crops.append(_crop(own[int(rng.integers(len(own)))].pairs, n_frames, rng))
    return torch.from_numpy(np.stack(crops)), torch.from_numpy(answers.astype(np.float32))


def _crop(pairs: npt.NDArray[np.uint8], n_frames: int, rng: Rng) -> npt.NDArray[np.float32]:
    """A stretch in another key, its pitches louder and softer, the recordings in any order."""
    start = int(rng.integers(0, max(1, len(pairs) - n_frames + 1)))
    levels = as_levels(pairs[start : start + n_frames])
    crop = np.zeros((n_frames, *levels.shape[1:]), np.float32)
    key = int(rng.integers(-KEY_REACH, KEY_REACH + 1))
    low, high = max(0, key), levels.shape[-1] + min(0, key)
    crop[: len(levels), ..., low:high] = levels[..., low - key : high - key]
    for recording in range(2):
        crop[:, recording] = vary_balance(crop[:, recording], rng)
    return crop[:, ::-1].copy() if rng.random() < 0.5 else crop


def _lay(work: _Work) -> MelodyLesson | None:
    with one_thread():
        reference = read_reference(work.entry.reference, work.weights)
        cover = Track.of(load_audio(work.entry.file), weights=work.weights)
        placement = place_cover(reference, cover)
        key = -placement.match.transposition_semitones
        pairs = lay_on_each_other(
            reference.heard.listener.levels,
            cover.heard.listener.levels.transposed(key),
            placement.fine_runs,
        )
    if pairs is None or len(pairs) < LEAST_FRAMES:
        return None
    return MelodyLesson(pairs, is_same=work.entry.kind != OTHER)
