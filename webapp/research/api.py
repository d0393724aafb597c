"""Kept evaluation runs under /api/v1/research: reading only, open to anybody."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from catalog import database
from catalog.evaluations import get_run, list_runs
from webapp.api import revalidate
from webapp.queries import bounded
from webapp.research import rows_to_json as to_json
from webapp.research import schemas

blueprint = APIBlueprint("research_api", __name__, url_prefix="/api/v1/research", tag="research")
blueprint.after_request(revalidate)


@blueprint.get("/runs")
@blueprint.input(schemas.RunsQuery, location="query", arg_name="wanted")
@blueprint.output(schemas.RunsOut)
def runs(wanted: schemas.RunsQuery) -> dict[str, Any]:
    """Kept runs of `covers evaluate` with their summaries, page by page."""
    with database.reading() as session:
        page = list_runs(session, dataset=wanted.dataset, after=wanted.cursor, limit=wanted.limit)
        return {
            "runs": [to_json.run_card(each) for each in page.runs],
            "next_cursor": page.next_after,
        }


@blueprint.get("/runs/<int:run_id>")
@blueprint.output(schemas.RunOut)
@blueprint.doc(responses=[404])
def run(run_id: int) -> dict[str, Any]:
    """One run with the figures of every cover."""
    with database.reading() as session:
        return to_json.run_detail(get_run(session, bounded(run_id)))
