import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.knots import build_time_map
from align.refinement import FineRun, strictly_increasing
from align.runs import Run
from catalog.time_map import TimeMap


@st.composite
def placed_runs(draw: st.DrawFn) -> tuple[list[Run], list[FineRun]]:
    """Runs in cover order, each anywhere in the reference at any tempo, with any costs."""
    runs, fine_runs, start_s = [], [], 0.0
    for _ in range(draw(st.integers(0, 4))):
        start_s += draw(st.floats(0, 3))
        n_frames = draw(st.integers(160, 400))
        cover_s = start_s + np.arange(n_frames) / 50
        steps = draw(st.lists(st.floats(-0.01, 0.08), min_size=8, max_size=8))
        rises = np.resize(np.array(steps), n_frames)
        reference_s = strictly_increasing(draw(st.floats(0, 90)) + np.cumsum(rises))
        costs = np.resize(draw(st.lists(st.floats(0, 1), min_size=5, max_size=5)), n_frames)
        inner = slice(40, n_frames - 40)
        runs.append(Run(cover_s[inner], reference_s[inner], np.zeros(n_frames - 80)))
        fine_runs.append(FineRun(cover_s, reference_s, costs, np.full(n_frames, 0.5)))
        start_s = float(cover_s[inner][-1])
    return runs, fine_runs


def linear_fine_run(run: Run) -> FineRun:
    """The fine run that follows a coarse one exactly, as like its surroundings as itself."""
    cover_s = np.arange(max(0.0, run.start_s - 1), run.end_s + 1, 0.02)
    reference_s = strictly_increasing(run.reference_at(cover_s))
    return FineRun(cover_s, reference_s, np.full(len(cover_s), 0.5), np.full(len(cover_s), 0.5))


def test_a_fine_run_may_end_long_before_its_coarse_one() -> None:
    cover_s = np.arange(0, 40, 0.16)
    run = Run(cover_s, cover_s + 5.0, np.zeros(len(cover_s)))
    fine_s = np.arange(4, 30, 0.02)
    fine = FineRun(fine_s, fine_s + 5.0, np.zeros(len(fine_s)), np.full(len(fine_s), 0.5))
    (segment,) = build_time_map([run], [fine], np.arange(0.0, 60.0)).segments
    assert segment.start_s == pytest.approx(4, abs=0.02)
    assert segment.end_s == pytest.approx(30, abs=0.05)


@given(placed_runs(), st.lists(st.floats(0, 130), max_size=60))
def test_every_map_keeps_the_contract_also_after_rounding(
    placed: tuple[list[Run], list[FineRun]], beats: list[float]
) -> None:
    beats_s = np.unique(np.array(beats, dtype=float))
    built = build_time_map(*placed, beats_s)
    assert TimeMap.from_json(built.to_json()).segments is not None
