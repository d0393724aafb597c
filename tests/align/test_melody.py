import numpy as np

from align.alignment import Track, place_cover
from align.melody import LEAST_FRAMES, MOST_FRAMES, PAIR_RATE, as_levels, lay_on_each_other
from align.network.inputs import Levels
from align.refinement import FineRun
from tests.align.tones import make_song, perform, steady


def straight(start_s: float, end_s: float, reference_s: float) -> FineRun:
    cover_s = np.arange(start_s, end_s, 0.02)
    nothing = np.zeros(len(cover_s))
    return FineRun(cover_s, cover_s - start_s + reference_s, nothing, nothing)


def test_equal_levels_lie_on_each_other_along_a_run() -> None:
    rng = np.random.default_rng(0)
    levels = Levels(
        rng.random((2000, 216), dtype=np.float32), rng.random((2000, 48), dtype=np.float32)
    )
    later = Levels(np.roll(levels.pitch, 500, axis=0), np.roll(levels.attack, 500, axis=0))
    pairs = lay_on_each_other(levels, later, [straight(12, 28, 2)])
    assert pairs is not None
    assert pairs.shape == (16 * PAIR_RATE, 2, 2, 72)
    assert np.array_equal(pairs[5:, 0], pairs[5:, 1])
    level = levels.pitch[125:129].reshape(4, 72, 3).max(axis=2).mean(axis=0)
    row = round((127 / 50 - 2) * PAIR_RATE)
    assert np.abs(as_levels(pairs)[row, 0, 0] - level).max() < 0.35


def test_too_little_tells_nothing_and_too_much_is_thinned() -> None:
    levels = Levels(np.ones((12_000, 216), np.float32), np.ones((12_000, 48), np.float32))
    assert lay_on_each_other(levels, levels, []) is None
    assert lay_on_each_other(levels, levels, [straight(0, LEAST_FRAMES / PAIR_RATE / 2, 0)]) is None
    pairs = lay_on_each_other(levels, levels, [straight(0, 239, 0)])
    assert pairs is not None
    assert len(pairs) == MOST_FRAMES


def test_the_same_tune_is_likelier_one_melody_than_another_over_its_span() -> None:
    song, other = make_song(32, seed=3), make_song(32, seed=9)
    reference = Track.of(perform(song, steady(0.5)))
    again = place_cover(reference, Track.of(perform(song, steady(0.45))))
    stranger = place_cover(reference, Track.of(perform(other, steady(0.5))))
    assert again.traits.melody > stranger.traits.melody
