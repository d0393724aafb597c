"""How a kept run becomes JSON. Folders of the machine that measured are left out of every text."""

from __future__ import annotations

from typing import Any

from catalog.models import EvaluationRun
from webapp.rows_to_json import clip, without_folders


def run_card(run: EvaluationRun) -> dict[str, Any]:
    """A run as lists show it, without its covers."""
    return {
        "id": run.id,
        "dataset": clip(run.dataset),
        "method": clip(run.method),
        "model": clip(run.model),
        "version": run.version,
        "created_at": run.created_at.isoformat(timespec="seconds"),
        "n_covers": run.n_covers,
        "summary": without_folders(run.summary),
        "url": f"/api/v1/research/runs/{run.id}",
    }


def run_detail(run: EvaluationRun) -> dict[str, Any]:
    """A run with its whole document."""
    return run_card(run) | {"document": without_folders(run.document)}
