"""Two measurements side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from align.evaluation.comparing import COMPARED
from align.evaluation.report.comparison import (
    compare_documents,
    compare_files,
    comparison_document,
    cover_columns,
    difference_cells,
    pooled_cells,
)
from catalog.errors import InputError
from catalog.measures import MEASURES
from tests.metrics_documents import metrics_document

NAMES = ("before", "after")


def test_losses_come_first_and_are_counted() -> None:
    before = metrics_document("air", "dtw", [0.5, 0.5, 0.5, 0.5])
    after = metrics_document("air", "tracker", [0.9, 0.2, 0.502, 0.6])
    comparison = compare_documents(before, after, names=NAMES)
    assert [each.file for each in comparison.covers] == [
        "cover-1.wav", "cover-2.wav", "cover-3.wav", "cover-0.wav",
    ]  # fmt: skip
    assert (comparison.wins, comparison.losses) == (2, 1)
    assert "Of 4 covers after is better on 2, worse on 1 and alike on 1" in comparison.verdict()


def test_only_shared_covers_are_compared() -> None:
    before = metrics_document("air", "dtw", [0.5, 0.5, 0.5])
    after = metrics_document("air", "tracker", [0.5, 0.5, 0.5])
    after["covers"].pop(1)
    comparison = compare_documents(before, after, names=NAMES)
    assert [each.file for each in comparison.covers] == ["cover-0.wav", "cover-2.wav"]
    assert all(each.n == 2 for each in comparison.measures)


def test_a_sure_difference_has_an_interval_without_0() -> None:
    before = metrics_document("air", "dtw", [0.5, 0.4, 0.5, 0.6, 0.5, 0.4])
    after = metrics_document("air", "tracker", [0.9, 0.8, 0.9, 0.9, 0.9, 0.8])
    comparison = compare_documents(before, after, names=NAMES)
    within = next(each for each in comparison.measures if each.metric == "within_50")
    assert within.interval is not None and within.interval[0] > 0
    assert difference_cells(within)[:4] == ["≤ 50 ms [%]", "48.3", "86.7", "38.3"]


def test_columns_are_headed_by_the_methods_and_have_one_unit() -> None:
    before, after = (metrics_document("air", each, [0.5]) for each in ("dtw", "tracker"))
    after["covers"][0]["median_ms"] = 10_000.0
    for document, median_ms in ((before, 20.0), (after, 1700.0)):
        document["summary"]["pooled_median_ms"] = median_ms
    comparison = compare_documents(before, after, names=("dtw", "tracker"))
    assert cover_columns(comparison)[2:4] == ["dtw median, ms", "tracker median, ms"]
    assert comparison.covers[0].cells()[2:4] == ["35.0", "10000.0"]
    assert pooled_cells(comparison.pooled[0]) == [
        "median, all marks [ms]", "20.0", "1700.0", "1680.0", "–",
    ]  # fmt: skip


def test_everything_that_is_compared_has_a_name() -> None:
    assert {name for _, name in COMPARED} <= set(MEASURES)


def test_documents_are_read_from_files_and_folders(tmp_path: Path) -> None:
    for name, share in (("a", 0.4), ("b", 0.6)):
        (tmp_path / name).mkdir()
        document = metrics_document("air", "tracker", [share, share])
        (tmp_path / name / "metrics.json").write_text(json.dumps(document))
    comparison = compare_files(tmp_path / "a", tmp_path / "b" / "metrics.json")
    assert comparison.first == str(tmp_path / "a")
    document = comparison_document(comparison)
    assert document["schema"] == "covers.comparison/1" and document["wins"] == 2
    json.dumps(document, allow_nan=False)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "covers.alignment/1"}'])
def test_what_is_no_metrics_document_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "metrics.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"give a metrics\.json of `covers evaluate`"):
        compare_files(path, path)


def test_runs_on_other_recordings_cannot_be_compared() -> None:
    before = metrics_document("air", "dtw", [0.5])
    after = metrics_document("real", "dtw", [0.5])
    after["covers"][0]["file"] = "another.wav"
    with pytest.raises(InputError, match="compare runs on one data set"):
        compare_documents(before, after, names=NAMES)


def test_a_document_of_another_age_is_refused_in_one_sentence() -> None:
    before, after = (metrics_document("air", "dtw", [0.5]) for _ in range(2))
    del after["covers"][0]["median_ms"]
    with pytest.raises(InputError, match="measure both anew"):
        compare_documents(before, after, names=NAMES)
