"""What is said before the figures."""

from __future__ import annotations

from align.evaluation.report.findings import (
    describe_contents,
    describe_ground,
    everything_failed,
    failure_sentences,
    rejection_sentences,
    small_set_sentence,
)
from align.evaluation.report.tables import method_table
from catalog.measures import MEASURES
from tests.metrics_documents import failed_row, metrics_document


def test_the_first_failures_of_every_task_are_named_and_the_others_counted() -> None:
    document = metrics_document("air", "dtw", [0.5])
    document["covers"] += [failed_row(each, "no sound") for each in (1, 2, 3)]
    document["screening"] = [{"song": "s", "file": "x.wav", "error": "cut short"}]
    assert failure_sentences([document]) == [
        "dtw: 4 of 5 recordings failed: cover-1.wav: no sound; cover-2.wav: no sound; "
        "cover-3.wav: no sound; and 1 more"
    ]
    assert not everything_failed([document])
    assert everything_failed([document | {"covers": document["covers"][1:]}])


def test_rejected_covers_are_counted() -> None:
    document = metrics_document("air", "tracker", [0.5, 0.0])
    document["covers"][1]["unmapped"] = 1.0
    verdict = {"song": "song-1", "file": "cover-1.wav", "relation": {"estimate": "unrelated"}}
    document["screening"] = [verdict]
    (told,) = rejection_sentences([document])
    assert told.startswith("tracker: 1 of 2 covers taken for another song")


def test_only_own_data_sets_have_the_words_of_this_program() -> None:
    assert "two classical singers" in describe_ground("edited-real", None, "")
    assert "licence: CC0" in describe_ground("mine", "CC0", "6 recordings")


def test_what_there_is_to_do_is_told() -> None:
    rows = [{"song": f"s{each}", "file": f"{each}.wav"} for each in range(6)]
    assert describe_contents({"screening": rows}) == "6 recordings to judge of 6 songs"
    assert small_set_sentence(5) is None and small_set_sentence(4) is not None


def test_the_best_is_bold_and_a_sure_difference_has_an_asterisk() -> None:
    documents = [metrics_document("air", "a", [0.9] * 3), metrics_document("air", "b", [0.5] * 3)]
    measures = [MEASURES["within_50"]]
    table = method_table(documents, measures, {"b": {"within_50": (-0.5, -0.3)}}, "covers")
    assert table is not None
    assert [row.cells[0].best for row in table.rows] == [True, False]
    assert [row.cells[0].differs for row in table.rows] == [None, True]
