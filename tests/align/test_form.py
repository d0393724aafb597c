import numpy as np
import numpy.typing as npt
import pytest

from align.form import decode_sections
from align.likeness import letter, likeness
from tests.align.activations_of_truth import Flaws, activation_of

FRAME_RATE = 10.0
BAR_S = 2.0
Matrix = npt.NDArray[np.float64]


def music(name: str, n_bars: int) -> Matrix:
    """The bars of a part; the same name begins with the same ones, (bars, 12)."""
    return np.random.default_rng(ord(name)).normal(size=(32, 12))[:n_bars]


def song(parts: list[tuple[str, int]]) -> tuple[npt.NDArray[np.float64], Matrix, float]:
    """Where parts of bars of `BAR_S` begin, frame by frame embedding, duration."""
    bars = np.concatenate([music(*part) for part in parts])
    noise = 0.3 * np.random.default_rng(0).normal(size=(round(len(bars) * BAR_S * FRAME_RATE), 12))
    starts_s = BAR_S * np.cumsum([0, *(n_bars for _, n_bars in parts[:-1])])
    return starts_s, np.repeat(bars, round(BAR_S * FRAME_RATE), axis=0) + noise, len(bars) * BAR_S


PARTS = [("i", 4), ("v", 8), ("c", 8), ("v", 8), ("c", 6), ("b", 5), ("c", 8)]


def test_sections_begin_on_the_downbeats_nearest_to_the_boundaries() -> None:
    starts_s, embedding, duration_s = song(PARTS)
    boundary = activation_of(starts_s + 0.3, duration_s, frame_rate=FRAME_RATE)
    downbeats_s = np.arange(0, duration_s, BAR_S)
    sections = decode_sections(boundary, embedding, downbeats_s, duration_s, frame_rate=FRAME_RATE)
    assert [section.start_s for section in sections] == starts_s.tolist()
    assert [section.end_s for section in sections] == [*starts_s[1:], duration_s]
    assert [section.label for section in sections] == list("ABCBCDC")
    assert all(0.5 < section.confidence <= 1 for section in sections[1:])


def test_boundaries_hard_upon_each_other_make_one_section() -> None:
    starts_s, embedding, duration_s = song(PARTS)
    boundary = activation_of(starts_s, duration_s, frame_rate=FRAME_RATE)
    echo = 0.8 * activation_of(starts_s + BAR_S, duration_s, frame_rate=FRAME_RATE)
    sections = decode_sections(
        np.maximum(boundary, echo),
        embedding,
        np.arange(0, duration_s, BAR_S),
        duration_s,
        frame_rate=FRAME_RATE,
    )
    assert [section.start_s for section in sections] == starts_s.tolist()


@pytest.mark.parametrize("downbeats_s", [[], [0.4], [0.4, 2.4, 4.4]])
def test_where_no_bars_are_known_boundaries_are_their_own_peaks(downbeats_s: list[float]) -> None:
    starts_s, embedding, duration_s = song(PARTS)
    boundary = activation_of(starts_s, duration_s, flaws=Flaws(noise=0.0), frame_rate=FRAME_RATE)
    sections = decode_sections(
        boundary, embedding, np.array(downbeats_s), duration_s, frame_rate=FRAME_RATE
    )
    assert np.allclose([section.start_s for section in sections], starts_s, atol=0.05)


def test_a_boundary_that_says_nothing_leaves_one_section() -> None:
    _, embedding, duration_s = song(PARTS)
    sections = decode_sections(
        np.full(len(embedding), 0.02), embedding, np.zeros(0), duration_s, frame_rate=FRAME_RATE
    )
    assert [(each.start_s, each.end_s, each.label) for each in sections] == [(0, duration_s, "A")]


def test_likeness_finds_a_part_that_begins_later() -> None:
    part = music("v", 8)
    unit = part / np.linalg.norm(part, axis=1, keepdims=True)
    assert likeness(unit, unit[2:7]) == pytest.approx(1.0)
    assert likeness(unit[:6], unit[2:]) == pytest.approx(1.0)
    assert likeness(unit, unit[:3]) == -1.0
    assert likeness(unit, unit[::-1]) < 0.6


def test_letters_go_on_after_z() -> None:
    assert [letter(index) for index in (0, 25, 26, 27, 51, 52)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "AZ",
        "BA",
    ]
