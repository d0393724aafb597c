"""`covers dataset`: parse, call, write; imports nothing heavy itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

dataset_app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Build, import and check data sets."
)


@dataset_app.callback()
def dataset() -> None:
    """Build, import and check data sets."""


@dataset_app.command("list")
def list_datasets(
    as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
) -> None:
    """Show what can be built, how large it is, how long it takes and under which terms."""
    from dataclasses import asdict

    from align.evaluation.datasets.registry import DATASETS
    from catalog.console import print_json, print_table

    if as_json:
        fields = ("summary", "licence", "size_mib", "minutes")
        print_json(
            [
                {"name": name, **{each: asdict(entry)[each] for each in fields}}
                for name, entry in DATASETS.items()
            ]
        )
        return
    rows = [
        [name, entry.summary, entry.licence, f"{entry.size_mib} MiB", f"{entry.minutes:g} min"]
        for name, entry in DATASETS.items()
    ]
    print_table(["name", "what", "licence", "size", "time"], rows)


@dataset_app.command("build")
def build(
    name: Annotated[str, typer.Argument(help="Name of the data set, as in `covers dataset list`.")],
    output: Annotated[
        Path | None, typer.Option(help="Folder to build in; below the cache folder without it.")
    ] = None,
) -> None:
    """Build a data set, once, and print its folder for `covers evaluate`.

    \b
    Examples:
      covers dataset build schubert-d911-03
      covers dataset build edited-real --output edited-real
    """
    from align.evaluation.datasets.registry import build_dataset

    typer.echo(build_dataset(name, output))


@dataset_app.command("import")
def import_dataset(
    layout: Annotated[
        str, typer.Argument(help="csv, jams, svl, winterreise, asap, salami or covers80.")
    ],
    source: Annotated[Path, typer.Argument(help="Folder or file in that layout.")],
    output: Annotated[Path, typer.Option(help="New folder for dataset.json and the truth.")],
    audio: Annotated[
        Path | None, typer.Option(help="Folder with the recordings; `source` without it.")
    ] = None,
) -> None:
    """Turn annotations in a published layout into a data set; recordings are linked, not copied.

    docs/datasets.md shows what each layout looks like.

    \b
    Examples:
      covers dataset import csv marks.csv --output my-covers
      covers dataset import winterreise SWD --audio SWD/01_RawData/audio_wav --output winterreise
    """
    from align.evaluation.loaders.importing import import_layout

    typer.echo(import_layout(layout, source, output, audio=audio))


@dataset_app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(help="Folder with a dataset.json.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
) -> None:
    """Check that a data set is whole and its truth possible, and count what is in it.

    Every problem is one line; with any, the exit code is 2.
    """
    from dataclasses import asdict

    from align.datasets.checking import check_dataset
    from catalog.console import print_json, progress_console, result_console

    report = check_dataset(folder)
    for problem in report.problems:
        progress_console.print(problem, markup=False, soft_wrap=True)
    if as_json:
        print_json(asdict(report))
    else:
        result_console.print(report.summary, markup=False, soft_wrap=True)
    if report.problems:
        raise typer.Exit(2)
