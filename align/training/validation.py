"""How good are these weights? The shipped inference on songs that were kept out of the training."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from align.alignment import Track, align_tracks
from align.audio import load_audio
from align.datasets.reading import CoverEntry, read_dataset
from align.evaluation.metrics.covers import score_cover
from align.evaluation.metrics.music import Scores, score_beats
from align.parallel import map_over_cores
from align.threads import one_thread

HELD_OUT_ONE_IN = 6
"""One song of so many is never learned from."""


@dataclass(frozen=True)
class _Case:
    cover: CoverEntry
    weights: Path


def is_held_out(song: str) -> bool:
    """Whether a song is for validation: the same answer in every training and data set."""
    digest = hashlib.sha256(song.split("/")[-1].encode()).digest()
    return int.from_bytes(digest[:4], "big") % HELD_OUT_ONE_IN == 0


def validate(
    folders: Sequence[Path],
    weights: Path,
    *,
    n_covers: int,
    n_processes: int,
    done: Callable[[str], None],
) -> dict[str, float]:
    """Mean scores over covers of held-out songs, without those that no cover has a truth for.

    Parameters
    ----------
    weights
        folder of the networks to judge
    n_covers
        how many at most, spread over the songs; none for 0
    done
        told the name of each cover
    """
    if not n_covers:
        return {}
    cases = [_Case(cover, weights) for cover in _covers(folders)]
    cases = cases[:: max(1, len(cases) // n_covers)][:n_covers]
    scores = []
    for case, score in zip(
        cases, map_over_cores(_judge, cases, n_processes=n_processes), strict=True
    ):
        scores.append(score)
        done(case.cover.file.name)
    return mean_scores(scores)


def mean_scores(scores: Sequence[Scores]) -> dict[str, float]:
    """The mean of each score over those that know it; left out where none does."""
    known: dict[str, list[float]] = {}
    for each in scores:
        for name, value in each.items():
            if value is not None:
                known.setdefault(name, []).append(value)
    return {name: round(float(np.mean(values)), 4) for name, values in known.items()}


def _covers(folders: Sequence[Path]) -> Iterator[CoverEntry]:
    for folder in folders:
        dataset = read_dataset(folder)
        for cover in dataset.covers:
            if cover.annotation is not None and is_held_out(cover.song):
                yield cover


def _judge(case: _Case) -> Scores:
    from align.datasets.beside import read_beats

    with one_thread():
        reference = read_reference(case.cover.reference, case.weights)
        cover = Track.of(load_audio(case.cover.file), weights=case.weights)
        found = align_tracks(reference, cover, reference.analyse())
        analysis = cover.analyse()
    assert case.cover.annotation is not None
    scores = score_cover(found.time_map, case.cover.annotation)
    file = case.cover.file
    beats = read_beats(file.with_name(f"{file.stem}.beats.csv"))
    heard = score_beats(beats, analysis.beats_s, analysis.downbeats_s) if beats else {}
    return {
        "within_50": scores.within[50],
        "within_100": scores.within[100],
        "unmapped": scores.unmapped,
        "attribution": scores.attribution,
        "beat_f": heard.get("beat_f"),
        "downbeat_f": heard.get("downbeat_f"),
    }


@lru_cache(maxsize=1)
def read_reference(file: Path, weights: Path) -> Track:
    """A reference, kept while its covers follow one another."""
    return Track.of(load_audio(file), weights=weights)
