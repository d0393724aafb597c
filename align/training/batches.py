"""Lessons -> batches of tensors: pairs of recordings of one song, in one key, cut and varied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from align.features import FRAME_RATE, PITCH
from align.network.inputs import (
    HEADROOM,
    PLACE_DECIMATION,
    Levels,
    place_times,
    place_view,
    pulse_view,
)
from align.training.lessons import Lesson
from align.training.varying import shrink_or_stretch, vary_colour

Floats = npt.NDArray[np.float32]
Rng = np.random.Generator

KEY_REACH = 4
"""Semitones that a pair is moved up or down together."""


@dataclass(frozen=True)
class Songbook:
    """Lessons by song."""

    songs: tuple[tuple[Lesson, ...], ...]

    @classmethod
    def of(cls, lessons: Sequence[Lesson]) -> Songbook:
        """Songs of which two recordings can be compared."""
        by_song: dict[str, list[Lesson]] = {}
        for lesson in lessons:
            by_song.setdefault(lesson.song, []).append(lesson)
        songs = [tuple(each) for _, each in sorted(by_song.items())]
        return cls(tuple(each for each in songs if len(_related(each)) > 1))


@dataclass(frozen=True)
class PlaceBatch:
    """Songs by two recordings, and one recording that is none of the song it stands beside.

    Attributes
    ----------
    levels
        (2 songs + songs, frames, 4, 216): first recordings, second ones, impostors
    position_s
        reference time of each frame, negative where it is not the song, NaN where unknown or
        beyond the end, (2 songs, frames)
    length
        frames of each, (3 songs,)
    """

    levels: Tensor
    position_s: Tensor
    length: Tensor


@dataclass(frozen=True)
class PulseBatch:
    """Pairs of short stretches of one song.

    Attributes
    ----------
    pitches, attacks
        (2 pairs, frames, 2, 216) and (2 pairs, frames, 2, 48): first stretches, then second ones
    position_s
        as in `PlaceBatch`, (2 pairs, frames)
    beat, downbeat
        1 at a beat, less beside it, NaN where unknown, (2 pairs, frames)
    """

    pitches: Tensor
    attacks: Tensor
    position_s: Tensor
    beat: Tensor
    downbeat: Tensor


def draw_place_batch(book: Songbook, rng: Rng, *, n_songs: int, n_frames: int) -> PlaceBatch:
    """Songs drawn at random; every second impostor was made for its song, where there are such."""
    chosen = rng.choice(len(book.songs), n_songs + 1, replace=False)
    songs = [book.songs[index] for index in chosen]
    firsts, seconds, impostors = [], [], []
    for number, song in enumerate(songs[:n_songs]):
        first, second = _pair(song, rng)
        shift = int(rng.integers(-KEY_REACH, KEY_REACH + 1))
        firsts.append(_place_crop(first, shift - first.semitones, n_frames, rng))
        seconds.append(_place_crop(second, shift - second.semitones, n_frames, rng))
        impostor, key = _impostor(song, songs[number + 1], first, shift, rng)
        impostors.append(_place_crop(impostor, key, n_frames, rng))
    crops = [*firsts, *seconds, *impostors]
    length = max(len(each.levels) for each in crops)
    return PlaceBatch(
        levels=_stacked([each.levels for each in crops], length, 0),
        position_s=_stacked([each.position_s for each in crops[: 2 * n_songs]], length, np.nan),
        length=torch.tensor([len(each.levels) for each in crops]),
    )


def draw_pulse_batch(book: Songbook, rng: Rng, *, n_pairs: int, n_frames: int) -> PulseBatch:
    """Stretches that begin at about the same place of the song."""
    firsts, seconds = [], []
    for index in rng.choice(len(book.songs), n_pairs, replace=False):
        first, second = _pair(book.songs[index], rng)
        shift = int(rng.integers(-KEY_REACH, KEY_REACH + 1))
        start, other = _shared_start(first, second, n_frames, rng)
        firsts.append(_pulse_crop(first, start, n_frames, shift - first.semitones, rng))
        seconds.append(_pulse_crop(second, other, n_frames, shift - second.semitones, rng))
    crops = [*firsts, *seconds]
    return PulseBatch(
        pitches=_stacked([each.pitches for each in crops], n_frames, 0),
        attacks=_stacked([each.attacks for each in crops], n_frames, 0),
        position_s=_stacked([each.position_s for each in crops], n_frames, np.nan),
        beat=_stacked([each.beat for each in crops], n_frames, np.nan),
        downbeat=_stacked([each.downbeat for each in crops], n_frames, np.nan),
    )


@dataclass(frozen=True)
class _PlaceCrop:
    levels: Floats
    position_s: Floats


@dataclass(frozen=True)
class _PulseCrop:
    pitches: Floats
    attacks: Floats
    position_s: Floats
    beat: Floats
    downbeat: Floats


def _related(song: Sequence[Lesson]) -> list[Lesson]:
    return [each for each in song if each.is_related]


def _pair(song: Sequence[Lesson], rng: Rng) -> tuple[Lesson, Lesson]:
    related = _related(song)
    first, second = rng.choice(len(related), 2, replace=False)
    return related[first], related[second]


def _impostor(
    song: Sequence[Lesson], other: Sequence[Lesson], first: Lesson, shift: int, rng: Rng
) -> tuple[Lesson, int]:
    """A recording of something else, and the shift that brings it closest to the song's key."""
    made = [each for each in song if not each.is_related]
    if made and rng.random() < 0.5:
        return made[int(rng.integers(len(made)))], shift
    related = _related(other)
    stranger = related[int(rng.integers(len(related)))]
    profile, strange = _key_profile(first), _key_profile(stranger)
    turns = [float(profile @ np.roll(strange, turn)) for turn in range(12)]
    return stranger, int(np.argmax(turns)) + shift - first.semitones


