"""Pictures of single covers: the similarity matrix, the truth and two methods' paths over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation
from align.evaluation.report.drawing import (
    INK,
    RULE,
    SERIES,
    SOFT,
    clock,
    line_of,
    new_figure,
    styled,
    to_svg,
)
from align.evaluation.results import EvaluatedCover
from catalog.time_map import TimeMap

Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

MOST_FRAMES = 360
STEP_S = 0.1
FARTHEST_MS = 10_000.0
"""Errors beyond, and unmapped marks, are drawn here."""
LOWEST, HIGHEST = 55, 99.7
"""Percentiles of similarity between which the grey deepens."""


@dataclass(frozen=True)
class Similarity:
    """Chroma likeness of two recordings in the key that the truth agrees with best.

    Attributes:
        levels: (reference frames, cover frames)
        transposition_semitones: how much higher the cover sounds, -6..5
    """

    levels: Matrix
    reference_s: float
    cover_s: float
    transposition_semitones: int


@dataclass(frozen=True)
class Path:
    """One method's map of the cover, `place` being the method's among all.

    Attributes:
        errors_ms: signed, of each mark, infinite where unmapped, (marks,)
    """

    method: str
    place: int
    estimate: TimeMap | None
    errors_ms: Matrix


def measure_similarity(cover: EvaluatedCover) -> Similarity:
    """Likeness of a cover's and its reference's chroma.

    Raises:
        MediaError: when one of the two cannot be decoded.
    """
    from align.audio import load_audio
    from align.descriptors import describe
    from align.features import compute_features

    reference, own = (
        describe(compute_features(load_audio(each)))
        for each in (cover.entry.reference, cover.entry.file)
    )
    pooled = _pool(reference.harmony), _pool(own.harmony)
    durations_s = [len(each.harmony) / each.frame_rate for each in (reference, own)]
    assert cover.entry.annotation is not None
    shift = _find_shift(*pooled, durations_s, cover.entry.annotation)
    levels = np.roll(pooled[0], shift, axis=1) @ pooled[1].T
    return Similarity(levels, durations_s[0], durations_s[1], (shift + 6) % 12 - 6)


def _pool(chroma: npt.NDArray[np.float32]) -> Matrix:
    """Means of as many frames as leave at most `MOST_FRAMES`, (pooled, 12)."""
    size = max(1, -(-len(chroma) // MOST_FRAMES))
    starts = np.arange(0, len(chroma), size)
    return np.asarray(np.add.reduceat(chroma, starts, axis=0) / size, dtype=float)


def _find_shift(
    reference: Matrix, cover: Matrix, durations_s: Sequence[float], annotation: Annotation
) -> int:
    rows = (annotation.reference_s / durations_s[0] * len(reference)).astype(int)
    columns = (annotation.cover_s / durations_s[1] * len(cover)).astype(int)
    at_reference = reference[np.clip(rows, 0, len(reference) - 1)]
    at_cover = cover[np.clip(columns, 0, len(cover) - 1)]
    scores = [float((np.roll(at_reference, shift, axis=1) * at_cover).sum()) for shift in range(12)]
    return int(np.argmax(scores))


def draw_cover(cover: EvaluatedCover, similarity: Similarity, paths: Sequence[Path]) -> str:
    """The matrix with truth and paths, below it each mark's error, and who hears the song when."""
    annotation = cover.entry.annotation
    assert annotation is not None
    with styled():
        heights = (1, 0.34, 0.13 + 0.07 * len(paths))
        figure, (axes, marks, strip) = new_figure(
            6.2, 6.2, nrows=3, sharex=True, height_ratios=heights
        )
        _draw_matrix(axes, similarity)
        _draw_truth(axes, annotation)
        for path in reversed(paths):
            _draw_path(axes, path)
        axes.set_xlim(0, similarity.cover_s)
        axes.set_ylim(0, similarity.reference_s)
        axes.legend(
            loc="lower right", bbox_to_anchor=(1, 1.0), ncols=len(paths) + 1, borderaxespad=0.2
        )
        _draw_errors(marks, annotation, paths)
        _draw_strip(strip, annotation, paths, similarity.cover_s)
        return to_svg(figure, f"Maps of {cover.entry.file.name}")


def _draw_matrix(axes: Any, similarity: Similarity) -> None:
    """Grey of varying opacity, which reads on light and on dark ground."""
    low, high = np.percentile(similarity.levels, [LOWEST, HIGHEST])
    opacity = np.clip((similarity.levels - low) / max(high - low, 1e-9), 0, 1) * 0.75
    picture = np.full((*opacity.shape, 4), 128, dtype=np.uint8)
    picture[..., 3] = (255 * opacity).round()
    axes.imshow(
        picture, origin="lower", aspect="auto", interpolation="none",
        extent=(0, similarity.cover_s, 0, similarity.reference_s),
    )  # fmt: skip
    axes.grid(False)
    axes.set_ylabel("reference, min:s")
    axes.yaxis.set_major_formatter(clock)


