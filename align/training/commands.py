"""`covers train`: parse, call, write; imports nothing heavy itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from catalog.console import print_json, print_table, progress_bar, progress_console
from catalog.errors import InputError

if TYPE_CHECKING:
    from align.training.batches import Songbook
    from align.training.training import TrainingPlan

train_app = typer.Typer(rich_markup_mode=None)

AVERAGED_STEPS = 20
NATS = ("before", "after", "gain")


@train_app.command()
def train(
    datasets: Annotated[
        list[Path] | None, typer.Argument(help="Folders that `covers simulate` made.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the weights.")
    ] = None,
    song: Annotated[
        str | None, typer.Option(help="Sharpen the tracker for this song of the library instead.")
    ] = None,
    name: Annotated[str, typer.Option(help="Of the model, on its card.")] = "own",
    part: Annotated[
        str | None, typer.Option(help="Only `place` or `pulse`: two processes can share the work.")
    ] = None,
    place_steps: Annotated[int, typer.Option(min=1, help="Steps of the place network.")] = 1500,
    pulse_steps: Annotated[int, typer.Option(min=1, help="Steps of the pulse network.")] = 3000,
    section_steps: Annotated[int, typer.Option(min=1, help="Steps of the section network.")] = 1000,
    melody_steps: Annotated[int, typer.Option(min=1, help="Steps of the melody network.")] = 1200,
    seed: Annotated[int, typer.Option(help="The same seed takes the same steps.")] = 0,
    covers: Annotated[
        int, typer.Option(min=0, help="Held-out covers to validate on; 0 for no validation.")
    ] = 48,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; else one a core.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the scores for machines.")] = False,
) -> None:
    """Train the tracker's networks on recordings with truth, or sharpen it for one song.

    \b
    Example:
      covers simulate tunes --covers 3 --output simulated
      covers train simulated --name mine --output weights
      covers train --song londonderry-air

    One song of six is kept out and judged in the end by the very code that aligns. A training
    that was interrupted goes on where it stopped when the same command is given again; what it
    needs for that lies in `OUTPUT/work`. A training on other data, with another seed or other
    steps is refused there.

    With `--song` the song's published covers with a sure map teach what its places sound like.
    Each cover is held out once, and what was learned is used only where it measures better.
    """
    if song is not None:
        if datasets or output is not None:
            raise InputError("--song takes neither data sets nor --output: give one or the other")
        _sharpen(song, as_json=json_)
        return
    if not datasets or output is None:
        raise InputError("there is nothing to train on: give data sets and --output, or --song")
    from align.parallel import count_cores
    from align.training.courses import LISTENERS, PARTS
    from align.training.loop import Schedule
    from align.training.training import TrainingPlan, require_own_checkpoints

    if part is not None and part not in PARTS:
        raise InputError(f"part={part!r} is none of {', '.join(PARTS)}")
    plan = TrainingPlan(name, tuple(datasets), output / "work",
        place=Schedule(place_steps, seed=seed), pulse=Schedule(pulse_steps, seed=seed),
        section=Schedule(section_steps, seed=seed), melody=Schedule(melody_steps, seed=seed),
    )  # fmt: skip
    require_own_checkpoints(plan, (*PARTS, *LISTENERS) if part is None else (part,))
    n_processes = jobs or count_cores()
    if part is not None:
        _teach(plan, (part,), n_processes)
        typer.echo(plan.work / f"{part}.pt")
        return
    scores = _make_weights(plan, output, n_covers=covers, n_processes=n_processes)
    if json_:
        print_json(scores)
    else:
        typer.echo("\n".join(f"{key} {value:.3f}" for key, value in scores.items()))


def _make_weights(
    plan: TrainingPlan, output: Path, *, n_covers: int, n_processes: int
) -> dict[str, float]:
    """Teach all networks, fit their judge, and return what they reach on held-out covers."""
    from align.training.calibration import calibrate, find_entries
    from align.training.courses import PARTS
    from align.training.training import write_weights
    from align.training.validation import validate

    book, networks = _teach(plan, PARTS, n_processes)
    parts = dict(zip(PARTS, networks, strict=True))
    write_weights(plan, parts, book, output)
    parts |= _teach_listeners(plan, output, n_processes)
    write_weights(plan, parts, book, output)
    entries = find_entries(plan.folders)
    with progress_bar("Calibrating", len(entries)) as show:
        why = calibrate(entries, output, n_processes=n_processes, done=show)
    if why is not None:
        progress_console.print(f"the shipped judge is kept: {why}", markup=False, soft_wrap=True)
    with progress_bar("Validating", n_covers) as show:
        scores = validate(
            plan.folders, output, n_covers=n_covers, n_processes=n_processes, done=show
        )
    _keep_scores(output, scores)
    return scores


def _teach(
    plan: TrainingPlan, parts: Sequence[str], n_processes: int
) -> tuple[Songbook, list[Any]]:
    """The songs learned from, and the network of each part."""
    from align.training.lessons import count_recordings, prepare_lessons
    from align.training.training import gather_songs

    with progress_bar("Listening", count_recordings(plan.folders)) as show:
        lessons = prepare_lessons(
            plan.folders, plan.work / "lessons", n_processes=n_processes, done=show
        )
    book = gather_songs(lessons)
    return book, [_teach_part(part, plan, book) for part in parts]


def _teach_listeners(plan: TrainingPlan, weights: Path, n_processes: int) -> dict[str, Any]:
    """The networks that learn from what the others hear."""
    from align.training.melody_lessons import find_melody_pairs, prepare_melody_lessons
    from align.training.section_lessons import (
        find_section_recordings,
        prepare_section_lessons,
    )
    from align.training.training import train_melody, train_section

    recordings = find_section_recordings(plan.folders)
    with progress_bar("Listening to bars", len(recordings)) as show:
        sections = prepare_section_lessons(recordings, weights, n_processes=n_processes, done=show)
    with _steps("section", plan.section.steps) as report:
        section = train_section(plan, sections, weights, report)
    pairs = find_melody_pairs(plan.folders)
    with progress_bar("Listening to pairs", len(pairs)) as show:
        melodies = prepare_melody_lessons(pairs, weights, n_processes=n_processes, done=show)
    with _steps("melody", plan.melody.steps) as report:
        melody = train_melody(plan, melodies, weights, report)
    return {"section": section, "melody": melody}


def _sharpen(slug: str, *, as_json: bool) -> None:
    """Tell what each cover gained and whether the prototypes are kept."""
    from align.documents import sharpening_document
    from align.song_sharpening import prepare_sharpening
    from align.threads import one_thread
    from catalog import database

    database.upgrade()
    with one_thread():
        task = prepare_sharpening(slug)
        with progress_bar("Listening", len(task.covers)) as show:
            document = sharpening_document(slug, task.sharpen(show))
    if as_json:
        print_json(document)
        return
    rows = [[each["cover"], *(f"{each[name]:.3f}" for name in NATS)] for each in document["covers"]]
    print_table(["cover", *NATS], rows)
    verdict = "kept" if document["kept"] else "not kept"
    typer.echo(f"{verdict}: {document['gain']:+.3f} nats per frame on held-out covers")


def _teach_part(part: str, plan: TrainingPlan, book: Songbook) -> Any:
    from align.training.training import train_part

    with _steps(part, plan.schedule(part).steps) as report:
        return train_part(part, book, plan, report)


@contextmanager
def _steps(part: str, n_steps: int) -> Iterator[Callable[[int, dict[str, float]], None]]:
    """A bar that tells the mean loss of the last steps."""
    recent: list[float] = []
    with progress_bar(f"Training {part}", n_steps) as show:

        def report(step: int, losses: dict[str, float]) -> None:
            recent.append(losses["total"])
            del recent[:-AVERAGED_STEPS]
            show(f"step {step}, loss {sum(recent) / len(recent):.3f}")

        yield report


def _keep_scores(folder: Path, scores: dict[str, float]) -> None:
    import json

    from align.network.weights import CARD_FILE
    from align.writing import write_json

    path = folder / CARD_FILE
    card = json.loads(path.read_text(encoding="utf-8"))
    write_json(path, {**card, "scores": {"held-out songs": scores}})
