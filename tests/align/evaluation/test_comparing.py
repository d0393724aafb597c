import numpy as np
import pytest

from align.evaluation.comparing import compare_evaluations
from align.evaluation.summary.columns import COVER_MEANS


def document(within_50: list[float], songs: int = 5) -> dict:
    unknown = dict.fromkeys(COVER_MEANS)
    rows = [
        {**unknown, "song": f"song{at % songs}", "file": f"{at}.wav", "within_50": value}
        for at, value in enumerate(within_50)
    ]
    return {"covers": rows, "beats": [], "sections": []}


HARD = np.linspace(0.1, 0.9, 20)


def test_a_small_but_steady_gain_excludes_no_change() -> None:
    random = np.random.default_rng(1)
    better = HARD + 0.02 + random.normal(0, 0.005, 20)
    change = compare_evaluations(document(list(HARD)), document(list(better)))["within_50"]
    assert change.difference == pytest.approx(0.02, abs=0.005)
    assert change.interval is not None
    assert change.interval[0] > 0
    assert change.rises > 18


def test_luck_does_not() -> None:
    other = HARD + np.random.default_rng(2).normal(0, 0.1, 20)
    change = compare_evaluations(document(list(HARD)), document(list(other)))["within_50"]
    assert change.interval is not None
    assert change.interval[0] < 0 < change.interval[1]


def test_only_shared_covers_with_a_value_count() -> None:
    first, second = document([0.5, 0.5, 0.5]), document([0.7, 0.7, 0.1, 0.0])
    first["covers"][2]["within_50"] = None
    changes = compare_evaluations(first, second)
    assert changes["within_50"].n == 2
    assert set(changes) == {"within_50"}
