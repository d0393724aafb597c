"""screening: is it this song? Eleven recordings to judge for every test song, liars among them.

Copies of the Reference with talk, codec and another speed; performances; the Reference's band with
a new voice; the Reference under speech; and what is not the song: speech, other songs, another
song in the same key and tempo, and other melodies over the very chords of the song.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from align.datasets.writing import write_dataset
from align.evaluation.datasets.simulated.foreign import (
    copy_reference,
    play_in_background,
    sing_over_backing,
    speak_alone,
)
from align.evaluation.datasets.simulated.impostor import write_impostor
from align.parallel import count_cores, map_over_cores
from align.simulation.arranging.drawing import kinds_for, plan_reference
from align.simulation.claiming import claim_folder
from align.simulation.drawing import draw_cover_plan
from align.simulation.generator import describe_generator
from align.simulation.plan import CoverPlan
from align.simulation.rendering import describe_licence, write_recording
from align.simulation.score.chords import parse_chord
from align.simulation.score.songform import write_song
from align.simulation.score.tune import Tune
from align.simulation.simulator import Recording, Rendition, simulate
from align.simulation.songbook import held_out_songbook
from align.simulation.sound.plan import draw_sound_plan
from align.simulation.splits import Split, load_split
from catalog.console import progress_bar
from catalog.errors import InputError
from catalog.lifecycle import Relation

NAME, SEED = "screening", 20261123
SCHEMA = "covers.screening-recipe/1"
REFERENCE_SEVERITY, COVER_SEVERITY = 0.1, (0.1, 0.8)
N_COPIES, N_PERFORMANCES, N_IMPOSTORS = 2, 3, 2


@dataclass(frozen=True)
class Bench:
    """What recordings about one song are made of."""

    song: Tune
    other: Tune
    split: Split
    plan: CoverPlan
    reference: Rendition


@dataclass(frozen=True)
class Screening:
    """A data set to make: the same fields, the same recordings. `kinds` empty: all there are.

    Raises
    ------
    InputError
        for fewer than two tunes, or a kind that is none of `screening_kinds`
    """

    name: str
    songbook: Mapping[str, Tune]
    split: Split
    seed: int
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.songbook) < 2:
            raise InputError(
                f"{len(self.songbook)} tune is too few for screening: give at least 2, since "
                "each is judged beside others"
            )
        for kind in self.kinds:
            if kind not in screening_kinds():
                raise InputError(
                    f"{kind!r} is no kind of screening: choose from {', '.join(screening_kinds())}"
                )

    @property
    def stems(self) -> list[str]:
        """Of the files of all recordings, each song's Reference first."""
        return [
            stem
            for song in self.songbook
            for stem in (f"{song}-reference", *(each.stem for each in self.beside(song)))
        ]

    def beside(self, song: str) -> list[Beside]:
        """What is to be judged beside a song."""
        return [
            Beside(f"{song}-{number:02d}-{kind}", number, kind, relation, make)
            for number, (kind, relation, make) in enumerate(_wanted(), 1)
            if not self.kinds or kind in self.kinds
        ]

    def to_json(self) -> dict[str, Any]:
        """All that the recordings follow from."""
        songs = [
            _describe_song(self, song) | {"tune": digest_tune(tune)}
            for song, tune in self.songbook.items()
        ]
        split = asdict(self.split)
        return {"schema": SCHEMA, "name": self.name, "split": split, "seed": self.seed,
                "songs": songs}  # fmt: skip


Maker = Callable[[Bench, np.random.Generator], Recording]


@dataclass(frozen=True)
class Beside:
    """One recording beside a song, made as the `number`-th of all that there are."""

    stem: str
    number: int
    kind: str
    relation: Relation
    make: Maker


@dataclass(frozen=True)
class SongJob:
    """All recordings about one song, `name`, the `number`-th of the songbook."""

    folder: Path
    number: int
    name: str
    screening: Screening


def build_screening(folder: Path) -> None:
    """The data set of the held-out tunes."""
    screening = Screening(NAME, held_out_songbook(), load_split("test"), SEED)
    write_screening(folder, screening, n_processes=count_cores())


def write_screening(folder: Path, screening: Screening, *, n_processes: int) -> None:
    """Render every recording that is not there yet, and at the end write `dataset.json`.

    Raises
    ------
    RecipeError
        when the folder holds anything else
    """
    claim_folder(folder, screening.to_json())
    songbook, split = screening.songbook, screening.split
    jobs = [SongJob(folder, number, song, screening) for number, song in enumerate(songbook)]
    with progress_bar("Rendering", len(jobs)) as done:
        for song in map_over_cores(_render_song, jobs, n_processes=n_processes):
            done(song)
    songs = [_describe_song(screening, song) for song in songbook]
    licence = describe_licence(split.sources)
    write_dataset(folder, screening.name, licence, songs, generator=describe_generator(),
                  seed=screening.seed)  # fmt: skip


def digest_tune(tune: Tune) -> str:
    """SHA-256 of all that a lead sheet says."""
    return hashlib.sha256(json.dumps(asdict(tune), sort_keys=True).encode()).hexdigest()


def _describe_song(screening: Screening, song: str) -> dict[str, Any]:
    covers: list[dict[str, Any]] = []
    negatives: list[dict[str, Any]] = []
    for each in screening.beside(song):
        entry = {"file": f"{each.stem}.flac", "kind": each.kind, "relation": each.relation.value,
                 "split": screening.split.name}  # fmt: skip
        if each.relation is Relation.UNRELATED:
            negatives.append(entry)
        else:
            covers.append(entry | {"annotation": f"{each.stem}.csv" if _is_copy(each) else None})
    return {"id": song, "reference": f"{song}-reference.flac", "covers": covers,
            "negatives": negatives}  # fmt: skip


