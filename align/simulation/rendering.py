"""A recipe -> a data set folder: recordings, their truth and `dataset.json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from align.parallel import map_over_cores
from align.simulation.claiming import claim_folder
from align.simulation.generator import describe_generator
from align.simulation.playing.performance import Played, play
from align.simulation.recipe import Recipe, RecipeError, RecordingRecipe, SongRecipe
from align.simulation.score.songform import write_song
from align.simulation.score.tune import Tune
from align.simulation.simulator import Recording, simulate, truth_of
from align.simulation.sound.sources import load_sources
from align.simulation.sound.talk import describe_speech
from align.simulation.truth import Truth, annotate, write_truth
from align.writing import write_atomically, write_json

DATASET_FILE = "dataset.json"


@dataclass(frozen=True)
class Job:
    """One recording to render into `folder`; `other` is the tune of a medley."""

    folder: Path
    song: Tune
    reference: RecordingRecipe
    recording: RecordingRecipe
    other: Tune | None


def render_recipe(
    recipe: Recipe,
    songbook: Mapping[str, Tune],
    folder: Path,
    *,
    n_processes: int,
    done: Callable[[str], None],
) -> None:
    """Render every recording that is not there yet, and at the end write `dataset.json`.

    Parameters
    ----------
    done
        called with the stem of each recording

    Raises
    ------
    RecipeError
        when the folder holds another recipe, or a tune is not in the songbook
    """
    claim_folder(folder, recipe.to_json())
    jobs = [job for song in recipe.songs for job in _jobs(song, songbook, folder)]
    for stem in map_over_cores(_render, jobs, n_processes=n_processes):
        done(stem)
    write_json(folder / DATASET_FILE, describe_dataset(recipe))


def describe_dataset(recipe: Recipe) -> dict[str, Any]:
    """The `dataset.json` of a recipe."""
    return {
        "name": recipe.name,
        "licence": describe_licence(_heard(recipe)),
        "split": recipe.split,
        "generator": describe_generator(),
        "songs": [_describe_song(song, recipe.split) for song in recipe.songs],
    }


def write_recording(
    stem: Path, recording: Recording, reference: Truth | None, *, is_annotated: bool = True
) -> None:
    """Write truth, then `STEM.flac`, mono with 16 bits: where it is, the truth is too.

    Parameters
    ----------
    reference
        truth of the Reference, None for the Reference itself
    is_annotated
        whether the marks are written too
    """
    import soundfile

    truth, rows = recording.truth, None
    if reference is not None:
        truth = replace(truth, tuning_cents=truth.tuning_cents - reference.tuning_cents)
        rows = annotate(truth, reference) if is_annotated else None
    write_truth(stem, truth, rows)
    mono = np.clip(recording.audio.mean(axis=1), -1.0, 1.0)

    def write(path: Path) -> None:
        soundfile.write(path, mono, recording.sample_rate, subtype="PCM_16", format="FLAC")

    write_atomically(stem.with_suffix(".flac"), write)


def play_recording(
    song: SongRecipe, recording: RecordingRecipe, songbook: Mapping[str, Tune]
) -> Played:
    """The notes of a recording."""
    tune = write_song(_find(songbook, song.tune), seed=song.form_seed)
    return _play(tune, recording, _other(songbook, recording))


def plain_truth(song: Tune, recording: RecordingRecipe, other: Tune | None = None) -> Truth:
    """The truth of a recording without rendering its sound."""
    return truth_of(_play(song, recording, other), recording.plan)


def _play(song: Tune, recording: RecordingRecipe, other: Tune | None) -> Played:
    plan = recording.plan
    start_s = plan.surroundings.opening_s + plan.surroundings.lead_in_s
    return play(song, plan.arrangement, start_s=start_s, seed=plan.seed, other=other)


def _jobs(recipe: SongRecipe, songbook: Mapping[str, Tune], folder: Path) -> list[Job]:
    song = write_song(_find(songbook, recipe.tune), seed=recipe.form_seed)
    return [
        Job(folder, song, recipe.reference, recording, _other(songbook, recording))
        for recording in recipe.recordings
    ]


def _other(songbook: Mapping[str, Tune], recording: RecordingRecipe) -> Tune | None:
    return _find(songbook, recording.other) if recording.other else None


def _find(songbook: Mapping[str, Tune], name: str) -> Tune:
    if name not in songbook:
        raise RecipeError(f"tune={name!r} is not among the {len(songbook)} tunes that were given")
    return songbook[name]


def _render(job: Job) -> str:
    stem = job.folder / job.recording.stem
    if not stem.with_suffix(".flac").exists():
        is_reference = job.recording is job.reference or job.recording == job.reference
        reference = None if is_reference else plain_truth(job.song, job.reference)
        rendition = simulate(job.song, job.recording.plan, other=job.other)
        write_recording(stem, rendition, reference)
    return job.recording.stem


def describe_licence(sources: Iterable[str]) -> str:
    """Terms of everything that may be heard in a data set."""
    known = load_sources()
    terms = [f"{name}: {known[name].licence}" for name in sorted(set(sources))]
    return "; ".join(["simulated", *terms, f"talk: {describe_speech()}"])


def _heard(recipe: Recipe) -> set[str]:
    return {
        name
        for song in recipe.songs
        for recording in song.recordings
        for name in source_names_of(recording)
    }


def source_names_of(recording: RecordingRecipe) -> tuple[str, ...]:
    """The sources that a recording may be heard from."""
    sources = recording.plan.sound.sources
    return (*sources.instruments, sources.drums, sources.voice)


def _describe_song(song: SongRecipe, split: str) -> dict[str, Any]:
    return {
        "id": song.id,
        "reference": f"{song.reference.stem}.flac",
        "covers": [
            {
                "file": f"{cover.stem}.flac",
                "annotation": f"{cover.stem}.csv",
                "kind": cover.kind,
                "relation": "performance",
                "split": split,
                "style": cover.plan.arrangement.style,
                "arranger": cover.plan.arrangement.arranger,
                "sources": list(source_names_of(cover)),
            }
            for cover in song.covers
        ],
        "negatives": [],
    }
