"""What sharpening a song brings, on a data set with annotations.

    python tests/benchmarks/sharpening.py FOLDER [N_SONGS]

Each cover is aligned three times: by the Reference alone, by prototypes from the song's other
covers with their true annotations as maps, and by whichever of the two these others choose among
themselves as `align.sharpening` does. Prints means over covers, and what sharpening changes with a
95 % bootstrap interval over songs. An unmapped mark is in the wrong place.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np

from align.alignment import Track, map_placement, place_cover
from align.datasets.beside import read_document
from align.datasets.reading import CoverEntry, read_dataset
from align.datasets.truth import Annotation
from align.evaluation.metrics.attribution import attribution_error
from align.evaluation.metrics.bootstrap import draw_weights, interval, weighted_mean
from align.evaluation.metrics.marks import mark_errors
from align.sharpening import VerifiedCover, sharpen
from align.threads import one_thread
from catalog.console import print_table
from catalog.time_map import Segment, TimeMap

WRONG_PLACE_MS = 600.0
SHOWN = ("within 50 ms", "wrong place", "attribution error")
WAYS = ("reference alone", "sharpened", "as the others choose")


@dataclass(frozen=True)
class Scores:
    """Of one cover, shares in 0..1."""

    within_50: float
    wrong_place: float
    attribution: float


def main(folder: Path, n_songs: int | None) -> None:
    songs: dict[str, list[CoverEntry]] = defaultdict(list)
    for cover in read_dataset(folder).covers:
        if cover.annotation is not None:
            songs[cover.song].append(cover)
    names: list[str] = []
    measured: list[Measured] = []
    for song, entries in list(songs.items())[:n_songs]:
        with one_thread():
            measured += measure_song(entries)
        names += [song] * len(entries)
        print(f"{song}: {np.mean([each.nats for each in measured[-len(entries) :]]):+.3f} nats")
    report(names, measured)


@dataclass(frozen=True)
class Measured:
    """One cover.

    Attributes:
        nats: what its true places gain
        chosen: whether the other covers choose sharpening
        ways: its scores in each of `WAYS`
    """

    nats: float
    chosen: bool
    ways: tuple[Scores, ...]


def measure_song(entries: Sequence[CoverEntry]) -> list[Measured]:
    reference = Track.read(entries[0].reference)
    beats = reference.analyse()
    tracks = [Track.read(entry.file) for entry in entries]
    verified = [verify(entry, track) for entry, track in zip(entries, tracks, strict=True)]
    gains, measured = sharpen(reference.heard.places, verified).gains, []
    for index, (entry, track) in enumerate(zip(entries, tracks, strict=True)):
        others = [*verified[:index], *verified[index + 1 :]]
        sharpening = sharpen(reference.heard.places, others)
        places = sharpening.prototypes.instead_of(reference.heard.places)
        sharp = replace(reference, heard=replace(reference.heard, places=places))
        maps = [map_placement(place_cover(each, track), beats) for each in (reference, sharp)]
        assert entry.annotation is not None
        plain, better = (score(each, entry.annotation) for each in maps)
        ways = (plain, better, better if sharpening.kept else plain)
        measured.append(Measured(gains[index].nats, sharpening.kept, ways))
    return measured


def verify(entry: CoverEntry, track: Track) -> VerifiedCover:
    """The cover with its true map, in the reference's key."""
    truth = read_document(entry.file.with_name(f"{entry.file.stem}.truth.json"))
    assert entry.annotation is not None
    places = track.heard.places_at(-int(truth["transposition_semitones"]))
    return VerifiedCover.of(entry.file.name, places, true_map(entry.annotation))


def true_map(annotation: Annotation) -> TimeMap:
    """Straight from mark to mark of a segment."""
    owns = [annotation.segment == each for each in np.unique(annotation.segment)]
    return TimeMap(
        tuple(
            Segment.of(annotation.reference_s[own], annotation.cover_s[own])
            for own in owns
            if own.sum() > 1
        )
    )


def score(estimate: TimeMap, annotation: Annotation) -> Scores:
    errors_ms = np.abs(mark_errors(estimate, annotation))
    return Scores(
        float(np.mean(errors_ms <= 50)),
        float(np.mean(errors_ms > WRONG_PLACE_MS)),
        attribution_error(estimate, annotation),
    )


def report(names: Sequence[str], measured: Sequence[Measured]) -> None:
    scores = np.array([[astuple(way) for way in each.ways] for each in measured])
    weights = draw_weights(names)
    rows = [
        [way, *(f"{100 * each:.1f} %" for each in scores[:, index].mean(axis=0))]
        for index, way in enumerate(WAYS)
    ]
    for index, way in enumerate(WAYS[1:], start=1):
        changes = (scores[:, index] - scores[:, 0]).T  # (scores, covers)
        rows.append([f"change, {way}", *(with_interval(each, weights) for each in changes)])
    print_table(["", *SHOWN], rows)
    nats = np.array([each.nats for each in measured])
    print(f"{len(names)} covers of {len(set(names))} songs; {nats.mean():+.3f} nats per frame,")
    print(f"{np.mean(nats > 0):.0%} of covers gain; the others choose sharpening for ", end="")
    print(sum(each.chosen for each in measured))


def with_interval(changes: np.ndarray, weights: np.ndarray) -> str:
    """Mean and interval in hundredths."""
    low, high = interval(lambda drawn: weighted_mean(changes, drawn), weights) or (np.nan, np.nan)
    return f"{100 * changes.mean():+.1f} ({100 * low:+.1f} to {100 * high:+.1f})"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None)
