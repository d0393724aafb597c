"""`covers dataset`: parse, call, write; imports nothing heavy itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

dataset_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Build data sets.")


@dataset_app.callback()
def dataset() -> None:
    """Build data sets."""


@dataset_app.command("build")
def build(
    name: Annotated[str, typer.Argument(help="Name of the data set: schubert-d911-03.")],
    output: Annotated[
        Path | None, typer.Option(help="Folder to build in; below the cache folder without it.")
    ] = None,
) -> None:
    """Fetch a public data set, once, and lay it out for `covers evaluate`.

    \b
    Example:
      covers dataset build schubert-d911-03
    """
    from align.evaluation.building import build_dataset

    folder = build_dataset(name, output)
    typer.echo(folder)