def _key_profile(lesson: Lesson) -> Floats:
    """How much each pitch class sounds, less the mean, (12,)."""
    rows = np.asarray(lesson.levels[::25, : PITCH.n_bins], dtype=np.float32)
    semitones = rows.mean(axis=0).reshape(-1, PITCH.bins_per_semitone).max(axis=1)
    classes = semitones.reshape(-1, 12).sum(axis=0)
    return np.asarray(classes - classes.mean(), dtype=np.float32)


def _levels(lesson: Lesson, start: int, end: int, semitones: int) -> Levels:
    """A stretch in another key; an octave less where the shift would be larger than half of one."""
    rows = np.asarray(lesson.levels[start:end], dtype=np.float32) * np.float32(HEADROOM / 255)
    levels = Levels(rows[:, : PITCH.n_bins], rows[:, PITCH.n_bins :])
    return levels.transposed((semitones + 6) % 12 - 6)


def _place_crop(lesson: Lesson, semitones: int, n_frames: int, rng: Rng) -> _PlaceCrop:
    longest = n_frames * PLACE_DECIMATION
    total = len(lesson.levels)
    start = int(rng.integers(0, max(1, total - longest + 1)))
    end = min(total, start + longest)
    levels = _levels(lesson, start, end, semitones)
    view = vary_colour(place_view(levels.pitch), rng)
    times_s = place_times(len(view)) + start / FRAME_RATE
    frames = np.clip(np.round(times_s * FRAME_RATE).astype(int), 0, total - 1)
    kept = shrink_or_stretch(len(view), n_frames, rng)
    return _PlaceCrop(view[kept], lesson.position_s[frames][kept])


def _pulse_crop(lesson: Lesson, start: int, n_frames: int, semitones: int, rng: Rng) -> _PulseCrop:
    end = min(len(lesson.levels), start + n_frames)
    levels = _levels(lesson, start, end, semitones)
    beat, downbeat = _beat_targets(lesson, start, end)
    return _PulseCrop(
        pitches=vary_colour(pulse_view(levels.pitch), rng),
        attacks=vary_colour(pulse_view(levels.attack), rng),
        position_s=lesson.position_s[start:end],
        beat=beat,
        downbeat=downbeat,
    )


def _beat_targets(lesson: Lesson, start: int, end: int) -> tuple[Floats, Floats]:
    """1 in the frame of a beat, a half in those beside it."""
    if lesson.beats_s is None or lesson.is_downbeat is None:
        nothing = np.full(end - start, np.nan, np.float32)
        return nothing, nothing
    frames = np.round(lesson.beats_s * FRAME_RATE).astype(int) - start
    return tuple(  # type: ignore[return-value]
        _spikes(frames[chosen], end - start)
        for chosen in (np.ones(len(frames), bool), lesson.is_downbeat)
    )


def _spikes(frames: npt.NDArray[np.int64], n_frames: int) -> Floats:
    target = np.zeros(n_frames, np.float32)
    for offset, value in ((-1, 0.5), (1, 0.5), (0, 1.0)):
        near = frames + offset
        target[near[(near >= 0) & (near < n_frames)]] = value
    return target


def _shared_start(first: Lesson, second: Lesson, n_frames: int, rng: Rng) -> tuple[int, int]:
    """Frames of both where the same place of the song is heard; any two where nothing is shared."""
    room = max(1, len(first.position_s) - n_frames // 2)
    for _ in range(8):
        start = int(rng.integers(0, room))
        here = first.position_s[start : start + n_frames // 2]
        known = np.flatnonzero(here >= 0)
        if not len(known):
            continue
        at = int(known[0])
        apart = np.abs(second.position_s - here[at])
        if np.isfinite(apart).any() and np.nanmin(apart) < 0.1:
            found = rng.choice(np.flatnonzero(apart < np.nanmin(apart) + 1e-3))
            return start, max(0, int(found) - at)
    return start, int(rng.integers(0, max(1, len(second.position_s) - n_frames // 2)))


def _stacked(rows: Sequence[Floats], length: int, filler: float) -> Tensor:
    """One tensor of rows that are filled up to one length."""
    full = np.full((len(rows), length, *rows[0].shape[1:]), filler, np.float32)
    for target, row in zip(full, rows, strict=True):
        target[: len(row)] = row[:length]
    return torch.from_numpy(full)
