import tracemalloc

import numpy as np
import pytest

from align.matching import Match
from align.path import JumpPath
from align.refinement import FineRun
from align.relation import (
    ELSEWHERE_S,
    LARGEST_MARGIN,
    LEAST_OVERLAP,
    Traits,
    measure_traits,
)
from align.runs import Run
from align.same_recording import Lock

RATE = 6.25


def run_of(first: int, n_frames: int, tempo_ratio: float = 1.0) -> Run:
    """One whose similarity is .5, from a frame of the reference on."""
    frames = np.arange(n_frames)
    columns = first + np.round(tempo_ratio * frames)
    return Run(frames / RATE, columns / RATE, np.full(n_frames, 0.5))


def traits_of(run: Run, similarity: np.ndarray) -> Traits:
    n_cover = len(similarity)
    path = JumpPath(np.zeros(n_cover, int), np.zeros(n_cover, int), np.zeros(n_cover, bool), 1.0)
    fine = FineRun(run.cover_s, run.reference_s, np.full(n_cover, 0.2), np.ones(n_cover))
    match = Match(path, 0, 0.0, similarity, RATE)
    return measure_traits(match, [run], [fine], [Lock(fine, 0.0, holds=False)], melody=0.0)


def margin_by_definition(run: Run, similarity: np.ndarray) -> float:
    n_reference = similarity.shape[1]
    cells = list(enumerate(np.round(run.reference_s * RATE).astype(int)))
    rivals = []
    for move in range(-n_reference, n_reference + 1):
        there = [
            similarity[row, column + move]
            for row, column in cells
            if 0 <= column + move < n_reference
        ]
        if abs(move) > ELSEWHERE_S * RATE and len(there) > LEAST_OVERLAP * len(cells):
            rivals.append(np.mean(there))
    return 0.5 - max(rivals)


@pytest.mark.parametrize(
    ("first", "n_frames", "tempo_ratio"),
    [(30, 40, 1.0), (0, 60, 1.4), (60, 40, 1.0), (-9, 40, 1.0), (75, 40, 1.0), (10, 40, 0.5)],
    ids=["inside", "faster", "to the end", "before the start", "beyond the end", "slower"],
)
def test_the_margin_is_to_the_likeliest_other_place(
    first: int, n_frames: int, tempo_ratio: float
) -> None:
    similarity = np.random.default_rng(first + 9).uniform(0, 0.5, (n_frames, 100))
    run = run_of(first, n_frames, tempo_ratio)
    found = traits_of(run, similarity.astype(np.float32)).margin_least
    assert found == pytest.approx(margin_by_definition(run, similarity), abs=1e-6)


def test_a_second_place_as_likely_leaves_no_margin() -> None:
    frames = np.arange(60)
    similarity = np.zeros((60, 200), np.float32)
    similarity[frames, frames + 20] = similarity[frames, frames + 120] = 0.5
    assert traits_of(run_of(20, 60), similarity).margin == pytest.approx(0)


def test_a_run_from_before_the_start_is_moved_by_the_whole_reference_at_most() -> None:
    """There the last 100 frames are as likely; one frame later would be likelier."""
    frames = np.arange(40)
    similarity = np.zeros((40, 100), np.float32)
    similarity[frames[:30], frames[:30] + 70] = 0.4
    similarity[frames[:29], frames[:29] + 71] = 0.5
    assert traits_of(run_of(-30, 40), similarity).margin_least == pytest.approx(0.1)


def test_without_another_place_the_margin_is_the_largest() -> None:
    similarity = np.zeros((40, 40), np.float32)
    assert traits_of(run_of(0, 40), similarity).margin == LARGEST_MARGIN


def test_the_margin_takes_far_less_memory_than_the_similarity() -> None:
    similarity = np.zeros((1000, 1000), np.float32)
    tracemalloc.start()
    traits_of(run_of(0, 1000), similarity)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < similarity.nbytes / 4
