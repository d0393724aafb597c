"""Methods on a data set -> one `covers.metrics/1` document each, and the maps behind it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Generator, Sequence
from functools import partial
from pathlib import Path

from align.datasets.reading import read_dataset
from align.evaluation.methods.method import Method
from align.evaluation.methods.registry import get_method
from align.evaluation.results import Evaluation
from align.evaluation.running.method_run import MethodRun
from align.evaluation.running.tasks import run_task
from align.parallel import processes
from catalog.errors import InputError

Report = Callable[[str], None]


def evaluate_dataset(
    folder: Path,
    methods: Sequence[str],
    *,
    report: Report,
    jobs: int = 1,
    cost: bool = True,
    command: str = "",
) -> list[Evaluation]:
    """Every method on every recording that a data set has truth for.

    Parameters
    ----------
    folder
        of the data set
    methods
        names, see `methods.registry`
    report
        is told of each recording that is done
    jobs
        processes, each of one thread
    cost
        whether to measure peak memory and cold time too, in a process of its own per method
    command
        what was typed, to be kept with the figures

    Raises
    ------
    InputError
        for an unknown method, one that cannot run here, or a folder that is no data set
    """
    chosen = [get_method(name) for name in methods]
    return list(
        iterate_evaluations(folder, chosen, report=report, jobs=jobs, cost=cost, command=command)
    )


def iterate_evaluations(
    folder: Path,
    methods: Sequence[Method],
    *,
    report: Report,
    jobs: int = 1,
    cost: bool = True,
    command: str = "",
) -> Generator[Evaluation, None, None]:
    """The same, each method's result as soon as it is there; features are shared by all."""
    if jobs < 1:
        raise InputError(f"{jobs} jobs is too few: give at least 1")
    dataset = read_dataset(folder)
    with (
        tempfile.TemporaryDirectory(prefix="covers-evaluate-") as workspace,
        processes(jobs) as run,
    ):
        run_tasks = partial(run, partial(run_task, Path(workspace)))
        for method in methods:
            yield MethodRun(folder, dataset, method, run_tasks, report, command).evaluate(cost=cost)
