from pathlib import Path

import pytest
from sqlalchemy import inspect

from catalog import database
from catalog.errors import InputError, NotFoundError
from catalog.evaluations import get_run, keep_run, latest_runs, list_runs
from tests.metrics_documents import metrics_document


def test_a_kept_run_comes_back_whole(any_library: Path):
    document = metrics_document("air", "tracker", [0.9, 0.8])
    with database.session() as session:
        run_id = keep_run(session, document).id
    with database.reading() as session:
        run = get_run(session, run_id)
    assert run.document == document
    assert (run.dataset, run.method, run.n_covers) == ("air", "tracker", 2)
    assert run.summary["within_50"] == pytest.approx(0.85)
    assert run.created_at.tzinfo is not None


def test_lists_leave_the_documents_where_they_are(any_library: Path):
    with database.session() as session:
        keep_run(session, metrics_document("air", "tracker", [0.9]))
    with database.reading() as session:
        run = list_runs(session).runs[0]
    assert "document" in inspect(run).unloaded


def test_runs_come_page_by_page_and_by_data_set(any_library: Path):
    with database.session() as session:
        for dataset in ("air", "real", "air"):
            keep_run(session, metrics_document(dataset, "tracker", [0.9]))
    with database.reading() as session:
        first = list_runs(session, limit=2)
        second = list_runs(session, after=first.next_after, limit=2)
        of_air = list_runs(session, dataset="air")
    assert [each.dataset for each in (*first.runs, *second.runs)] == ["air", "real", "air"]
    assert second.next_after is None
    assert len(of_air.runs) == 2


def test_of_runs_of_one_method_the_newest_stands_for_all(any_library: Path):
    with database.session() as session:
        keep_run(session, metrics_document("air", "tracker", [0.5]))
        newer = keep_run(session, metrics_document("air", "tracker", [0.9])).id
        other = keep_run(session, metrics_document("air", "dtw", [0.4])).id
    with database.reading() as session:
        assert {each.id for each in latest_runs(session)} == {newer, other}


def test_what_is_no_metrics_document_is_refused(library: Path):
    with database.session() as session, pytest.raises(InputError, match=r"covers\.metrics/1"):
        keep_run(session, {"schema": "covers.alignment/1"})


def test_a_run_that_is_not_there_is_said_to_be_missing(any_library: Path):
    with database.reading() as session, pytest.raises(NotFoundError, match="evaluation run 7"):
        get_run(session, 7)
