"""A run of `covers evaluate` and the files it leaves: each method's as soon as it is finished.

    metrics.json            of the first method
    metrics-METHOD.json     of every method
    maps/METHOD/STEM.json   every map
    listen/STEM.ogg         the first method's clicks, when sounds are asked for
    report.html             at the end

Every file appears whole or not at all. A run that is cut short leaves the files of the methods
that were finished, and no report, not even an older one; another run can go on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

from align.datasets.reading import Dataset, read_dataset
from align.evaluation.choosing import count_tasks, require_work
from align.evaluation.evaluating import iterate_evaluations
from align.evaluation.map_files import map_document
from align.evaluation.methods.method import Method
from align.evaluation.naming import file_stems, place_of
from align.evaluation.report.finished import find_finished
from align.evaluation.report.listening import write_listening
from align.evaluation.report.page import Run, render_report
from align.evaluation.results import EvaluatedCover, Evaluation
from align.writing import write_json, write_text
from catalog.errors import InputError, MediaError, StorageError

Report = Callable[[str], None]

REPORT_NEEDS = ("jinja2", "matplotlib")


@dataclass(frozen=True)
class Wanted:
    """What is asked of a run.

    Attributes:
        jobs: processes at once
        cost: whether to measure peak memory
        sounds: whether to write sounds to listen to
        keep: whether to store each newly measured method's metrics in the library
        resume: whether to take what an earlier run has finished in the output folder
        command: the whole command, kept with the figures and shown in the report
    """

    jobs: int = 1
    cost: bool = True
    sounds: bool = False
    keep: bool = False
    resume: bool = False
    command: str = ""


def count_steps(dataset: Dataset, methods: Sequence[Method], wanted: Wanted) -> int:
    """How often a run will report, which is once for each recording and file it is done with."""
    annotated = sum(each.annotation is not None for each in dataset.covers)
    tasks = sum(count_tasks(each, dataset) for each in methods)
    return 1 + wanted.sounds * annotated + tasks


def run_evaluation(
    folder: Path, methods: Sequence[Method], output: Path, wanted: Wanted, report: Report
) -> list[Evaluation]:
    """Measure methods on a data set and write everything that comes of it.

    Raises:
        InputError: for a method that has nothing to do, no data set, an output folder that
            cannot be written, or finished methods to resume after that were measured otherwise.
        StorageError: when the output folder can no longer be written.
    """
    for package in REPORT_NEEDS:  # a missing one is told before hours are spent
        import_module(package)
    dataset = read_dataset(folder)
    require_work(methods, dataset)
    _require_writable(output)
    finished = find_finished(output, methods, dataset, folder) if wanted.resume else {}
    evaluations: list[Evaluation] = []
    with closing(
        iterate_evaluations(
            folder,
            [each for each in methods if each.name not in finished],
            report=report,
            jobs=wanted.jobs,
            cost=wanted.cost,
            command=wanted.command,
        )
    ) as measured:
        for method in methods:
            known = finished.get(method.name)
            evaluation = known or next(measured)
            if not evaluations:
                _remove(output / "report.html")  # it would not tell of the new figures beside it
                write_json(output / "metrics.json", evaluation.document)
            if known:
                _skip(method, dataset, report)
            else:
                write_evaluation(evaluation, output)
            if wanted.keep and not known:
                _keep(evaluation)
            evaluations.append(evaluation)
    write_report(evaluations, dataset, output, wanted, report)
    return evaluations


def _require_writable(output: Path) -> None:
    """Create the folder and a file in it, so that a refusal does not come after hours.

    Raises:
        InputError: when either is refused.
    """
    try:
        output.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=output):
            pass
    except OSError as error:
        raise InputError(
            f"--output {output} cannot be written: {error.strerror}; name a new folder, "
            "or one that you may write to"
        ) from error


def _skip(method: Method, dataset: Dataset, report: Report) -> None:
    """Report all that a method was finished with before."""
    for _ in range(count_tasks(method, dataset)):
        report(f"{method.name}: finished before")


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"cannot write {path.parent}: {error.strerror}") from error


def write_evaluation(evaluation: Evaluation, output: Path) -> None:
    """Write one method's maps, then its metrics: where these are, all maps are theirs."""
    method = evaluation.document["method"]
    _remove(output / f"metrics-{method}.json")
    stems = file_stems([each.entry for each in evaluation.covers])
    for cover in evaluation.covers:
        path = output / "maps" / method / f"{stems[place_of(cover.entry)]}.json"
        write_json(path, map_document(method, cover))
    write_json(output / f"metrics-{method}.json", evaluation.document)


def _keep(evaluation: Evaluation) -> None:
    from catalog import database
    from catalog.evaluations import keep_run

    database.upgrade()
    with database.session() as session:
        keep_run(session, evaluation.document)


def write_report(
    evaluations: Sequence[Evaluation],
    dataset: Dataset,
    output: Path,
    wanted: Wanted,
    report: Report,
) -> None:
    """Write `report.html`, and before it the sounds that it links."""
    sounds = _write_sounds(evaluations[0].covers, output, report) if wanted.sounds else {}
    report("report.html")
    page = render_report(evaluations, dataset, Run(wanted.command, sounds))
    write_text(output / "report.html", page)


def _write_sounds(
    covers: Sequence[EvaluatedCover], output: Path, report: Report
) -> dict[Path, str]:
    """Sounds of every cover that can be read: its file -> its address beside the report."""
    stems = file_stems([each.entry for each in covers])
    sounds = {}
    for cover in covers:
        name = f"listen/{stems[place_of(cover.entry)]}.ogg"
        report(name)
        try:
            write_listening(output / name, cover)
        except MediaError:
            continue
        sounds[cover.entry.file] = name
    return sounds
