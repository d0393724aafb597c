import numpy as np
import pytest

from align.anchors import Anchors
from align.runs import Run, attach_anchors


def straight(start_s: float, end_s: float, *, off_s: float = 0.0) -> Run:
    """A run at the tempo of the reference, `off_s` ahead of it."""
    cover_s = np.arange(start_s, end_s, 0.2)
    return Run(cover_s, cover_s + off_s, np.zeros(len(cover_s)))


def taken(runs: tuple[Run, ...]) -> list[list[float]]:
    """The cover times of the anchors of each run."""
    return [run.anchors.cover_s.tolist() for run in runs]


def attach(runs: list[Run], *pairs: tuple[float, float]) -> tuple[Run, ...]:
    """Runs with anchors at pairs of reference and cover time."""
    fixed = Anchors.of([each[0] for each in pairs], [each[1] for each in pairs])
    return attach_anchors(runs, fixed, frame_rate=5.0)


def test_a_run_takes_the_anchors_that_it_passes_and_is_moved_onto_them() -> None:
    (run,) = attach([straight(0, 20)], (5.2, 5.0), (10.1, 10.0))
    assert taken((run,)) == [[5.0, 10.0]]
    at = np.array([2.0, 5.0, 7.5, 10.0, 15.0])
    assert run.reference_at(at) == pytest.approx([2.2, 5.2, 7.65, 10.1, 15.1])


def test_of_two_runs_at_an_anchor_the_nearer_takes_it() -> None:
    runs = [straight(0, 10), straight(10, 20, off_s=1.0)]
    assert taken(attach(runs, (11.0, 9.95))) == [[], [9.95]]
    assert taken(attach(runs, (9.9, 9.95))) == [[9.95], []]


def test_an_anchor_far_from_every_run_has_one_of_its_own() -> None:
    runs = attach([straight(0, 20)], (60.0, 10.0))
    assert taken(runs) == [[], [10.0]]
    assert runs[1].reference_at(np.array([9.6, 10.0, 10.4])) == pytest.approx([59.6, 60, 60.4])


def test_a_run_never_takes_an_anchor_that_falls_back_nor_one_after_another_run() -> None:
    assert taken(attach([straight(0, 20)], (5.0, 5.0), (4.5, 6.0), (8.0, 8.0))) == [
        [5.0], [6.0], [8.0],
    ]  # fmt: skip


def test_runs_with_anchors_come_in_the_order_of_these() -> None:
    runs = attach([straight(0, 4), straight(5, 20)], (5.0, 5.0), (60.0, 5.3))
    assert taken(runs) == [[], [5.0], [5.3]]
