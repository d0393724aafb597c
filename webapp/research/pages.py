"""The research pages: what was measured on each data set, and one run cover by cover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import render_template

from catalog import database
from catalog.evaluations import get_run, latest_runs
from catalog.measures import MEASURES, REJECTED, figure_of, rejected_covers
from webapp.queries import bounded
from webapp.research import charts
from webapp.research.licences import licences_of
from webapp.research.tables import KIND_COLUMNS, group_runs, leading_rows, summary_rows
from webapp.rows_to_json import clip, public_reason, without_folders

blueprint = APIBlueprint("research_pages", __name__, enable_openapi=False)

MOST_COVERS = 2000


@blueprint.get("/research")
def research() -> str:
    """The newest run of each method on each data set, the best first."""
    with database.reading() as session:
        runs = latest_runs(session)
        groups = group_runs(runs, licences_of(session, runs))
    return render_template("research/list.html", groups=groups)


@blueprint.get("/research/<int:run_id>")
def research_run(run_id: int) -> str:
    """One run: its figures with intervals, by kind of cover, and every cover."""
    with database.reading() as session:
        run = get_run(session, bounded(run_id))
    covers = run.document.get("covers") or []
    rejected = rejected_covers(run.document)
    return render_template(
        "research/run.html",
        run=run,
        command=without_folders(run.document.get("command") or run.command),
        licence=clip(run.document.get("licence")),
        n_rejected=len(rejected),
        leading=leading_rows(run.summary),
        figures=summary_rows(run.summary),
        kind_measures=[MEASURES[key] for key in KIND_COLUMNS],
        kinds=_kinds(run.summary),
        covers=[_cover(each, rejected) for each in sorted(covers, key=_badness)[:MOST_COVERS]],
        width=charts.WIDTH,
        ticks=charts.ticks(),
        definitions=without_folders(run.document.get("definitions") or {}),
    )


def _kinds(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    by_kind = summary.get("by_kind") or {}
    rows = [
        {
            "kind": clip(kind.replace("_", " ")),
            "n": means.get("n"),
            "cells": [MEASURES[key].show(figure_of(means, key)) for key in KIND_COLUMNS],
            "share": figure_of(means, "within_50"),
            "bar": charts.share_bar(figure_of(means, "within_50")),
        }
        for kind, means in by_kind.items()
    ]
    return sorted(rows, key=lambda row: -1.0 if row["share"] is None else -row["share"])


def _badness(cover: Mapping[str, Any]) -> tuple[float, float]:
    """The worst first: what failed, then the smallest share within 50 ms."""
    within = figure_of(cover, "within_50")
    return (-1.0 if within is None else within, -(figure_of(cover, "median_ms") or 0.0))


def _cover(cover: Mapping[str, Any], rejected: set[tuple[str, str]]) -> dict[str, Any]:
    keys = ("within_50", "median_ms", "p90_ms", "attribution")
    confidence = figure_of(cover, "confidence")
    is_rejected = (cover.get("song"), cover.get("file")) in rejected
    return {
        "file": clip(str(cover.get("file", ""))),
        "song": clip(str(cover.get("song", ""))),
        "kind": clip(str(cover.get("kind", "")).replace("_", " ")),
        "error": public_reason(cover.get("error")) or (REJECTED if is_rejected else None),
        "cells": [MEASURES[key].show(figure_of(cover, key)) for key in keys],
        "confidence": "–" if confidence is None else f"{confidence:.2f}",
        "span": charts.error_span(cover),
    }
