import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from align.path import OUTSIDE, JumpPath, PathModel, find_path
from align.warping import warp_in_band

MODEL = PathModel(
    tempo_ratios=np.geomspace(0.45, 2.2, 24),
    tempo_change=0.4,
    jump=12.5,
    leave=7.5,
    enter=7.5,
    odd_tempo=5.0,
)


def similarity_of(positions: list[int | None], n_reference: int) -> np.ndarray:
    """0.6 on the true path, noise around -0.2 elsewhere."""
    random = np.random.default_rng(0)
    matrix = (-0.2 + 0.1 * random.standard_normal((len(positions), n_reference))).astype(np.float32)
    for frame, position in enumerate(positions):
        if position is not None:
            matrix[frame, position] = 0.6
    return matrix


def worth(path: JumpPath, similarity: np.ndarray, model: PathModel) -> float:
    """What a path sees less what it pays, frame by frame."""
    model = model.for_shape(similarity.shape)
    total = -model.odd_tempo * abs(np.log2(model.tempo_ratios[path.tempos[0]]))
    before = OUTSIDE
    for frame, (position, tempo) in enumerate(zip(path.positions, path.tempos, strict=True)):
        breaking = model.breaking[frame] if frame else 0
        ratio = model.tempo_ratios[tempo]
        if position != OUTSIDE:
            total += similarity[frame, position]
        if (before == OUTSIDE) != (position == OUTSIDE):
            total -= breaking + (model.leave if position == OUTSIDE else model.enter)
        elif path.breaks[frame]:
            total -= breaking + model.jump
        elif position != OUTSIDE:
            assert position - before == np.floor(ratio * frame) - np.floor(ratio * (frame - 1))
            total -= model.tempo_change * abs(tempo - path.tempos[frame - 1])
        if position != OUTSIDE and (frame == 0 or path.breaks[frame]):
            total -= model.landing[position]
        before = position
    return total - (model.leave if before != OUTSIDE else 0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_positions", [77, 80])
def test_every_move_is_one_that_the_score_has_paid_for(seed: int, n_positions: int) -> None:
    """Of a path through noise at low prices, which makes every kind of move."""
    random = np.random.default_rng(seed)
    matrix = random.normal(-0.5, 1.5, (150, n_positions)).astype(np.float32)
    cheap = replace(
        MODEL,
        jump=2.0,
        leave=0.2,
        enter=0.5,
        odd_tempo=1.0,
        landing=random.random(n_positions),
        breaking=random.random(150),
    )
    found = find_path(matrix, cheap)
    assert worth(found, matrix, cheap) == pytest.approx(found.score)
    assert np.any(found.breaks & (found.positions != OUTSIDE))
    assert np.any(np.diff(found.tempos) > 0)
    assert np.any(np.diff(found.tempos) < 0)


def test_moves_are_remembered_in_less_than_half_a_byte_each() -> None:
    matrix = np.zeros((1200, 200), np.float32)
    tracemalloc.start()
    find_path(matrix, MODEL)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    n_moves = matrix.size * len(MODEL.tempo_ratios)
    assert peak_bytes < n_moves / 2


def test_a_straight_path_is_followed() -> None:
    found = find_path(similarity_of(list(range(100)), 100), MODEL)
    assert np.mean(np.abs(found.positions - np.arange(100)) <= 1) > 0.95
    assert not found.breaks.any()


def test_a_repeat_is_one_jump_back() -> None:
    truth = [*range(60), *range(20, 100)]
    found = find_path(similarity_of(truth, 100), MODEL)
    assert found.breaks.sum() == 1
    assert abs(int(np.flatnonzero(found.breaks)[0]) - 60) <= 2
    assert np.mean(np.abs(found.positions - truth) <= 1) > 0.95


def test_foreign_material_is_outside() -> None:
    truth = [None] * 40 + list(range(60)) + [None] * 30
    found = find_path(similarity_of(truth, 80), MODEL)
    assert np.all(found.positions[:38] == OUTSIDE)
    assert np.all(found.positions[-28:] == OUTSIDE)
    assert np.mean(found.positions[42:98] != OUTSIDE) == 1


def test_half_tempo_is_followed() -> None:
    truth = [frame // 2 for frame in range(120)]
    found = find_path(similarity_of(truth, 80), MODEL)
    assert np.mean(np.abs(found.positions - truth) <= 2) > 0.9


def test_noise_alone_is_outside() -> None:
    found = find_path(similarity_of([None] * 50, 60), MODEL)
    assert np.all(found.positions == OUTSIDE)


def test_the_score_is_what_is_seen_less_what_is_paid() -> None:
    found = find_path(similarity_of([*range(40), *range(10, 60)], 70), MODEL)
    paid = MODEL.enter + MODEL.jump + MODEL.leave
    assert 0.6 * 90 - paid - 3 < found.score < 0.6 * 90 - paid


def test_a_tempo_that_costs_is_not_drifted_into() -> None:
    """A repeat in a dense stretch can be had by slowing down, if slowing down is free."""
    truth = [*range(60), *range(40, 80)]
    matrix = similarity_of(truth, 80)
    matrix[60:, 40:] = np.maximum(matrix[60:, 40:], 0.5)
    octaves = np.abs(np.log2(MODEL.tempo_ratios))
    keeping = find_path(matrix, replace(MODEL, jump=8.0, straying=octaves))
    drifting = find_path(matrix, replace(MODEL, jump=8.0))
    assert not drifting.breaks[55:].any()
    assert abs(int(np.flatnonzero(keeping.breaks)[-1]) - 60) <= 2


def test_warping_follows_a_valley_and_keeps_to_the_band() -> None:
    valley = np.round(20 + 8 * np.sin(np.arange(300) / 40)).astype(int)
    costs = np.ones((300, 41), np.float32)
    costs[np.arange(300), valley] = 0
    cells = warp_in_band(costs, off_step_price=0.3)
    assert np.abs(cells - valley).max() <= 1


def test_stiff_warping_ignores_a_single_bad_frame() -> None:
    costs = np.ones((100, 21), np.float32)
    costs[:, 10] = 0
    costs[50, 10], costs[50, 13] = 1, 0
    assert np.all(warp_in_band(costs, off_step_price=0.3) == 10)
