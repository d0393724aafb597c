"""Recordings whose sections are known -> bars, and with which of them a part begins.

The bars are those that the trained networks hear, so this comes after their training.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from align.alignment import Track
from align.analysis import hear_beats
from align.audio import load_audio
from align.bars import Bars, measure_bars
from align.datasets.reading import RecordingEntry, read_dataset
from align.datasets.truth import SectionTruth
from align.parallel import map_over_cores
from align.sections import LEAST_BARS
from align.threads import one_thread
from align.training.validation import is_held_out

Floats = npt.NDArray[np.float32]

MOST_RECORDINGS = 320
NEAR_S = 0.5
"""A part that begins farther than this from every bar teaches nothing."""


@dataclass(frozen=True)
class SectionLesson:
    """One recording.

    Attributes
    ----------
    traits
        of its bars, see `align.bars`, (bars, traits)
    begins
        1 where a part begins, (bars,)
    """

    traits: Floats
    begins: Floats


@dataclass(frozen=True)
class _Work:
    entry: RecordingEntry
    weights: Path


def find_section_recordings(folders: Sequence[Path]) -> list[RecordingEntry]:
    """At most `MOST_RECORDINGS` with known sections, of songs that are not held out, spread."""
    known = [
        each
        for folder in folders
        for each in read_dataset(folder).recordings
        if each.sections is not None and not is_held_out(each.song)
    ]
    return known[:: max(1, -(-len(known) // MOST_RECORDINGS))]


def prepare_section_lessons(
    entries: Sequence[RecordingEntry],
    weights: Path,
    *,
    n_processes: int,
    done: Callable[[str], None],
) -> list[SectionLesson]:
    """Lessons of recordings that have bars, by the networks of a folder."""
    lessons = []
    work = [_Work(each, weights) for each in entries]
    for each, lesson in zip(
        entries, map_over_cores(_listen, work, n_processes=n_processes), strict=True
    ):
        if lesson is not None:
            lessons.append(lesson)
        done(each.file.name)
    return lessons


def draw_section_batch(
    lessons: Sequence[SectionLesson], rng: np.random.Generator, *, n_recordings: int
) -> tuple[Tensor, Tensor]:
    """Traits (recordings, bars, traits), 0 beyond the end, and begins (recordings, bars), NaN."""
    chosen = [lessons[index] for index in rng.integers(0, len(lessons), n_recordings)]
    longest = max(len(each.begins) for each in chosen)
    traits = np.zeros((n_recordings, longest, chosen[0].traits.shape[1]), np.float32)
    begins = np.full((n_recordings, longest), np.nan, np.float32)
    for row, each in enumerate(chosen):
        traits[row, : len(each.begins)] = each.traits
        begins[row, : len(each.begins)] = each.begins
    return torch.from_numpy(traits), torch.from_numpy(begins)


def count_lengths(lessons: Sequence[SectionLesson], longest: int) -> Floats:
    """Log probability of a part of 0, 1, ... `longest` bars, (longest + 1,)."""
    counts = np.full(longest + 1, 0.5)
    for lesson in lessons:
        lengths = np.diff(np.flatnonzero(lesson.begins))
        counts += np.bincount(np.minimum(lengths, longest), minlength=longest + 1)
    return np.asarray(np.log(counts / counts.sum()), dtype=np.float32)


def _listen(work: _Work) -> SectionLesson | None:
    assert work.entry.sections is not None
    with one_thread():
        track = Track.of(load_audio(work.entry.file), weights=work.weights)
        downbeats_s = hear_beats(track.features, track.heard).downbeats_s
        if len(downbeats_s) < LEAST_BARS:
            return None
        bars = measure_bars(downbeats_s, track.features, track.descriptors, track.heard)
        return SectionLesson(bars.traits, _begins(bars, work.entry.sections))


def _begins(bars: Bars, truth: SectionTruth) -> Floats:
    begins = np.zeros(len(bars.traits), np.float32)
    for start_s in truth.spans_s[:, 0]:
        off_s = np.abs(bars.edges_s[:-1] - start_s)
        if off_s.min() < NEAR_S:
            begins[off_s.argmin()] = 1
    return begins
