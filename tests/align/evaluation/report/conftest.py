"""A small data set of tones on disk, and two methods on it: one that is right, one that is not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from align.audio import SAMPLE_RATE
from align.datasets.reading import CoverEntry, Dataset, read_dataset
from align.evaluation.results import EvaluatedCover, Evaluation
from catalog.time_map import Segment, TimeMap
from tests.align.tones import make_song, perform, steady
from tests.metrics_documents import cover_row, metrics_document

EVIL = "<script>alert(1)</script>.wav"
BEAT_S, COVER_BEAT_S = 0.5, 0.4
N_BEATS = 32
LATE_S = 0.08


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reference with sections, and two covers of it of which one begins with something else."""
    folder = tmp_path_factory.mktemp("tones")
    notes = make_song(N_BEATS // 4, seed=5)
    reference = perform(notes, steady(BEAT_S)).samples
    cover = perform(notes, steady(COVER_BEAT_S), transposition=2).samples
    soundfile.write(folder / "reference.wav", reference, SAMPLE_RATE)
    (folder / "reference.sections.csv").write_text("start_s,end_s,label\n0,8,verse\n8,16,chorus\n")
    covers = []
    for stem in ("first", "second"):
        soundfile.write(folder / f"{stem}.wav", cover, SAMPLE_RATE)
        rows = [f"{BEAT_S * each},{COVER_BEAT_S * each},0" for each in range(N_BEATS)]
        (folder / f"{stem}.csv").write_text("\n".join(["reference_s,cover_s,segment", *rows]))
        covers.append({"file": f"{stem}.wav", "annotation": f"{stem}.csv", "kind": "acoustic_solo"})
    song = {"id": "tones", "reference": "reference.wav", "covers": covers}
    document = {"name": "<b>tones</b>", "licence": "CC0 & more", "songs": [song]}
    (folder / "dataset.json").write_text(json.dumps(document))
    return folder


@pytest.fixture
def dataset(folder: Path) -> Dataset:
    return read_dataset(folder)


@pytest.fixture
def evaluations(dataset: Dataset) -> list[Evaluation]:
    return two_evaluations(dataset)


def two_evaluations(dataset: Dataset) -> list[Evaluation]:
    """`right` has no error, `late` is 80 ms ahead everywhere and failed on the second cover."""
    return [
        evaluate_by_hand(dataset, "right", [1.0, 1.0], [0.0, 0.0]),
        evaluate_by_hand(dataset, "late", [0.0, 0.0], [LATE_S, None]),
    ]


def evaluate_by_hand(
    dataset: Dataset, method: str, within_50: list[float], ahead_s: list[float | None]
) -> Evaluation:
    document = metrics_document(dataset.name, method, within_50)
    document["covers"] = [
        cover_row(each, share, "acoustic_solo") | {"song": "tones", "file": entry.file.name}
        for each, (share, entry) in enumerate(zip(within_50, dataset.covers, strict=True))
    ]
    covers = [map_cover(entry, each) for entry, each in zip(dataset.covers, ahead_s, strict=True)]
    return Evaluation(document, tuple(covers))


def map_cover(entry: CoverEntry, ahead_s: float | None) -> EvaluatedCover:
    """A map that is ahead by so many seconds of the cover; `None` for a failure."""
    assert entry.annotation is not None
    if ahead_s is None:
        return EvaluatedCover(entry, None, np.full(len(entry.annotation.cover_s), np.inf))
    reference_s = entry.annotation.reference_s + ahead_s * BEAT_S / COVER_BEAT_S
    estimate = TimeMap((Segment.of(reference_s, entry.annotation.cover_s),))
    return EvaluatedCover(entry, estimate, np.full(len(reference_s), 1000 * ahead_s))
