"""The hard covers, drawn: the map over what the networks hear, with the truth beside it.

    python tests/benchmarks/drawings.py FOLDER SHEET.png [COVER...]

One picture of the covers that are named: a recording of the data set without its suffix, or a kind,
of which the first cover is taken. Without names those of `simulated-test` that are hard: a verse
again, a solo put in, half the tempo, a voice alone, another key, other chords, talk first.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from align.alignment import Track, align_tracks
from align.datasets.reading import CoverEntry, read_dataset
from align.evaluation.metrics.covers import score_cover
from align.network.inputs import place_times
from align.threads import one_thread

HARD = (
    "sakura-03-repeat", "deck-the-halls-01-tempo_extreme", "home-on-the-range-01-tempo_extreme",
    "my-bonnie-04-a_cappella", "ode-to-joy-04-key_extreme",
    "good-king-wenceslas-02-changed_harmony", "jingle-bells-01-instrumental",
    "aura-lee-02-reordered", "aura-lee-04-changed_meter",
)  # fmt: skip
COLUMNS, SIDE_IN = 3, 5.2


def main(folder: Path, sheet: Path, names: Sequence[str]) -> None:
    covers = [each for each in read_dataset(folder).covers if each.annotation]
    chosen = [
        next(each for each in covers if name in (each.file.stem, each.kind)) for name in names
    ]
    rows = -(-len(chosen) // COLUMNS)
    figure, grid = plt.subplots(
        rows, COLUMNS, figsize=(COLUMNS * SIDE_IN, rows * SIDE_IN), layout="constrained",
        squeeze=False,
    )  # fmt: skip
    for axes in grid.flat[len(chosen) :]:
        axes.set_axis_off()
    for axes, entry in zip(grid.flat, chosen, strict=False):
        draw(entry, axes)
    figure.savefig(sheet, dpi=72)


def find(name: str, covers: Sequence[CoverEntry]) -> CoverEntry:
    found = [each for each in covers if name in (each.file.stem, each.kind)]
    if not found:
        raise SystemExit(f"No cover is called {name}, and none is of that kind.")
    return found[0]


def draw(entry: CoverEntry, axes: Axes) -> None:
    with one_thread():
        reference, cover = Track.read(entry.reference), Track.read(entry.file)
        analysis = reference.analyse()
        found = align_tracks(reference, cover, analysis)
    assert entry.annotation is not None
    scores = score_cover(found.time_map, entry.annotation)
    odds = found.match.similarity
    ends_s = [place_times(n)[-1] for n in odds.shape]
    axes.imshow(
        odds.T, origin="lower", aspect="auto", cmap="Greys", vmin=-0.4, vmax=0.6,
        extent=(0, ends_s[0], 0, ends_s[1]),
    )  # fmt: skip
    for segment in np.unique(entry.annotation.segment):
        own = entry.annotation.segment == segment
        axes.plot(entry.annotation.cover_s[own], entry.annotation.reference_s[own], "c-", lw=5,
                  alpha=0.45, label="truth" if segment == 0 else None)  # fmt: skip
    for number, segment in enumerate(found.time_map.segments):
        axes.plot(segment.cover_s, segment.reference_s, "r-", lw=1.4,
                  label=None if number else "map")  # fmt: skip
    for start_s, end_s in entry.annotation.foreign_s:
        axes.axvspan(start_s, end_s, color="orange", alpha=0.25, lw=0)
    for section in analysis.sections:
        axes.axhline(section.start_s, color="tab:blue", lw=0.4)
    axes.set_title(
        f"{entry.file.stem}\n{scores.within[50]:.0%} within 50 ms, "
        f"{found.judgement.relation.value}, confidence {found.confidence:.2f}, "
        f"{found.transposition_semitones:+d} semitones",
        fontsize=9,
    )
    axes.set(xlabel="cover [s]", ylabel="reference [s]")
    axes.legend(loc="lower right")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or HARD)
