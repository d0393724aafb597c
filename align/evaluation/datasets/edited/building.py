"""Building edited-real: every song in several kinds, with negatives beside them.

The same seed gives the same plans on every machine; `dataset.json` keeps the seed and a digest of
all plans, each truth file its own plan and the digest of the samples.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from align.audio import SAMPLE_RATE, Samples
from align.datasets.truth import Annotation
from align.datasets.writing import (
    Fields,
    write_annotation,
    write_beats,
    write_dataset,
    write_truth,
)
from align.evaluation.datasets.edited.drawing import CLEAN, KINDS, Source, draw_plan
from align.evaluation.datasets.edited.foreign import make_foreign
from align.evaluation.datasets.edited.marks import find_annotation, find_pitch
from align.evaluation.datasets.edited.plan import EditPlan, Frame, Overlay, Play
from align.evaluation.datasets.edited.rendering import render_edit
from align.evaluation.datasets.edited.songs import EditedSong, edited_songs
from align.materials import fetch_material
from align.parallel import count_cores, map_over_cores
from catalog.console import progress_bar

NAME = "edited-real"
SEED = 20261122
KINDS_WITH_STEMS = 5
KINDS_WITHOUT_STEMS = 4
BACKGROUND_LEVEL_DB = 15.0
TALK_S = 45.0


@dataclass(frozen=True)
class SongJob:
    """One song to build in a process of its own."""

    folder: Path
    song: EditedSong
    kinds: tuple[str, ...]
    other: EditedSong
    seed: int


def build_edited(folder: Path) -> None:
    """Lay edited-real out in an empty folder.

    Raises:
        SourceError: when a recording cannot be fetched.
    """
    jobs = plan_jobs(folder, list(edited_songs().values()), seed=SEED)
    for material in sorted({job.song.material for job in jobs} | {"asterisk-music"}):
        fetch_material(material)
    entries: list[Fields] = []
    with progress_bar(f"Building {NAME}", len(jobs)) as done:
        for entry in map_over_cores(build_song, jobs, n_processes=count_cores()):
            entries.append(entry)
            done(str(entry["id"]))
    licences = sorted({f"{job.song.id}: {job.song.licence}" for job in jobs})
    recipe = {"seed": SEED, "sha256": digest_plans(jobs)}
    write_dataset(folder, NAME, "; ".join(licences), entries, recipe=recipe)


def plan_jobs(folder: Path, songs: Sequence[EditedSong], *, seed: int) -> list[SongJob]:
    """Which song is made in which kinds: all kinds come in turn, stems where there are any."""
    turn, jobs = 0, []
    for index, song in enumerate(songs):
        has_stems = "guitar" in song.stems
        wanted: list[str] = []
        while len(wanted) < (KINDS_WITH_STEMS if has_stems else KINDS_WITHOUT_STEMS):
            kind = list(KINDS)[turn % len(KINDS)]
            turn += 1
            if has_stems or not kind.startswith("stem_"):
                wanted.append(kind)
        other = songs[(index + 1) % len(songs)]
        jobs.append(SongJob(folder, song, tuple(wanted), other, seed + 1000 * index))
    return jobs


def job_plans(job: SongJob) -> list[EditPlan]:
    """The plans of a song's covers."""
    source = Source(job.song.marks_s(), job.song.duration_s, tuple(job.song.stems))
    return [draw_plan(kind, source, seed=job.seed + k) for k, kind in enumerate(job.kinds)]


def digest_plans(jobs: Sequence[SongJob]) -> str:
    """SHA-256 of every plan of the data set."""
    plans = [plan.to_json() for job in jobs for plan in (*job_plans(job), *negative_plans(job))]
    return hashlib.sha256(json.dumps(plans, sort_keys=True).encode()).hexdigest()