def _draw_truth(axes: Any, annotation: Annotation) -> None:
    for number, index in enumerate(np.unique(annotation.segment)):
        inside = annotation.segment == index
        axes.plot(
            annotation.cover_s[inside], annotation.reference_s[inside], color=INK, lw=6,
            alpha=0.3, solid_capstyle="round", label="truth" if number == 0 else None,
        )  # fmt: skip
    for start_s, end_s in annotation.foreign_s:
        axes.axvspan(start_s, end_s, color=RULE, alpha=0.6, lw=0)


def _draw_path(axes: Any, path: Path) -> None:
    label: str | None = path.method
    for segment in path.estimate.segments if path.estimate is not None else ():
        axes.plot(segment.cover_s, segment.reference_s, label=label, **line_of(path.place))
        label = None


def _draw_errors(axes: Any, annotation: Annotation, paths: Sequence[Path]) -> None:
    """A dot a mark, ahead of the truth above zero; straight to 50 ms, logarithmic beyond."""
    axes.set_yscale("symlog", linthresh=50, linscale=1.2)
    axes.axhspan(-50, 50, color=RULE, alpha=0.5, lw=0)
    for path in reversed(paths):
        missing = np.isinf(path.errors_ms)
        sizes_ms = np.clip(
            np.where(missing, FARTHEST_MS, path.errors_ms), -FARTHEST_MS, FARTHEST_MS
        )
        axes.scatter(
            annotation.cover_s, sizes_ms, s=7, lw=0, color=line_of(path.place)["color"], alpha=0.8
        )
    axes.set_ylim(-1.3 * FARTHEST_MS, 1.3 * FARTHEST_MS)
    axes.set_yticks([-10_000, -1000, 0, 1000, 10_000], ["-10 s", "-1 s", "0", "1 s", "10 s"])
    axes.minorticks_off()
    axes.set_ylabel("error")


def _draw_strip(
    axes: Any, annotation: Annotation, paths: Sequence[Path], duration_s: float
) -> None:
    """One row a method: a bar where it hears the song, a line below where it is wrong."""
    times_s = np.arange(0, duration_s, STEP_S) + STEP_S / 2
    song, foreign = true_song(annotation, times_s), _inside(annotation.foreign_s, times_s)
    axes.broken_barh(_spans(song, times_s), (len(paths) - 0.35, 0.7), color=INK, alpha=0.3)
    axes.broken_barh(_spans(foreign, times_s), (len(paths) - 0.35, 0.7), color=RULE)
    for row, path in enumerate(reversed(paths)):
        mapped = mapped_song(path.estimate, times_s)
        wrong = (mapped & foreign & ~song) | (~mapped & song)
        axes.broken_barh(
            _spans(mapped, times_s), (row - 0.2, 0.55), color=line_of(path.place)["color"]
        )
        axes.broken_barh(_spans(wrong, times_s), (row - 0.4, 0.16), color=SERIES[3])
    axes.set_yticks(range(len(paths) + 1), [*(each.method for each in reversed(paths)), "truth"])
    axes.tick_params(axis="y", length=0)
    axes.grid(False)
    axes.set_ylim(-0.55, len(paths) + 0.5)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(clock)
    axes.set_xlabel("cover, min:s", color=SOFT)


def true_song(annotation: Annotation, times_s: Matrix) -> Mask:
    """Whether the song is played at each time, (times,)."""
    spans = [
        annotation.cover_s[annotation.segment == index][[0, -1]]
        for index in np.unique(annotation.segment)
    ]
    return _inside(np.array(spans).reshape(-1, 2), times_s)


def mapped_song(estimate: TimeMap | None, times_s: Matrix) -> Mask:
    """Whether a map has something at each time, (times,)."""
    segments = estimate.segments if estimate is not None else ()
    return _inside(np.array([[each.start_s, each.end_s] for each in segments]), times_s)


def _inside(spans_s: Matrix, times_s: Matrix) -> Mask:
    spans_s = spans_s.reshape(-1, 2)
    return np.asarray(
        ((times_s[:, None] >= spans_s[:, 0]) & (times_s[:, None] <= spans_s[:, 1])).any(axis=1)
    )


def _spans(mask: Mask, times_s: Matrix) -> list[tuple[float, float]]:
    """Stretches of a mask as start and length in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    return [
        (float(times_s[start]) - STEP_S / 2, (end - start) * STEP_S)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
