import numpy as np
import pytest

from align.alignment import Track
from align.analysis import hear_beats
from align.bars import measure_bars, novelty
from align.network.section import N_TRAITS
from align.sections import divide
from tests.align.tones import make_song, perform, steady


def test_every_bar_has_the_traits_that_the_network_expects() -> None:
    track = Track.of(perform(make_song(24, seed=5), steady(0.4)))
    downbeats_s = hear_beats(track.features, track.heard).downbeats_s
    bars = measure_bars(downbeats_s, track.features, track.descriptors, track.heard)
    assert bars.traits.shape == (len(bars.edges_s) - 1, N_TRAITS)
    assert np.isfinite(bars.traits).all()
    assert (np.diff(bars.edges_s) > 0).all()
    assert (bars.edges_s[0], bars.edges_s[-1]) == (0, track.features.duration_s)


def test_two_bars_already_have_traits() -> None:
    track = Track.of(perform(make_song(4, seed=5), steady(0.4)))
    bars = measure_bars(np.array([0.8]), track.features, track.descriptors, track.heard)
    assert bars.traits.shape == (2, N_TRAITS)
    assert np.isfinite(bars.traits).all()


def test_novelty_is_highest_where_one_block_ends() -> None:
    block = np.ones((8, 8))
    similarity = np.block([[block, -block], [-block, block]])
    found = novelty(similarity, 4)
    assert found.shape == (16,)
    assert found.argmax() == 8


def lengths(**bars: float) -> np.ndarray:
    """Log probabilities of parts of some lengths; all others hardly happen."""
    table = np.full(33, np.log(1e-3))
    for name, share in bars.items():
        table[int(name.removeprefix("of_"))] = np.log(share)
    return table


def test_parts_begin_where_the_network_says_so() -> None:
    log_odds = np.full(24, -6.0)
    log_odds[[0, 8, 16]] = 6.0
    assert divide(log_odds, lengths(of_8=0.9)).tolist() == [0, 8, 16]


def test_usual_lengths_decide_between_bars_of_equal_standing() -> None:
    log_odds = np.full(24, -6.0)
    log_odds[[7, 8, 16]] = 3.0
    assert divide(log_odds, lengths(of_8=0.9)).tolist() == [0, 8, 16]


def test_a_long_part_is_no_worse_than_the_longest_known() -> None:
    assert divide(np.full(60, -9.0), lengths(of_8=0.9)).tolist() == [0]


@pytest.mark.parametrize("n_bars", [1, 2, 9])
def test_the_first_part_begins_with_the_first_bar(n_bars: int) -> None:
    starts = divide(np.random.default_rng(0).normal(size=n_bars), lengths(of_4=0.9))
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
