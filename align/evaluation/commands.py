"""`covers evaluate`: parse, call, write; imports nothing heavy itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from align.commands import say

evaluate_app = typer.Typer(rich_markup_mode=None)


@evaluate_app.command()
def evaluate(
    dataset: Annotated[Path, typer.Argument(help="Folder with a dataset.json.")],
    method: Annotated[
        list[str], typer.Option(help="tracker, mrmsdtw-chroma, mrmsdtw-dlnco or mrmsdtw-flux.")
    ],
    output: Annotated[Path, typer.Option(help="Folder for metrics.json and report.html.")],
) -> None:
    """Measure how well methods align a data set's covers.

    \b
    Example:
      covers evaluate ingest/demo/londonderry-air --method tracker --method mrmsdtw-flux \\
          --output results
    """
    from align.evaluation.evaluating import evaluate_dataset
    from align.evaluation.reporting import print_summary, write_report
    from align.threads import one_thread

    with one_thread():
        results = [evaluate_dataset(dataset, each, report=say) for each in method]
    write_report(results, output)
    print_summary(results)
