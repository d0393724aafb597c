"""Where in the Reference is each moment of a Cover: a path that may jump.

A hidden Markov model over (reference position, tempo ratio). Inside a segment the position moves
on by the ratio, which drifts slowly; a jump to any other position costs a fixed amount, keeps
the tempo and so stands for a cut, a repeat or another order; an outside state that keeps the
tempo too stands for everything that is not the song.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float64]
Moves = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]

OUTSIDE = -1
ON, FASTER, SLOWER, LANDED = range(4)
TEMPO_STEPS = {ON: 0, FASTER: -1, SLOWER: 1}
"""From the tempo that such a move has reached to the one that it came from."""


@dataclass(frozen=True)
class PathModel:
    """What a path may do, and at which price in units of similarity.

    Attributes:
        tempo_ratios: seconds of reference per second of cover, ascending, (tempos,)
        tempo_change: price of going to the neighbouring ratio
        jump: price of going on at any other reference position
        leave: price of leaving the song
        enter: price of entering it
        odd_tempo: price at the start per factor of two away from an equal tempo
        landing: price of jumping or entering at each reference position besides, (positions,),
            or one for all
        breaking: price of jumping, leaving or entering at each cover frame besides, (frames,), or
            one for all
        straying: price of each frame at each tempo ratio, (tempos,), or one for all
    """

    tempo_ratios: Scores
    tempo_change: float
    jump: float
    leave: float
    enter: float
    odd_tempo: float
    landing: Scores = field(default_factory=lambda: np.zeros(1))
    breaking: Scores = field(default_factory=lambda: np.zeros(1))
    straying: Scores = field(default_factory=lambda: np.zeros(1))

    def for_shape(self, shape: tuple[int, ...]) -> PathModel:
        """With a price for each frame and position of a matrix: (frames, positions)."""
        return replace(
            self,
            landing=np.broadcast_to(self.landing, shape[1:]),
            breaking=np.broadcast_to(self.breaking, shape[:1]),
        )


@dataclass(frozen=True)
class JumpPath:
    """One reference position per cover frame.

    Attributes:
        positions: reference frame, or `OUTSIDE`, (cover frames,)
        tempos: index of the tempo ratio, (cover frames,)
        breaks: True where a frame does not go on from the one before it, (cover frames,)
        score: sum of similarities minus prices
    """

    positions: Indices
    tempos: Indices
    breaks: npt.NDArray[np.bool_]
    score: float


@dataclass(frozen=True)
class _Trellis:
    inside: Scores  # (tempos, positions)
    outside: Scores  # (tempos,)


@dataclass(frozen=True)
class _Memory:
    """How each state was reached, frame by frame.

    Attributes:
        moves: packed, because they are as many as both recordings' frames and the tempi multiplied,
            (cover frames, 2, tempos, bytes)
        landed_from: position that a jump came from, `OUTSIDE` where one enters, (cover frames,
            tempos)
        left_from: position that the song was left from, `OUTSIDE` where one stays outside,
            (cover frames, tempos)
    """

    moves: Moves
    landed_from: Indices
    left_from: Indices

    @classmethod
    def of_nothing(cls, n_frames: int, n_tempos: int, n_positions: int) -> _Memory:
        """Room for every frame."""
        return cls(
            moves=np.zeros((n_frames, 2, n_tempos, -(-n_positions // 8)), np.uint8),
            landed_from=np.full((n_frames, n_tempos), OUTSIDE, np.int64),
            left_from=np.full((n_frames, n_tempos), OUTSIDE, np.int64),
        )


def find_path(similarity: Matrix, model: PathModel) -> JumpPath:
    """The best path through a similarity matrix.

    Parameters
    ----------
    similarity
        how well each reference frame explains each cover frame, positive where better than
        "not the song", (cover frames, reference frames)
    """
    model = model.for_shape(similarity.shape)
    n_frames, n_positions = similarity.shape
    memory = _Memory.of_nothing(n_frames, len(model.tempo_ratios), n_positions)
    trellis = _start(similarity, model)
    for frame in range(1, n_frames):
        trellis, moves, landed_from, left_from = _advance(trellis, similarity, frame, model)
        memory.moves[frame] = _pack(moves)
        memory.landed_from[frame] = landed_from
        memory.left_from[frame] = left_from
    return _trace(_end(trellis, model), memory, model)


def _start(similarity: Matrix, model: PathModel) -> _Trellis:
    prior = -model.odd_tempo * np.abs(np.log2(model.tempo_ratios))
    entered = prior[:, None] - model.enter - model.landing[None, :]
    inside: Scores = entered + similarity[0].astype(np.float64) - model.straying[:, None]
    return _Trellis(inside=inside, outside=prior.copy())


def _end(last: _Trellis, model: PathModel) -> _Trellis:
    """Ending inside costs what leaving before would have: a price says nothing about when."""
    return _Trellis(inside=last.inside - model.leave, outside=last.outside)


def _shifts(model: PathModel, frame: int) -> Indices:
    """Whole reference frames that each tempo moves on by at this frame, (tempos,)."""
    ratios = model.tempo_ratios
    return (np.floor(ratios * frame) - np.floor(ratios * (frame - 1))).astype(np.int64)


def _advance(
    before: _Trellis, similarity: Matrix, frame: int, model: PathModel
) -> tuple[_Trellis, Moves, Indices, Indices]:
    """One cover frame further, with the move that reached each state."""
    best, moves = _change_tempo(before.inside, model.tempo_change)
    best, moves = _move_on(best, moves, _shifts(model, frame))
    source = before.inside.argmax(axis=1)
    loudest = before.inside.max(axis=1) - model.breaking[frame]
    jumped = loudest - model.jump
    entered = before.outside - model.enter - model.breaking[frame]
    landing = np.maximum(jumped, entered)[:, None] - model.landing[None, :]
    lands = landing > best
    inside: Scores = np.where(lands, landing, best) + similarity[frame].astype(np.float64)
    inside -= model.straying[:, None]
    moves = np.where(lands, np.uint8(LANDED), moves)
    landed_from = np.where(jumped >= entered, source, OUTSIDE)
    left = loudest - model.leave
    left_from = np.where(left > before.outside, source, OUTSIDE)
    return _Trellis(inside, np.maximum(left, before.outside)), moves, landed_from, left_from


def _change_tempo(scores: Scores, price: float) -> tuple[Scores, Moves]:
    """Best of keeping the ratio and coming from a neighbouring one, per state."""
    best = scores.copy()
    moves = np.zeros(scores.shape, np.uint8)
    for move, target, origin in (
        (FASTER, slice(1, None), slice(None, -1)),
        (SLOWER, slice(None, -1), slice(1, None)),
    ):
        candidate = scores[origin] - price
        better = candidate > best[target]
        best[target] = np.where(better, candidate, best[target])
        moves[target] = np.where(better, np.uint8(move), moves[target])
    return best, moves


def _move_on(scores: Scores, moves: Moves, shifts: Indices) -> tuple[Scores, Moves]:
    """Shift every tempo's positions by its whole frames; what runs off the end is lost."""
    moved = np.full_like(scores, -np.inf)
    moved_by = np.zeros_like(moves)
    for shift in np.unique(shifts):
        rows = shifts == shift
        width = scores.shape[1] - shift
        if width > 0:
            moved[rows, shift:] = scores[rows, :width]
            moved_by[rows, shift:] = moves[rows, :width]
    return moved, moved_by