def build_song(job: SongJob) -> Fields:
    """Write a song's Reference, covers and negatives; its entry of `dataset.json`."""
    song, stems = job.song, job.song.read_stems()
    reference = job.folder / "references" / f"{song.id}.flac"
    write_sound(reference, np.sum(list(stems.values()), axis=0))
    marks = zip(song.marks_s(), song.positions(), strict=True)
    if song.bars:
        write_beats(reference, ((t, int(p)) for t, p in marks if 0 <= t < song.duration_s))
    covers = [_build_cover(job, plan, stems) for plan in job_plans(job)]
    return {
        "id": song.id,
        "licence": song.licence,
        "reference": f"references/{song.id}.flac",
        "covers": covers,
        "negatives": _build_negatives(job, stems),
    }


def write_sound(path: Path, samples: Samples) -> str:
    """Write mono FLAC; returns the SHA-256 of its 16-bit samples."""
    import soundfile

    path.parent.mkdir(parents=True, exist_ok=True)
    pcm = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2")
    soundfile.write(path, pcm, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return hashlib.sha256(pcm.tobytes()).hexdigest()


def _build_cover(job: SongJob, plan: EditPlan, stems: dict[str, Samples]) -> Fields:
    song, name = job.song, f"{job.song.id}--{plan.kind}"
    path = job.folder / "covers" / f"{name}.flac"
    sound_sha256 = write_sound(
        path, render_edit(plan, stems, make_foreign, sample_rate=SAMPLE_RATE)
    )
    annotation = find_annotation(plan, song.marks_s())
    write_annotation(path.with_suffix(".csv"), annotation)
    write_truth(path, _truth(plan, annotation, song) | {"samples_sha256": sound_sha256})
    if song.bars and not len(annotation.foreign_s):
        write_beats(path, _beats(plan, song))
    return {
        "file": f"covers/{name}.flac",
        "annotation": f"covers/{name}.csv",
        "kind": plan.kind,
        "relation": plan.relation,
        "split": song.split,
    }


def _truth(plan: EditPlan, annotation: Annotation, song: EditedSong) -> Fields:
    semitones, cents = find_pitch(plan)
    return {
        "relation": plan.relation,
        "foreign": np.round(annotation.foreign_s, 5).tolist(),
        "transposition_semitones": semitones,
        "tuning_cents": cents,
        "beats_per_mark": None if song.tempo_bpm is None else 1,
        "marks": f"every {song.mark_s} s" if song.tempo_bpm is None else "beats of the chart",
        "plan": plan.to_json(),
    }


def _beats(plan: EditPlan, song: EditedSong) -> list[tuple[float, int]]:
    """Beats of a cover with their place in the bar, as they follow from the Reference's."""
    annotation = find_annotation(plan, song.marks_s())
    position = np.interp(annotation.reference_s, song.marks_s(), np.arange(len(song.marks_s())))
    places = song.positions()[np.round(position).astype(int)]
    return [(float(t), int(p)) for t, p in zip(annotation.cover_s, places, strict=True)]


def _build_negatives(job: SongJob, stems: dict[str, Samples]) -> list[Fields]:
    """Another song of the data set, talk alone, and talk over this song far in the background."""
    files = {"other_song": f"references/{job.other.id}.flac"}
    for plan in negative_plans(job):
        files[plan.kind] = f"negatives/{job.song.id}--{plan.kind}.flac"
        samples = render_edit(plan, stems, make_foreign, sample_rate=SAMPLE_RATE)
        write_sound(job.folder / files[plan.kind], samples)
    return [{"file": file, "kind": kind, "split": job.song.split} for kind, file in files.items()]


def negative_plans(job: SongJob) -> list[EditPlan]:
    """Talk alone, and talk with the song far in the background."""
    interview = EditPlan(
        kind="interview",
        relation="unrelated",
        blocks=(Frame("talk", TALK_S),),
        gains_db=dict.fromkeys(job.song.stems, 0.0),
        sound=CLEAN,
        seed=job.seed + 500,
    )
    background = replace(
        interview,
        kind="background",
        relation="background",
        blocks=(Play(0.0, min(TALK_S, job.song.duration_s)),),
        overlays=(Overlay("talk", 0.0, TALK_S, BACKGROUND_LEVEL_DB),),
        seed=job.seed + 501,
    )
    return [interview, background]
