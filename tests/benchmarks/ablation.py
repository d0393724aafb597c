"""What each part of the tracker is worth: the same data set without it, in one run.

    python tests/benchmarks/ablation.py FOLDER [JOBS]

One row a variant: the share of marks within 50 ms over all covers, over edited ones (cuts, repeats,
another order, early ends, medleys), over those with other chords, over those of strophic songs (a
verse again and again, no chorus), and over all three together; each with the mean difference to the
whole tracker and its 95 % interval over songs. No variant refuses a cover: what a judge
thinks of it is left out, so that maps are compared with maps. What sharpening a song is worth has a
benchmark of its own, `sharpening.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from align.alignment import place_by
from align.band import FineRows
from align.datasets.reading import read_dataset
from align.evaluation.evaluating import iterate_evaluations
from align.evaluation.methods.method import Aligned, Method
from align.evaluation.methods.recording import Recording
from align.evaluation.methods.unlearned import CONFIG, FINE, UnlearnedLikeness
from align.evaluation.metrics.bootstrap import draw_weights, interval, weighted_mean
from align.knots import build_time_map
from align.likeness import Boundaries, Heard, LearnedLikeness, Likeness
from align.matching import MatchingConfig
from align.refinement import Pass, RefinementConfig
from catalog.console import progress_console

Matrix = npt.NDArray[np.float32]
Covers = dict[tuple[str, str], dict[str, Any]]

NO_JUMPS = MatchingConfig(jump=1e6, leave=40.0, enter=40.0)
"""Leaving and coming back elsewhere costs as much as nothing but talk at the ends earns back."""
NO_SECTIONS = MatchingConfig(landing=0.0, breaking=0.0)
COARSE = RefinementConfig((Pass(0.02, 1e6, 0.0),))
EDITED = ("cut", "repeat", "reordered", "early_stop", "medley", "reorder", "talk")
UNSUNG = ("intro", "interlude", "solo", "ending")


def learned(reference: Recording, cover: Recording) -> LearnedLikeness:
    tracks = reference.track(), cover.track()
    begin = Boundaries(tracks[0].boundaries(), tracks[1].boundaries())
    return LearnedLikeness(tracks[0].heard, tracks[1].heard, begin)


def without_harmony(reference: Recording, cover: Recording) -> Likeness:
    return replace(learned(reference, cover), harmony_weight=0.0)


def unlearned(reference: Recording, cover: Recording) -> Likeness:
    return UnlearnedLikeness(reference.descriptors(), cover.descriptors())


@dataclass(frozen=True)
class WithoutRecurrence:
    """Chroma for places; for attacks the network's convolutions, which need no course."""

    likeness: UnlearnedLikeness
    reference: Heard
    cover: Heard
    coarse_rate: float = UnlearnedLikeness.coarse_rate

    def log_odds(self, semitones: int) -> Matrix:
        return self.likeness.log_odds(semitones)

    def boundaries(self) -> Boundaries:
        return self.likeness.boundaries()

    def fine_rows(self, semitones: int) -> tuple[FineRows, FineRows]:
        cover = self.cover.listener.pulse(-semitones)
        return (
            FineRows(self.reference.pulse.embedding, self.reference.attack),
            FineRows(cover.embedding, np.roll(self.cover.attack, -semitones, axis=1)),
        )


def without_recurrence(reference: Recording, cover: Recording) -> Likeness:
    likeness = UnlearnedLikeness(reference.descriptors(), cover.descriptors())
    return WithoutRecurrence(likeness, reference.track().heard, cover.track().heard)


def align(
    hear: Callable[[Recording, Recording], Likeness],
    config: MatchingConfig | None,
    refinement: RefinementConfig | None,
    reference: Recording,
    cover: Recording,
) -> Aligned:
    placement = place_by(
        hear(reference, cover),
        reference.track(),
        cover.track(),
        config=config,
        refinement=refinement,
    )
    beats_s = reference.analysis().beats_s
    return Aligned(build_time_map(placement.runs, placement.fine_runs, beats_s), None, None)


def variant(
    name: str,
    hear: Callable[[Recording, Recording], Likeness] = learned,
    config: MatchingConfig | None = None,
    refinement: RefinementConfig | None = None,
) -> Method:
    return Method(name, "an ablation", align=partial(align, hear, config, refinement))


VARIANTS = (
    variant("the whole tracker"),
    variant("without networks: chroma and flux", unlearned, CONFIG, FINE),
    variant("without recurrence: chroma and learned attacks", without_recurrence, CONFIG),
    variant("without plain chroma beside the networks", without_harmony),
    variant("without jumps", config=NO_JUMPS),
    variant("without knowing sections", config=NO_SECTIONS),
    variant("without a usual tempo", config=MatchingConfig(straying=0.0)),
    variant("without refinement", refinement=COARSE),
)


def main(folder: Path, jobs: int) -> None:
    runs = iterate_evaluations(
        folder, VARIANTS, report=progress_console.print, jobs=jobs, cost=False
    )
    whole: Covers | None = None
    for run in runs:
        covers = _covers(run.document)
        if whole is None:
            whole = covers
            groups = _groups(whole, _strophic(folder))
            _print_row(["≤ 50 ms", *(f"{name} ({len(keys)})" for name, keys in groups.items())])
            _print_row(["---"] * (1 + len(groups)))
        cells = [_cell(covers, whole, keys) for keys in groups.values()]
        _print_row([run.document["method"], *cells])


def _print_row(cells: Sequence[str]) -> None:
    """Of a Markdown table, as soon as it is known."""
    print("| " + " | ".join(cells) + " |", flush=True)


def _strophic(folder: Path) -> set[str]:
    """Songs that sing one verse again and again."""
    labels: dict[str, list[str]] = {}
    for entry in read_dataset(folder).recordings:
        if entry.kind == "reference" and entry.sections is not None:
            labels[entry.song] = [each for each in entry.sections.labels if each not in UNSUNG]
    return {song for song, sung in labels.items() if len(sung) > 1 == len(set(sung))}


def _groups(covers: Covers, strophic: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Keys of the covers of each group."""
    edited = {key for key, row in covers.items() if row["kind"] in EDITED}
    chords = {key for key, row in covers.items() if row["kind"] == "changed_harmony"}
    verses = {key for key in covers if key[0] in strophic}
    groups = {
        "all covers": set(covers), "edited": edited, "other chords": chords, "strophic": verses,
        "any of the three": edited | chords | verses,
    }  # fmt: skip
    return {name: sorted(keys) for name, keys in groups.items()}


def _covers(document: dict[str, Any]) -> Covers:
    return {(row["song"], row["file"]): row for row in document["covers"]}


def _cell(covers: Covers, whole: Covers, keys: Sequence[tuple[str, str]]) -> str:
    """The mean, and the difference to the whole tracker on the same covers."""
    if not keys:
        return "–"
    own = np.array([covers[key]["within_50"] for key in keys])
    more = own - np.array([whole[key]["within_50"] for key in keys])
    shown = f"{100 * own.mean():.1f} %"
    if covers is whole:
        return shown
    bounds = interval(partial(weighted_mean, more), draw_weights([song for song, _ in keys]))
    low, high = bounds or (np.nan, np.nan)
    return f"{shown} ({100 * more.mean():+.1f}: {100 * low:+.1f} to {100 * high:+.1f})"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2)
