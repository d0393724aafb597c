"""The warp plot: a time map over the similarity matrix it was found in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from align.alignment import CoverAlignment
from align.analysis import MusicAnalysis
from align.writing import write_atomically

GROUND, INK, FAINT = "#0d0d12", "#f4efe6", "#8a8794"
LOW_PERCENTILE, HIGH_PERCENTILE = 50, 99.5


def plot_alignment(
    path: Path, alignment: CoverAlignment, reference: MusicAnalysis, cover: MusicAnalysis
) -> None:
    """Write a PNG: cover time to the right, reference time upward, segments by confidence."""
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with plt.rc_context({"text.color": INK, "axes.labelcolor": INK, "font.size": 10}):
        figure = Figure(figsize=(10, 8.5), facecolor=GROUND, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        _draw_similarity(axes, alignment, reference, cover)
        _draw_unmapped(axes, alignment, cover)
        lines = _draw_segments(axes, alignment)
        _draw_sections(axes, reference)
        _label(axes, alignment, reference, cover)
        if lines is not None:
            _draw_scale(figure, axes, lines)
        write_atomically(path, lambda temporary: figure.savefig(temporary, format="png", dpi=110))


def _draw_similarity(
    axes: Any, alignment: CoverAlignment, reference: MusicAnalysis, cover: MusicAnalysis
) -> None:
    similarity = alignment.match.similarity
    low, high = np.percentile(similarity, [LOW_PERCENTILE, HIGH_PERCENTILE])
    axes.imshow(
        similarity.T,
        origin="lower",
        aspect="auto",
        cmap="bone",
        vmin=low,
        vmax=max(high, low + 1e-6) * 1.6,
        extent=(0, cover.duration_s, 0, reference.duration_s),
        interpolation="bilinear",
    )


def _draw_unmapped(axes: Any, alignment: CoverAlignment, cover: MusicAnalysis) -> None:
    edges = [0.0]
    for segment in alignment.time_map.segments:
        edges += [segment.start_s, segment.end_s]
    edges.append(cover.duration_s)
    for start_s, end_s in zip(edges[::2], edges[1::2], strict=True):
        if end_s - start_s > 0.2:
            axes.axvspan(
                start_s,
                end_s,
                facecolor=GROUND,
                alpha=0.55,
                hatch="////",
                edgecolor="#4a4855",
                lw=0,
            )


def _draw_segments(axes: Any, alignment: CoverAlignment) -> Any:
    """Each segment as a line coloured by confidence, over a dark halo."""
    from matplotlib.collections import LineCollection

    pieces, confidence = [], []
    for segment in alignment.time_map.segments:
        axes.plot(segment.cover_s, segment.reference_s, color=GROUND, lw=7, alpha=0.8)
        points = np.stack([segment.cover_s, segment.reference_s], axis=1)
        pieces += list(np.stack([points[:-1], points[1:]], axis=1))
        confidence += list((segment.confidence[:-1] + segment.confidence[1:]) / 2)
    if not pieces:
        return None
    lines = LineCollection(pieces, cmap="plasma", array=np.array(confidence), lw=3)
    lines.set_clim(0, 1)
    lines.set_capstyle("round")
    return axes.add_collection(lines)


def _draw_sections(axes: Any, reference: MusicAnalysis) -> None:
    for section in reference.sections:
        axes.axhline(section.start_s, color=INK, lw=0.6, alpha=0.35, ls=(0, (4, 4)))
        axes.annotate(
            section.label,
            (1.0, (section.start_s + section.end_s) / 2),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            weight="bold",
        )


def _label(
    axes: Any, alignment: CoverAlignment, reference: MusicAnalysis, cover: MusicAnalysis
) -> None:
    relation = alignment.judgement.relation.value.replace("_", " ")
    axes.set_title(
        f"{relation}   ·   confidence {alignment.confidence:.2f}   ·   "
        f"key {alignment.transposition_semitones:+d}",
        color=INK, loc="left", pad=12, size=13,
    )  # fmt: skip
    axes.set_xlabel("cover, min:s")
    axes.set_ylabel("reference, min:s")
    axes.set_xlim(0, cover.duration_s)
    axes.set_ylim(0, reference.duration_s)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda second, _: f"{int(second) // 60}:{int(second) % 60:02d}")
    axes.tick_params(colors=FAINT)
    for spine in axes.spines.values():
        spine.set_color("#2a2933")


def _draw_scale(figure: Any, axes: Any, lines: Any) -> None:
    bar = figure.colorbar(lines, ax=axes, pad=0.045, shrink=0.5, aspect=30)
    bar.set_label("confidence")
    bar.ax.tick_params(colors=FAINT)
    bar.outline.set_visible(False)
