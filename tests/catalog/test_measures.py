import pytest

from catalog.measures import MEASURES, best_of, interval_of, rejected_covers


@pytest.mark.parametrize(
    ("key", "figure", "shown"),
    [
        ("median_ms", 20.04, "20.0 ms"),
        ("p90_ms", 9900.0, "9.9 s"),
        ("within_50", 0.8602, "86.0 %"),
        ("confidence_auroc", 0.9, "0.900"),
        ("peak_mib", 812.4, "812 MiB"),
        ("eer", None, "–"),
        ("eer", 0.0, "0.0 %"),
    ],
)
def test_a_figure_is_shown_with_its_unit(key: str, figure: float | None, shown: str):
    assert MEASURES[key].show(figure) == shown


@pytest.mark.parametrize(
    ("key", "interval", "shown"),
    [
        ("within_50", (0.81, 0.9), "81.0 – 90.0"),
        ("median_ms", (12.0, 20.0), "12.0 – 20.0"),
        ("median_ms", (400.0, 9000.0), "0.4 – 9.0 s"),
        ("median_ms", (-9000.0, 400.0), "-9.0 to 0.4 s"),
        ("peak_mib", (100.0, 200.4), "100 – 200"),
        ("eer", None, ""),
    ],
)
def test_an_interval_is_shown_shortly(key: str, interval: tuple | None, shown: str):
    assert MEASURES[key].show_range(interval) == shown


def test_the_best_needs_something_to_be_better_than():
    rows = [{"median_ms": 20.0, "eer": 0.1}, {"median_ms": 10.0, "eer": None}]
    assert best_of(MEASURES["median_ms"], rows, 3) == 10.0
    assert best_of(MEASURES["median_ms"], rows, 2) is None
    assert best_of(MEASURES["eer"], rows, 3) is None
    assert best_of(MEASURES["splice_f"], [{"splice_f": 0.0}, {"splice_f": 0.0}], 3) is None


def test_a_plain_figure_keeps_its_unit_however_large_it_is():
    assert MEASURES["median_ms"].show_plain(10_000.0) == "10000.0"
    assert MEASURES["within_50"].show_plain(0.5) == "50.0"


def test_a_cover_is_rejected_by_the_verdict_and_not_by_an_empty_map_alone():
    covers = [{"song": "s", "file": each, "unmapped": 1.0} for each in ("a", "b")]
    screening = [
        {"song": "s", "file": file, "relation": {"estimate": relation}}
        for file, relation in (("a", "unrelated"), ("b", "performance"))
    ]
    assert rejected_covers({"covers": covers, "screening": screening}) == {("s", "a")}


def test_an_interval_that_is_missing_is_none():
    assert interval_of({"intervals": {"eer": [0.1, 0.2]}}, "eer") == (0.1, 0.2)
    assert interval_of({"intervals": {"eer": None}}, "eer") is None
    assert interval_of({}, "eer") is None
