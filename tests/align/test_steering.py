import numpy as np
import pytest

from align.anchors import NO_ANCHORS, Anchors
from align.path import PathModel, find_path
from align.steering import COARSE_TOLERANCE_S, find_path_through, lead_through, wall_in
from align.warping import warp_in_band
from tests.align.test_path import similarity_of

RATE = 5.0
MODEL = PathModel(
    tempo_ratios=np.geomspace(0.45, 2.2, 24),
    tempo_change=0.4,
    jump=12.5,
    leave=7.5,
    enter=7.5,
    odd_tempo=5.0,
)


def test_without_anchors_the_path_is_the_best_one() -> None:
    matrix = similarity_of([*range(40), *range(10, 60)], 70)
    found, best = find_path_through(matrix, MODEL, NO_ANCHORS, RATE), find_path(matrix, MODEL)
    assert np.array_equal(found.positions, best.positions)
    assert np.array_equal(found.breaks, best.breaks)
    assert found.score == best.score


def test_an_anchor_on_the_best_path_changes_neither_it_nor_its_score() -> None:
    matrix = similarity_of(list(range(100)), 100)
    fixed = Anchors.of([8.0], [8.0])
    found, best = find_path_through(matrix, MODEL, fixed, RATE), find_path(matrix, MODEL)
    assert np.array_equal(found.positions, best.positions)
    assert found.score == pytest.approx(best.score, abs=0.01)


def test_the_path_passes_every_anchor_against_all_evidence() -> None:
    matrix = similarity_of([*range(60), *([None] * 60)], 100)
    fixed = Anchors.of([15.0, 2.0, 18.0], [4.0, 8.0, 20.0])
    found = find_path_through(matrix, MODEL, fixed, RATE)
    at = found.positions[np.round(fixed.cover_s * RATE).astype(int)]
    assert np.abs(at / RATE - fixed.reference_s).max() <= COARSE_TOLERANCE_S


def test_a_lone_anchor_does_not_draw_a_splice_towards_itself() -> None:
    truth = [*range(60), *range(20, 80)]
    fixed = Anchors.of([5.0], [12.2])
    found = find_path_through(similarity_of(truth, 100), MODEL, fixed, RATE)
    assert np.abs(found.positions - truth).max() <= 60
    assert abs(int(np.flatnonzero(found.breaks)[0]) - 60) <= 2


def test_between_anchors_of_one_segment_the_path_is_whole() -> None:
    truth = [*range(60), *([None] * 60), *range(120, 160), *range(180, 240)]
    matrix = similarity_of(truth, 240)
    pairs = [4.0, 44.0], [4.0, 40.0]
    free = find_path_through(matrix, MODEL, Anchors.of(*pairs), RATE)
    found = find_path_through(matrix, MODEL, Anchors.of(*pairs, segment=[2, 2]), RATE)
    assert free.breaks[21:201].any()
    assert not found.breaks[21:201].any()
    assert np.all(np.diff(found.positions[20:201]) >= 0)
    assert found.positions[[20, 200]] == pytest.approx([20, 220], abs=1)
    assert np.array_equal(found.positions[:20], free.positions[:20])


def test_the_path_is_broken_between_anchors_that_fall_back_a_little() -> None:
    fixed = Anchors.of([10.0, 9.9], [10.0, 10.4])
    found = find_path_through(similarity_of(list(range(100)), 100), MODEL, fixed, RATE)
    assert np.flatnonzero(found.breaks).tolist() == [51]


def test_a_curve_is_led_through_anchors_and_left_alone_far_from_them() -> None:
    frames = np.arange(100, 600)
    curve = 1.1 * frames
    fixed = Anchors.of([5.1, 9.0], [4.613, 8.4])
    led = lead_through(curve, frames, fixed, 50.0)
    at_anchors = np.interp(fixed.cover_s * 50, frames, led)
    assert at_anchors == pytest.approx(fixed.reference_s * 50, abs=0.05)
    assert np.array_equal(led[372:], curve[372:])


def test_walls_hold_the_path_at_an_anchor_and_near_it() -> None:
    costs = np.ones((400, 81), np.float32)
    costs[:, 70] = 0
    frames = np.arange(400)
    walled = wall_in(costs, frames, Anchors.of([4.0], [4.0]), 50.0)
    cells = warp_in_band(walled, off_step_price=0.3)
    assert warp_in_band(costs, off_step_price=0.3)[200] == 70
    assert cells[200] == 40
    assert np.abs(cells[170:230] - 40).max() <= 10
    assert costs[200, 0] == 1
