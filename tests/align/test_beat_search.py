from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pytest

from align.beat_model import BeatModel, Indices, Vector, beat_model
from align.beat_search import search
from align.beat_search_madmom import search_by_madmom

SEARCHES = [search, *([search_by_madmom] if find_spec("madmom") else [])]
Search = Callable[[Vector, BeatModel], Indices]
REST = (0, 0)


def small_model() -> BeatModel:
    intervals = np.arange(3, 7)
    changes = -2.0 * np.abs(intervals - intervals[:, None]) / intervals[:, None]
    return BeatModel(intervals, changes, rest_price=1.3)


def step_worth(before: tuple[int, int], after: tuple[int, int], model: BeatModel) -> float:
    """Of going from one (length of beat, frame in the beat) to the next frame's."""
    (length, place), (next_length, next_place) = before, after
    if next_place > 0:
        return 0.0 if (length, place + 1) == after else -np.inf
    if before == after == REST:
        return 0.0
    if before != REST and place + 1 < length:
        return -np.inf
    if REST in (before, after):
        return -model.rest_price
    shortest = int(model.intervals[0])
    return float(model.changes[length - shortest, next_length - shortest])


def best_beats(worth: Vector, model: BeatModel) -> list[int]:
    """The best path found frame by frame through every state."""
    states = [REST, *((int(n), place) for n in model.intervals for place in range(n))]
    begins = np.array([state != REST and state[1] == 0 for state in states])
    steps = np.array([[step_worth(before, after, model) for after in states] for before in states])
    total, origins = worth[0] * begins, []
    for earned in worth[1:]:
        arriving = total[:, None] + steps
        origins.append(arriving.argmax(axis=0))
        total = arriving.max(axis=0) + earned * begins
    path = [int(total.argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return np.flatnonzero(begins[path[::-1]]).tolist()


@pytest.mark.parametrize("find", SEARCHES)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("n_frames", [1, 2, 5, 60])
def test_the_best_path_is_found(find: Search, seed: int, n_frames: int) -> None:
    worth = np.random.default_rng(seed).normal(-0.3, 1.5, n_frames)
    assert find(worth, small_model()).tolist() == best_beats(worth, small_model())


@pytest.mark.parametrize("find", SEARCHES)
def test_beats_at_both_ends_are_found(find: Search) -> None:
    worth = np.full(201, -2.0)
    worth[::20] = 3.0
    assert find(worth, beat_model(50.0)).tolist() == list(range(0, 201, 20))


def test_the_same_tempo_costs_nothing_and_others_more_the_farther_they_are() -> None:
    model = beat_model(50.0)
    assert (np.diag(model.changes) == 0).all()
    prices = -model.changes[10, 10:]
    assert (np.diff(prices) > 0).all()
