"""`covers evaluate`: parse, call, write; imports nothing heavy itself."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.console import print_json, print_table, progress_bar, progress_console, result_console
from catalog.errors import InputError

evaluate_app = typer.Typer(rich_markup_mode=None)

SUMMARY_COLUMNS = (
    "pooled_median_ms", "pooled_p90_ms", "median_ms", "within_25", "within_50", "wrong_beat",
    "attribution", "switch_within_50", "eer", "beat_f", "downbeat_f", "section_hr05",
    "seconds_per_cover", "peak_mib",
)  # fmt: skip


@evaluate_app.command()
def evaluate(
    dataset: Annotated[
        Path | None, typer.Argument(help="Folder with a dataset.json.", show_default=False)
    ] = None,
    method: Annotated[
        list[str] | None,
        typer.Option(help="A method's name, again for each further one; `all` for all that run."),
    ] = None,
    maps: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FOLDER", help="A folder of maps that another program made, as a method."
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder for metrics, maps and report.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes at once.")] = 1,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Keep methods that are finished in the output folder."),
    ] = False,
    sonify: Annotated[
        bool, typer.Option("--sonify", help="Write each cover with clicks, linked in the report.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Store the figures for the research page.")
    ] = False,
    no_cost: Annotated[
        bool, typer.Option("--no-cost", help="Do not measure peak memory: saves minutes.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Two metrics.json, or folders with one: what changed from A to B."),
    ] = None,
) -> None:
    """Measure how well methods align a data set's covers, or compare two such measurements.

    \b
    Example:
      covers evaluate ingest/demo/londonderry-air --method tracker --method mrmsdtw-flux \\
          --output results
      covers evaluate --compare results/metrics-mrmsdtw-flux.json results/metrics-tracker.json

    \b
    The output folder then holds:
      metrics.json            figures of the first method, cover by cover
      metrics-METHOD.json     the same of each method
      maps/METHOD/STEM.json   the time map of each cover
      report.html             all of it with pictures, in one file that needs no other

    \b
    Methods that align:   tracker, tracker-unlearned,
                          mrmsdtw-chroma, mrmsdtw-dlnco, mrmsdtw-flux (each also with
                          -cut), dtw, subsequence-dtw, offset, linear
    that screen:          tracker, tracker-unlearned, qmax-chroma
    that find beats:      tracker, librosa-beats, madmom-beats
    that find sections:   tracker, novelty, equal-length
    of your own:          --maps NAME=FOLDER, with a file STEM.json for each cover that holds
                          its map as `covers align` writes it, or only the "segments"

    A method that is finished keeps its files when the run is interrupted; the same command with
    --resume goes on from there. docs/evaluating.md explains methods, measures and data sets.
    """
    if compare is not None:
        _compare(*compare, as_json=as_json)
        return
    if dataset is None or output is None or not (method or maps):
        raise InputError(
            "a data set, --method and --output are needed: covers evaluate DATASET "
            "--method tracker --output FOLDER"
        )
    from align.datasets.reading import read_dataset
    from align.evaluation.choosing import choose_methods
    from align.evaluation.methods.outside import outside_method
    from align.evaluation.report.outputs import Wanted, count_steps, run_evaluation
    from align.evaluation.running.command import shown_command

    listed = read_dataset(dataset)
    outside = [outside_method(each, listed, output) for each in maps or []]
    methods = choose_methods(method or [], listed, outside)
    wanted = Wanted(
        jobs=jobs,
        cost=not no_cost,
        sounds=sonify,
        keep=keep,
        resume=resume,
        command=shown_command(sys.argv[1:]),
    )
    steps = count_steps(listed, methods, wanted)
    with progress_bar("Evaluating", steps) as report:
        evaluations = run_evaluation(dataset, methods, output, wanted, report)
    documents = [each.document for each in evaluations]
    if as_json:
        print_json([{name: each[name] for name in each if name != "covers"} for each in documents])
    else:
        _print_summaries(documents)
        progress_console.print(f"Report: {output / 'report.html'}", markup=False)
    _tell_findings(documents)


def _print_summaries(documents: Sequence[dict[str, Any]]) -> None:
    """One row a method, with the columns that at least one of them has figures for."""
    from catalog.measures import MEASURES, figure_of

    shown = [
        MEASURES[key]
        for key in SUMMARY_COLUMNS
        if any(figure_of(each["summary"], key) is not None for each in documents)
    ]
    rows = [
        [each["method"], *(one.show(figure_of(each["summary"], one.key)) for one in shown)]
        for each in documents
    ]
    print_table(["method", *(each.label for each in shown)], rows)


def _tell_findings(documents: Sequence[dict[str, Any]]) -> None:
    """What failed and what was turned away, on stderr.

    Raises:
        InputError: when everything failed.
    """
    from align.evaluation.report import findings

    told = [*findings.failure_sentences(documents), *findings.rejection_sentences(documents)]
    for sentence in told:
        progress_console.print(sentence, markup=False, soft_wrap=True)
    if findings.everything_failed(documents):
        raise InputError("every recording failed: nothing was measured")


def _compare(first: Path, second: Path, *, as_json: bool) -> None:
    from align.evaluation.report.comparison import (
        compare_files,
        comparison_document,
        cover_columns,
        difference_cells,
        pooled_cells,
    )

    comparison = compare_files(first, second)
    if as_json:
        print_json(comparison_document(comparison))
        return
    print_table(
        cover_columns(comparison),
        [each.cells() for each in comparison.covers],
    )
    result_console.print()
    print_table(
        ["measure", comparison.first, comparison.second, "difference", "95 % interval"],
        [
            *(pooled_cells(each) for each in comparison.pooled),
            *(difference_cells(each) for each in comparison.measures),
        ],
    )
    result_console.print(comparison.verdict(), markup=False)
