"""The hard covers, drawn: the map over what the networks hear, with the truth beside it.

    python tests/benchmarks/drawings.py FOLDER OUTPUT [KIND...]

Draws the first cover of each kind of a data set, `KIND.png` each.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from align.alignment import Track, align_tracks
from align.datasets.reading import CoverEntry, read_dataset
from align.evaluation.metrics.covers import score_cover
from align.network.inputs import place_times
from align.threads import one_thread

KINDS = ("repeat", "cut", "reordered", "medley", "tempo_extreme", "a_cappella", "changed_harmony",
         "key_extreme", "changed_meter", "metal")  # fmt: skip


def main(folder: Path, output: Path, kinds: tuple[str, ...]) -> None:
    output.mkdir(parents=True, exist_ok=True)
    covers = [each for each in read_dataset(folder).covers if each.annotation]
    for kind in kinds:
        chosen = [each for each in covers if each.kind == kind]
        if chosen:
            draw(chosen[0], output / f"{kind}.png")


def draw(entry: CoverEntry, path: Path) -> None:
    with one_thread():
        reference, cover = Track.read(entry.reference), Track.read(entry.file)
        analysis = reference.analyse()
        found = align_tracks(reference, cover, analysis)
    assert entry.annotation is not None
    scores = score_cover(found.time_map, entry.annotation)
    odds = found.match.similarity
    ends_s = [place_times(n)[-1] for n in odds.shape]
    figure, axes = plt.subplots(figsize=(7, 6.4), layout="constrained")
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
    axes.set(
        title=f"{entry.file.stem}\n{scores.within[50]:.0%} within 50 ms, "
        f"{found.judgement.relation.value}, confidence {found.confidence:.2f}, "
        f"{found.transposition_semitones:+d} semitones",
        xlabel="cover [s]",
        ylabel="reference [s]",
    )
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=90)
    plt.close(figure)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), tuple(sys.argv[3:]) or KINDS)
