"""beats: where beats and downbeats are, in many metres, also where the metre changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from align.datasets.writing import write_dataset
from align.parallel import count_cores, map_over_cores
from align.simulation.arranging.drawing import kinds_for
from align.simulation.drawing import draw_cover_plan
from align.simulation.generator import describe_generator
from align.simulation.plan import CoverPlan, SurroundingsPlan
from align.simulation.playing.performance import play
from align.simulation.rendering import describe_licence, write_recording
from align.simulation.score.songform import write_song
from align.simulation.simulator import SAMPLE_RATE, Recording, simulate
from align.simulation.songbook import held_out_songbook
from align.simulation.sound.recording import mix_parts, record_mix
from align.simulation.splits import load_split
from align.simulation.truth import Truth, find_truth
from catalog.console import progress_bar

NAME, SEED = "beats", 20261124
UNWANTED_KINDS = ("medley", "early_stop")
N_CHANGES = 12
"""Recordings whose metre changes in the middle."""
START_S, TAIL_S = 0.7, 2.0


@dataclass(frozen=True)
class BeatsJob:
    """One recording: the names of the tunes that follow each other without a break."""

    folder: Path
    number: int
    tunes: tuple[str, ...]


def build_beats(folder: Path) -> None:
    """Render one recording of every test tune and some that go from one metre to another."""
    jobs = [BeatsJob(folder, number, tunes) for number, tunes in enumerate(_programme(), 1)]
    songs = []
    with progress_bar("Rendering", len(jobs)) as done:
        for song in map_over_cores(_build, jobs, n_processes=count_cores()):
            songs.append(song)
            done(song["id"])
    licence = describe_licence(load_split("test").sources)
    write_dataset(folder, NAME, licence, songs, generator=describe_generator(), seed=SEED)


def _programme() -> list[tuple[str, ...]]:
    """Every tune alone, then pairs of tunes in different metres."""
    songbook = held_out_songbook()
    metres = {name: (tune.beats_per_bar, tune.subdivision) for name, tune in songbook.items()}
    rng = np.random.default_rng(SEED)
    pairs = [(a, b) for a in songbook for b in songbook if metres[a] != metres[b]]
    chosen = rng.permutation(len(pairs))[:N_CHANGES]
    return [(name,) for name in songbook] + [pairs[int(i)] for i in chosen]


def _build(job: BeatsJob) -> dict[str, Any]:
    rng = np.random.default_rng((SEED, job.number))
    name = f"{job.number:02d}-{'-to-'.join(job.tunes)}"
    recording = _play_alone(job.tunes[0], rng) if len(job.tunes) == 1 else _play_on(job.tunes, rng)
    write_recording(job.folder / name, recording, None)
    return {"id": name, "reference": f"{name}.flac", "covers": [], "negatives": [],
            "kind": "steady_metre" if len(job.tunes) == 1 else "metre_change"}  # fmt: skip


def _draw(tune: str, rng: np.random.Generator) -> tuple[Any, CoverPlan]:
    split = load_split("test")
    song = write_song(held_out_songbook()[tune], seed=int(rng.integers(2**31)))
    kinds = [kind for kind in kinds_for(song, split.styles) if kind not in UNWANTED_KINDS]
    plan = draw_cover_plan(song, str(rng.choice(kinds)), split, rng)
    return song, replace(plan, surroundings=SurroundingsPlan())


def _play_alone(tune: str, rng: np.random.Generator) -> Recording:
    song, plan = _draw(tune, rng)
    return simulate(song, plan)


def _play_on(tunes: tuple[str, ...], rng: np.random.Generator) -> Recording:
    """One song's beginning after another, each beat of the second where the first would go on."""
    mixed, truths, sound = [], [], None
    start_s = START_S
    for tune in tunes:
        song, plan = _draw(tune, rng)
        sound = sound or plan.sound
        order = plan.arrangement.order[: max(2, len(plan.arrangement.order) // 2)]
        arrangement = replace(plan.arrangement, order=order, ritardando=1.0)
        played = play(song, arrangement, start_s=start_s, seed=plan.seed)
        duration_s = played.end_s + TAIL_S
        mixed.append(
            mix_parts(
                played.notes, played.parts, sound, duration_s=duration_s,
                sample_rate=SAMPLE_RATE, seed=plan.seed,
            )
        )  # fmt: skip
        truths.append(find_truth(played, duration_s=duration_s))
        start_s = played.end_s
    assert sound is not None
    audio = np.zeros((max(len(each) for each in mixed), 2), dtype=np.float32)
    for each in mixed:
        audio[: len(each)] += each
    audio = record_mix(audio, sound, sample_rate=SAMPLE_RATE, rng=rng)
    return Recording(audio, SAMPLE_RATE, _joined(truths))


def _joined(truths: list[Truth]) -> Truth:
    """Beats of all; no sections, because labels of different songs mean different things."""
    return replace(
        truths[-1],
        beats_s=tuple(time_s for truth in truths for time_s in truth.beats_s),
        positions=tuple(position for truth in truths for position in truth.positions),
        marks=(),
        sections=(),
        foreign=(),
    )