def _is_copy(each: Beside) -> bool:
    """Only of copies it is known where each moment of the Reference is."""
    return each.relation is Relation.SAME_RECORDING


def _render_song(job: SongJob) -> str:
    reference = job.folder / f"{job.name}-reference"
    beside = job.screening.beside(job.name)
    missing = [each for each in beside if not _is_there(job.folder / each.stem)]
    if missing or not _is_there(reference):
        bench = _prepare(job)
        if not _is_there(reference):
            write_recording(reference, bench.reference, None)
        for each in missing:
            rng = np.random.default_rng((job.screening.seed, job.number, each.number))
            recording = each.make(bench, rng)
            write_recording(
                job.folder / each.stem,
                recording,
                bench.reference.truth,
                is_annotated=_is_copy(each),
            )
    return job.name


def _is_there(stem: Path) -> bool:
    return stem.with_suffix(".flac").exists()


def _prepare(job: SongJob) -> Bench:
    songbook, split = job.screening.songbook, job.screening.split
    rng = np.random.default_rng((job.screening.seed, job.number))
    names = list(songbook)
    song = write_song(songbook[job.name], seed=int(rng.integers(2**31)))
    other = names[(job.number + 1 + int(rng.integers(len(names) - 1))) % len(names)]
    plan = CoverPlan(
        plan_reference(song, rng, styles=split.styles),
        draw_sound_plan(rng, sources=split.sources, severity=REFERENCE_SEVERITY),
        int(rng.integers(2**31)),
    )
    return Bench(
        song, write_song(songbook[other], seed=job.number), split, plan, simulate(song, plan)
    )


def screening_kinds() -> tuple[str, ...]:
    """Every kind of recording that may be made beside a song, once."""
    return tuple(dict.fromkeys(kind for kind, _, _ in _wanted()))


def _wanted() -> list[tuple[str, Relation, Maker]]:
    """What is made for each song: its kind, what it is to the song, and how it is made."""
    return [
        ("copy", Relation.SAME_RECORDING, copy_plain),
        ("copy_other_speed", Relation.SAME_RECORDING, copy_other_speed),
        *[("performance", Relation.PERFORMANCE, make_performance)] * N_PERFORMANCES,
        ("backing_track", Relation.BACKING_TRACK, make_backing),
        ("background", Relation.BACKGROUND, make_background),
        ("interview", Relation.UNRELATED, make_interview),
        *[("other_melody", Relation.UNRELATED, make_impostor)] * N_IMPOSTORS,
        ("other_song", Relation.UNRELATED, make_other_song),
    ]


def copy_plain(bench: Bench, rng: np.random.Generator) -> Recording:
    """The Reference uploaded again, with talk before or over it."""
    return copy_reference(bench.reference, 1.0, _sound(bench, rng), rng)


def copy_other_speed(bench: Bench, rng: np.random.Generator) -> Recording:
    """A copy that runs up to 8 % faster or slower, its key with it."""
    speed = float(rng.choice([-1, 1]) * rng.uniform(0.015, 0.08)) + 1
    return copy_reference(bench.reference, speed, _sound(bench, rng), rng)


def make_performance(bench: Bench, rng: np.random.Generator) -> Recording:
    """Somebody plays it anew, in any of the ways that covers are played."""
    kinds = [kind for kind in kinds_for(bench.song, bench.split.styles) if kind != "medley"]
    return simulate(
        bench.song, draw_cover_plan(bench.song, str(rng.choice(kinds)), bench.split, rng)
    )


def make_backing(bench: Bench, rng: np.random.Generator) -> Recording:
    """The Reference's band without its lead, and a new voice."""
    return sing_over_backing(bench.reference.played, bench.plan, _sound(bench, rng), rng)


def make_background(bench: Bench, rng: np.random.Generator) -> Recording:
    """Somebody talks while the Reference runs in the background."""
    return play_in_background(bench.reference, _sound(bench, rng), rng)


def make_interview(bench: Bench, rng: np.random.Generator) -> Recording:
    """Nothing but speech."""
    return speak_alone(float(rng.uniform(40, 90)), _sound(bench, rng), rng)


def make_impostor(bench: Bench, rng: np.random.Generator) -> Recording:
    """Another melody over the song's chords, in its key, about its tempo, in its order."""
    arrangement = plan_reference(bench.song, rng, styles=bench.split.styles)
    ratio = round(float(rng.uniform(0.95, 1.05)), 4)
    plan = CoverPlan(
        replace(arrangement, tempo_ratio=ratio), _sound(bench, rng), int(rng.integers(2**31))
    )
    return _unrelated(simulate(write_impostor(bench.song, bench.other), plan))


def make_other_song(bench: Bench, rng: np.random.Generator) -> Recording:
    """Another song in the key and about the tempo of this one."""
    shift = (_tonic(bench.song) - _tonic(bench.other) + 6) % 12 - 6
    ratio = (bench.song.tempo_bpm or 100.0) / (bench.other.tempo_bpm or 100.0)
    plan = draw_cover_plan(bench.other, "full_band", bench.split, rng)
    arrangement = replace(
        plan.arrangement,
        transposition_semitones=shift,
        tempo_ratio=round(float(np.clip(ratio, 0.5, 2.0)), 4),
    )
    return _unrelated(simulate(bench.other, replace(plan, arrangement=arrangement)))


def _tonic(tune: Tune) -> int:
    return parse_chord(tune.key).root


def _sound(bench: Bench, rng: np.random.Generator) -> Any:
    severity = float(rng.uniform(*COVER_SEVERITY))
    return draw_sound_plan(rng, sources=bench.split.sources, severity=severity)


def _unrelated(rendition: Rendition) -> Recording:
    return replace(rendition, truth=replace(rendition.truth, relation="unrelated"))
