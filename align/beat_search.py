"""The best path of a `BeatModel`, stepping from beat to beat (a semi-Markov search).

As no beat is shorter than `intervals[0]` frames, so many frames are searched at once, and only
what each beat is worth is kept, not where each state came from: a 4-minute recording takes a
tenth of a second and 7 MB.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.beat_model import BeatModel, Indices, Matrix, Vector


def search(worth: Vector, model: BeatModel) -> Indices:
    """Frames at which the beats of the best path begin.

    Parameters
    ----------
    worth
        what a beat that begins in each frame earns, (frames,)
    model
        lengths of beats and prices

    Returns
    -------
    frames
        increasing, (beats,)
    """
    table = _fill(worth, model)
    frame, tempo = _last(table, model)
    frames = []
    while frame > 0:
        if tempo is None:
            frame, tempo = _before_rest(table, frame, model)
        else:
            frames.append(frame)
            frame, tempo = _before_beat(table, frame, tempo, model)
    if frame == 0 and tempo is not None:
        frames.append(0)
    return np.array(frames[::-1], dtype=np.int64)


@dataclass(frozen=True)
class _Table:
    """Worth of the best path up to and into each state.

    Attributes:
        beats: a beat of each length begins in each frame, which may lie before the recording,
            (intervals[-1] + frames, tempi)
        rests: each frame is a rest, (frames,)
        silenced: whether that rest began there, (frames,)
    """

    beats: Matrix
    rests: Vector
    silenced: npt.NDArray[np.bool_]

    def ended(self, frames: Indices | np.int64, model: BeatModel) -> Matrix:
        """Worth of a beat of each length that ends where each frame begins, (..., tempi)."""
        starts = model.intervals[-1] + np.asarray(frames)[..., None] - model.intervals
        return np.asarray(self.beats[starts, np.arange(len(model.intervals))])


def _fill(worth: Vector, model: BeatModel) -> _Table:
    intervals, n_frames = model.intervals, len(worth)
    shortest, longest = int(intervals[0]), int(intervals[-1])
    table = _Table(
        np.full((longest + n_frames, len(intervals)), -np.inf),
        np.zeros(n_frames),
        np.zeros(n_frames, bool),
    )
    heard = np.arange(-longest, 1)[:, None] > -intervals
    table.beats[: longest + 1] = np.where(heard, 0.0, -np.inf)
    table.beats[longest] += worth[0]
    arriving_from = np.ascontiguousarray(model.changes.T)
    for start in range(1, n_frames, shortest):
        frames = np.arange(start, min(n_frames, start + shortest))
        ended = table.ended(frames, model)
        _fill_rests(table, frames, ended.max(axis=1) - model.rest_price)
        best = (ended[:, None, :] + arriving_from).max(axis=2)
        woken = table.rests[frames - 1] - model.rest_price
        table.beats[longest + frames] = np.maximum(best, woken[:, None]) + worth[frames, None]
    return table


def _fill_rests(table: _Table, frames: Indices, falling_silent: Vector) -> None:
    before = np.concatenate([table.rests[frames[:1] - 1], falling_silent])
    best = np.maximum.accumulate(before)
    table.rests[frames] = best[1:]
    table.silenced[frames] = best[1:] > best[:-1]


def _last(table: _Table, model: BeatModel) -> tuple[int, int | None]:
    """Where the best path ends: start and tempo of its last beat, or last frame and `None`."""
    n_frames, longest = len(table.rests), int(model.intervals[-1])
    starts = np.arange(n_frames - longest, n_frames)
    sounding = starts[:, None] + model.intervals >= n_frames
    worths = np.where(sounding, table.beats[longest + starts], -np.inf)
    row, tempo = np.unravel_index(int(worths.argmax()), worths.shape)
    if worths[row, tempo] < table.rests[-1]:
        return n_frames - 1, None
    return int(starts[row]), int(tempo)


def _before_beat(table: _Table, frame: int, tempo: int, model: BeatModel) -> tuple[int, int | None]:
    arriving = table.ended(np.int64(frame), model) + model.changes[:, tempo]
    before = int(arriving.argmax())
    if arriving[before] < table.rests[frame - 1] - model.rest_price:
        return frame - 1, None
    return int(frame - model.intervals[before]), before


def _before_rest(table: _Table, frame: int, model: BeatModel) -> tuple[int, int | None]:
    began = np.flatnonzero(table.silenced[: frame + 1])
    if not len(began):
        return 0, None
    frame = int(began[-1])
    before = int(table.ended(np.int64(frame), model).argmax())
    return int(frame - model.intervals[before]), before
