import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from align.evaluation.metrics.bootstrap import draw_weights, interval, weighted_mean


def spread(values, songs) -> tuple[float, float]:
    found = interval(
        lambda weights: weighted_mean(np.asarray(values, dtype=float), weights),
        draw_weights(songs, 400),
    )
    assert found is not None
    return found


@given(st.lists(st.floats(0, 1), min_size=4, max_size=30))
@settings(max_examples=30)
def test_the_interval_contains_the_mean(values: list[float]) -> None:
    low, high = spread(values, [f"song {at // 2}" for at in range(len(values))])
    assert low - 1e-9 <= np.mean(values) <= high + 1e-9


def test_it_shrinks_with_more_songs() -> None:
    values = np.random.default_rng(2).random(400)
    widths = [np.ptp(spread(values[:n], [str(at) for at in range(n)])) for n in (10, 100, 400)]
    assert widths[0] > 2 * widths[1] > 3 * widths[2]


def test_covers_of_one_song_that_fail_together_widen_it() -> None:
    values = np.repeat([0.0, 1.0] * 4, 10)
    together = spread(values, np.repeat(list("abcdefgh"), 10))
    apart = spread(values, [str(at) for at in range(80)])
    assert np.ptp(together) > 2 * np.ptp(apart)


def test_every_draw_is_of_as_many_songs() -> None:
    weights = draw_weights(["a", "a", "b", "b"], 50)
    assert np.all(weights.sum(axis=1) == 4)


def test_unknown_values_are_left_out() -> None:
    assert weighted_mean(np.array([np.nan, 1.0, 3.0])) == 2
    assert weighted_mean(np.array([np.nan])) is None
