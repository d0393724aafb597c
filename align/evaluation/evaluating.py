"""A method on a data set -> the metrics of every cover, and their summary."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np

from align.alignment import MODEL, Track, align_tracks
from align.audio import load_audio
from align.evaluation.baselines import BASELINES, align_by_mrmsdtw
from align.evaluation.dataset import CoverEntry, read_dataset
from align.evaluation.metrics import TOLERANCES_MS, CoverScores, score_cover
from catalog.errors import CoversError, InputError
from catalog.time_map import TimeMap

Document = dict[str, Any]

METHODS = ("tracker", *BASELINES)
SUMMARISED = (
    "median_ms", "p90_ms", *(f"within_{limit}" for limit in TOLERANCES_MS), "unmapped",
    "wrong_beat", "attribution",
)  # fmt: skip
NOT_YET = (
    "wrong_section", "switch_within_25", "switch_within_50", "eer", "recall_at_1_percent",
    "confidence_auroc", "peak_mib",
)  # fmt: skip
"""Fields of the summary that are not measured yet."""


def evaluate_dataset(folder: Path, method: str, *, report: Callable[[str], None]) -> Document:
    """Align every annotated cover by one method and score it: a `covers.metrics/1` document.

    Raises:
        InputError: for an unknown method, or a folder that is no data set.
    """
    if method not in METHODS:
        raise InputError(f"method {method!r} is unknown: choose from {', '.join(METHODS)}")
    dataset = read_dataset(folder)
    covers = []
    for entry in dataset.covers:
        if entry.annotation is not None:
            report(f"{method}: {entry.file.name}")
            covers.append(_evaluate_cover(entry, method))
    return {
        "schema": "covers.metrics/1",
        "dataset": dataset.name,
        "method": method,
        "model": MODEL if method == "tracker" else None,
        "command": f"covers evaluate {folder} --method {method}",
        "covers": covers,
        "summary": summarise(covers),
    }


def summarise(covers: Sequence[Document]) -> Document:
    """Means over covers; what is not measured is `None`."""
    scored = [cover for cover in covers if cover["error"] is None]
    summary: Document = {
        name: round(float(np.mean([cover[name] for cover in scored])), 4) if scored else None
        for name in (*SUMMARISED, "seconds")
    }
    summary["seconds_per_cover"] = summary.pop("seconds")
    return summary | dict.fromkeys(NOT_YET)


def _evaluate_cover(entry: CoverEntry, method: str) -> Document:
    assert entry.annotation is not None
    head: Document = {
        "song": entry.song,
        "file": entry.file.name,
        "kind": entry.kind,
        "confidence": None,
        "error": None,
    }
    began = time.perf_counter()
    try:
        estimate, confidence = _align(entry, method)
    except CoversError as error:
        return head | {"error": str(error)}
    seconds = round(time.perf_counter() - began, 2)
    scores = _flat(score_cover(estimate, entry.annotation))
    return head | {"confidence": confidence, "seconds": seconds} | scores


def _align(entry: CoverEntry, method: str) -> tuple[TimeMap, float | None]:
    """A method's map of a cover, and its confidence where it has one."""
    if method != "tracker":
        reference, cover = load_audio(entry.reference), load_audio(entry.file)
        with redirect_stdout(io.StringIO()):  # synctoolbox prints a dot per filter
            return align_by_mrmsdtw(method, reference, cover), None
    track = Track.read(entry.reference)
    alignment = align_tracks(track, Track.read(entry.file), track.analyse())
    return alignment.time_map, round(alignment.confidence, 4)


def _flat(scores: CoverScores) -> Document:
    return {
        "median_ms": round(scores.median_ms, 2),
        "p90_ms": round(scores.p90_ms, 2),
        **{f"within_{limit}": round(share, 4) for limit, share in scores.within.items()},
        "unmapped": round(scores.unmapped, 4),
        "wrong_beat": round(scores.wrong_beat, 4),
        "attribution": round(scores.attribution, 4),
    }
