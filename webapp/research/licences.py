"""What runs say of the licence of their data, without loading whole documents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import EvaluationRun


def licences_of(session: Session, runs: Sequence[EvaluationRun]) -> dict[int, str | None]:
    """Run id -> licence, `None` where its document states none."""
    stated = EvaluationRun.document["licence"].as_string()
    ids = [each.id for each in runs]
    found = session.execute(select(EvaluationRun.id, stated).where(EvaluationRun.id.in_(ids)))
    return {each[0]: each[1] for each in found}
