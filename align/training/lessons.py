"""Recordings with truth, ready to be learned from: levels as bytes, and what is true of each frame.

Lessons are kept in a folder under the digest of the recording, so that training begins at once
when it is called again, and grows with its data sets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from align.audio import Audio, load_audio
from align.datasets.reading import CoverEntry, Dataset, read_dataset
from align.datasets.truth import Annotation, BeatTruth
from align.features import FEATURE_VERSION, FRAME_RATE, compute_features
from align.network.inputs import HEADROOM, Levels
from align.parallel import map_over_cores
from align.training.spoiling import spoil
from align.writing import write_atomically

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

LESSON_VERSION = 1
UNKNOWN, FOREIGN = np.float32(np.nan), np.float32(-1)
"""Reference positions of frames of which nothing is known, and of frames that are not the song."""
SPOILED_SHARE = 0.4


@dataclass(frozen=True)
class Lesson:
    """One recording.

    Attributes
    ----------
    song
        id of the song that it is of
    kind
        of cover, or `reference`
    levels
        `Levels` of pitch and attack side by side as bytes, read when used, (frames, 264)
    position_s
        reference time of each frame, `UNKNOWN` or `FOREIGN`, (frames,)
    beats_s, is_downbeat
        heard beats, (beats,); `None` where unknown
    semitones
        how much higher than its Reference it sounds
    """

    song: str
    kind: str
    levels: Bytes
    position_s: Floats
    beats_s: Floats | None
    is_downbeat: npt.NDArray[np.bool_] | None
    semitones: int

    @property
    def is_related(self) -> bool:
        """Whether it is the song at all."""
        return bool((self.position_s >= 0).any())


@dataclass(frozen=True)
class Source:
    """A recording to make a lesson of, and what is known of it."""

    song: str
    kind: str
    file: Path
    annotation: Annotation | None
    is_reference: bool
    beats: BeatTruth | None
    semitones: int


@dataclass(frozen=True)
class _Work:
    file: Path
    kept: Path


def prepare_lessons(
    folders: Sequence[Path], kept: Path, *, n_processes: int, done: Callable[[str], None]
) -> list[Lesson]:
    """Lessons of all recordings of data sets, made where they are not kept yet.

    Parameters
    ----------
    kept
        folder of what was made
    done
        told the name of each recording
    """
    sources = [each for folder in folders for each in find_sources(folder)]
    work = [_Work(each.file, kept / f"{_key(each.file)}.npy") for each in sources]
    missing = [each for each in work if not each.kept.exists()]
    for each in work:
        if each not in missing:
            done(each.file.name)
    for name in map_over_cores(_make_levels, missing, n_processes=n_processes):
        done(name)
    return [_lesson(source, each.kept) for source, each in zip(sources, work, strict=True)]


def count_recordings(folders: Sequence[Path]) -> int:
    """How many lessons data sets are."""
    return sum(1 for folder in folders for _ in find_sources(folder))


def find_sources(folder: Path) -> Iterator[Source]:
    """References, covers and unrelated recordings of a data set."""
    dataset = read_dataset(folder)
    prefix = dataset.name
    covers = {each.file: each for each in dataset.covers}
    for recording in dataset.recordings:
        cover = covers.get(recording.file)
        if cover is not None and cover.annotation is None:
            continue
        yield Source(
            song=f"{prefix}/{recording.song}",
            kind=recording.kind,
            file=recording.file,
            annotation=cover.annotation if cover else None,
            is_reference=cover is None,
            beats=recording.beats,
            semitones=_semitones(cover),
        )
    yield from _negatives(dataset, prefix)


def _negatives(dataset: Dataset, prefix: str) -> Iterator[Source]:
    for each in dataset.negatives:
        yield Source(f"{prefix}/{each.song}", each.kind, each.file, None, False, None, 0)


def _semitones(cover: CoverEntry | None) -> int:
    """Of its truth file; 0 where there is none."""
    from align.datasets.beside import read_document

    if cover is None:
        return 0
    path = cover.file.with_name(f"{cover.file.stem}.truth.json")
    return int(read_document(path).get("transposition_semitones") or 0) if path.exists() else 0


def _key(file: Path) -> str:
    """Of a recording and of all that its levels follow from."""
    stat = file.stat()
    text = f"{file.resolve()} {stat.st_size} {stat.st_mtime_ns} {FEATURE_VERSION} {LESSON_VERSION}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _make_levels(work: _Work) -> str:
    audio = load_audio(work.file)
    rng = np.random.default_rng(int(hashlib.sha256(work.file.name.encode()).hexdigest()[:12], 16))
    if rng.random() < SPOILED_SHARE:
        audio = Audio(spoil(audio.samples, rng), audio.sample_rate)
    levels = Levels.of(compute_features(audio))
    both = np.concatenate([levels.pitch, levels.attack], axis=1)
    bytes_ = np.round(both * (255 / HEADROOM)).astype(np.uint8)

    def write(path: Path) -> None:
        with path.open("wb") as target:
            np.save(target, bytes_)

    work.kept.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(work.kept, write)
    return work.file.name


def _lesson(source: Source, kept: Path) -> Lesson:
    levels = np.load(kept, mmap_mode="r")
    beats = source.beats
    return Lesson(
        song=source.song,
        kind=source.kind,
        levels=levels,
        position_s=_positions(source, len(levels)),
        beats_s=None if beats is None else beats.time_s.astype(np.float32),
        is_downbeat=None if beats is None else np.isin(beats.time_s, beats.downbeats_s),
        semitones=source.semitones,
    )


def _positions(source: Source, n_frames: int) -> Floats:
    times_s = np.arange(n_frames) / FRAME_RATE
    if source.is_reference:
        return times_s.astype(np.float32)
    if source.annotation is None:
        return np.full(n_frames, FOREIGN, np.float32)
    return frame_positions(source.annotation, times_s)


def frame_positions(annotation: Annotation, times_s: npt.NDArray[np.float64]) -> Floats:
    """Reference time at each time of a cover, `UNKNOWN` or `FOREIGN`, (times,)."""
    positions = np.full(len(times_s), UNKNOWN, np.float32)
    for index in np.unique(annotation.segment):
        marks = annotation.segment == index
        cover_s, reference_s = annotation.cover_s[marks], annotation.reference_s[marks]
        inside = (times_s >= cover_s[0]) & (times_s <= cover_s[-1])
        positions[inside] = np.interp(times_s[inside], cover_s, reference_s)
    for start_s, end_s in annotation.foreign_s:
        positions[(times_s >= start_s) & (times_s <= end_s)] = FOREIGN
    return positions
