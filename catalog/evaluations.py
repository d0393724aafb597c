"""Kept runs of `covers evaluate`: the queries that the command and the research page share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from catalog import __version__
from catalog.errors import InputError, NotFoundError
from catalog.models import EvaluationRun

SCHEMA = "covers.metrics/1"


@dataclass(frozen=True)
class RunPage:
    """Some runs, and the id to go on after (`None` at the end)."""

    runs: Sequence[EvaluationRun]
    next_after: int | None


def keep_run(session: Session, document: Mapping[str, Any]) -> EvaluationRun:
    """Store one method's metrics on one data set.

    Raises:
        InputError: when the document is not a `covers.metrics/1` document.
    """
    if document.get("schema") != SCHEMA:
        raise InputError(
            f"schema {document.get('schema')!r} cannot be kept: give a {SCHEMA} document"
        )
    run = EvaluationRun(
        dataset=document["dataset"],
        method=document["method"],
        model=document["model"],
        command=document["command"],
        version=__version__,
        n_covers=len(document["covers"]),
        summary=document["summary"],
        document=dict(document),
    )
    session.add(run)
    session.flush()
    return run


def list_runs(
    session: Session, *, dataset: str | None = None, after: int = 0, limit: int = 200
) -> RunPage:
    """Runs in the order in which they were kept, without their documents."""
    query = select(EvaluationRun).where(EvaluationRun.id > after)
    if dataset is not None:
        query = query.where(EvaluationRun.dataset == dataset)
    found = session.scalars(query.order_by(EvaluationRun.id).limit(limit + 1)).all()
    page = found[:limit]
    return RunPage(page, page[-1].id if len(found) > limit else None)


def latest_runs(session: Session, limit: int = 500) -> Sequence[EvaluationRun]:
    """The newest run of each method and model on each data set, without documents."""
    newest = session.scalars(
        select(EvaluationRun).order_by(EvaluationRun.id.desc()).limit(limit)
    ).all()
    seen: dict[tuple[str, str, str | None], EvaluationRun] = {}
    for run in newest:
        seen.setdefault((run.dataset, run.method, run.model), run)
    return list(seen.values())


def get_run(session: Session, run_id: int) -> EvaluationRun:
    """One run with its document.

    Raises:
        NotFoundError: when there is none of that id.
    """
    run = session.scalar(
        select(EvaluationRun)
        .where(EvaluationRun.id == run_id)
        .options(undefer(EvaluationRun.document))
    )
    if run is None:
        raise NotFoundError(f"there is no evaluation run {run_id}: /research lists them")
    return run
