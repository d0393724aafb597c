from weakref import ref

import numpy as np
import pytest

from align.likeness import Boundaries
from align.matching import (
    HIGHEST_TRANSPOSITION,
    LOWEST_TRANSPOSITION,
    MatchingConfig,
    match_recordings,
)

N_COVER, N_REFERENCE = 90, 100
LATE = 6


class Counting:
    """A likeness that is clearest in one key, and counts who holds its matrices."""

    coarse_rate = 6.25

    def __init__(self, key: int) -> None:
        self._key = key
        self._given: list[ref[np.ndarray]] = []
        self.most_held = 0

    def held(self) -> int:
        return sum(each() is not None for each in self._given)

    def log_odds(self, semitones: int) -> np.ndarray:
        self.most_held = max(self.most_held, self.held())
        odds = np.full((N_COVER, N_REFERENCE), -4, np.float32)
        frames = np.arange(N_COVER)
        odds[frames, frames + LATE] = 6 - 0.5 * abs(semitones - self._key)
        self._given.append(ref(odds))
        return odds

    def boundaries(self) -> Boundaries:
        return Boundaries(np.zeros(N_REFERENCE, np.float32), np.zeros(N_COVER, np.float32))


@pytest.mark.parametrize("key", [LOWEST_TRANSPOSITION, 0, HIGHEST_TRANSPOSITION])
def test_the_clearest_key_is_found_whichever_comes_first(key: int) -> None:
    found = match_recordings(Counting(key), config=MatchingConfig(weight=1.0))
    assert found.transposition_semitones == key
    assert np.array_equal(found.path.positions, np.arange(N_COVER) + LATE)


@pytest.mark.parametrize("keys_tried", [1, 3])
def test_no_more_matrices_are_held_than_keys_are_tried(keys_tried: int) -> None:
    likeness = Counting(key=-6)
    match_recordings(likeness, config=MatchingConfig(keys_tried=keys_tried))
    assert likeness.most_held == keys_tried


def test_the_path_is_searched_when_the_other_matrices_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    likeness, held = Counting(key=2), []
    model = likeness.boundaries()
    monkeypatch.setattr(likeness, "boundaries", lambda: held.append(likeness.held()) or model)
    match_recordings(likeness)
    assert held == [0]