def _pack(moves: Moves) -> Moves:
    """Both bits of each move, eight positions to a byte, (2, tempos, bytes)."""
    return np.packbits(np.stack([moves & 1, moves >> 1]), axis=-1)


def _unpack(packed: Moves, tempo: int, position: int) -> int:
    """The move that has reached one state of a frame."""
    low, high = packed[:, tempo, position // 8] >> (7 - position % 8) & 1
    return int(low + 2 * high)


def _trace(last: _Trellis, memory: _Memory, model: PathModel) -> JumpPath:
    n_frames = len(memory.moves)
    positions = np.full(n_frames, OUTSIDE, np.int64)
    tempos = np.zeros(n_frames, np.int64)
    breaks = np.zeros(n_frames, bool)
    tempo, position = _best_end(last)
    for frame in range(n_frames - 1, -1, -1):
        positions[frame], tempos[frame] = position, tempo
        if frame == 0:
            break
        if position == OUTSIDE:
            position = int(memory.left_from[frame, tempo])
            breaks[frame] = position != OUTSIDE
            continue
        move = _unpack(memory.moves[frame], tempo, position)
        breaks[frame] = move == LANDED
        if move == LANDED:
            position = int(memory.landed_from[frame, tempo])
        else:
            position -= int(_shifts(model, frame)[tempo])
            tempo += TEMPO_STEPS[move]
    score = float(max(last.inside.max(), last.outside.max()))
    return JumpPath(positions, tempos, breaks, score)


def _best_end(last: _Trellis) -> tuple[int, int]:
    tempo, position = np.unravel_index(int(last.inside.argmax()), last.inside.shape)
    if last.outside.max() > last.inside[tempo, position]:
        return int(last.outside.argmax()), OUTSIDE
    return int(tempo), int(position)
