"""Metrics -> files and a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from align.writing import write_json, write_text
from catalog.console import print_table

Document = dict[str, Any]

COLUMNS = (
    "median_ms", "p90_ms", "within_25", "within_50", "within_100", "unmapped", "wrong_beat",
    "attribution",
)  # fmt: skip
STYLE = (
    "body{background:#0d0d12;color:#f4efe6;font:15px/1.5 system-ui}"
    "body{margin:2rem auto;max-width:70rem}"
    "table{border-collapse:collapse;margin:1rem 0 2rem}"
    "td,th{padding:.3rem .8rem;text-align:right;border-bottom:1px solid #2a2933}"
    "td:first-child,th:first-child{text-align:left}th{color:#a8a4b0;font-weight:500}"
)


def write_report(results: Sequence[Document], folder: Path) -> None:
    """Write `metrics.json` of the first method, `metrics-METHOD.json` of each, `report.html`."""
    write_json(folder / "metrics.json", results[0])
    for result in results:
        write_json(folder / f"metrics-{result['method']}.json", result)
    write_text(folder / "report.html", render_report(results))


def print_summary(results: Sequence[Document]) -> None:
    """Print one row per method."""
    print_table(["method", *COLUMNS, "s/cover"], [_summary_row(each) for each in results])


def render_report(results: Sequence[Document]) -> str:
    """A self-contained page: methods side by side, then every cover of each."""
    title = f"Alignment on {escape(str(results[0]['dataset']))}"
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>",
        f"<style>{STYLE}</style><h1>{title}</h1>",
        _table(["method", *COLUMNS, "s/cover"], [_summary_row(each) for each in results]),
    ]
    for result in results:
        rows = [_cover_row(cover) for cover in result["covers"]]
        parts.append(f"<h2>{escape(result['method'])}</h2><p><code>{escape(result['command'])}")
        parts.append(f"</code></p>{_table(['cover', *COLUMNS, 'confidence'], rows)}")
    return "".join(parts) + "</html>\n"


def _summary_row(result: Document) -> list[str]:
    summary = result["summary"]
    values = [_shown(name, summary[name]) for name in COLUMNS]
    seconds = summary["seconds_per_cover"]
    return [result["method"], *values, "–" if seconds is None else f"{seconds:.1f}"]


def _cover_row(cover: Document) -> list[str]:
    if cover["error"] is not None:
        return [cover["file"], cover["error"]]
    values = [_shown(name, cover[name]) for name in COLUMNS]
    return [cover["file"], *values, _shown("confidence", cover["confidence"])]


def _shown(name: str, value: float | None) -> str:
    """Milliseconds with one digit, shares as percent."""
    if value is None:
        return "–"
    return f"{value:.1f}" if name.endswith("_ms") else f"{100 * value:.1f} %"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in rows)
    return f"<table><tr>{head}{body}</table>"
