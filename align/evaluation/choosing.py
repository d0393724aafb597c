"""Which methods are measured, and how much there is for them to do."""

from __future__ import annotations

from collections.abc import Sequence

from align.datasets.reading import Dataset
from align.evaluation.methods.method import Method
from align.evaluation.methods.registry import get_method, runnable_methods
from catalog.errors import InputError

ALL = "all"


def choose_methods(
    names: Sequence[str], dataset: Dataset, outside: Sequence[Method] = ()
) -> list[Method]:
    """Methods by name, each once; `all` stands for every useful one.

    Those that are read from `outside` come last, unless they are named too.

    Raises:
        InputError: for an unknown method, one that cannot run here, or two of one name.
    """
    read = {each.name: each for each in outside}
    if len(read) < len(outside):
        raise InputError(f"two of --maps have one name ({', '.join(read)}): give each its own")
    chosen: dict[str, Method] = {}
    for name in names:
        meant = useful_methods(dataset) if name == ALL else [read.get(name) or get_method(name)]
        chosen |= {each.name: each for each in meant}
    return list((chosen | read).values())


def useful_methods(dataset: Dataset) -> list[Method]:
    """Every method that can run here and has something to do on a data set."""
    return [each for each in runnable_methods() if count_tasks(each, dataset)]


def count_tasks(method: Method, dataset: Dataset) -> int:
    """How many recordings of a data set a method is asked about, each once for each question."""
    annotated = sum(each.annotation is not None for each in dataset.covers)
    aligned = annotated * (method.align is not None)
    screened = len(dataset.covers) + len(dataset.negatives) - aligned
    beats = sum(each.beats is not None for each in dataset.recordings)
    sections = sum(each.sections is not None for each in dataset.recordings)
    return (
        aligned
        + screened * (method.screen is not None)
        + beats * (method.find_beats is not None)
        + sections * (method.find_sections is not None)
    )


def require_work(methods: Sequence[Method], dataset: Dataset) -> None:
    """Refuse to measure nothing.

    Raises:
        InputError: without methods, or for one that has nothing to do on a data set.
    """
    useless = [each.name for each in methods if not count_tasks(each, dataset)]
    if methods and not useless:
        return
    raise InputError(
        f"nothing here that {', '.join(useless) or 'any method'} can measure: {dataset.name} has "
        f"{len(dataset.covers)} covers "
        f"({sum(each.annotation is not None for each in dataset.covers)} with marks), "
        f"{len(dataset.negatives)} negatives, and "
        f"{sum(each.beats is not None for each in dataset.recordings)} recordings with beats, "
        f"{sum(each.sections is not None for each in dataset.recordings)} with sections"
    )
