"""The figure of whether a method knows how good it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from align.evaluation.report.drawing import SERIES, SOFT, new_figure, show_legend, styled, to_svg
from align.evaluation.results import Document, Evaluation

FEWEST_COVERS = 20
"""From fewer, ten bins hold nothing but chance."""
SERIES_OF = (("covers", "good covers", SERIES[1]), ("marks", "marks within 50 ms", SERIES[0]))


def draw_reliability(evaluation: Evaluation) -> str | None:
    """What came true over what was promised, for covers and for single marks.

    A calibrated confidence lies on the diagonal; dots grow with the number of cases. `None` for
    fewer than `FEWEST_COVERS`.
    """
    if len(evaluation.document["covers"]) < FEWEST_COVERS:
        return None
    calibration = evaluation.document["summary"].get("calibration") or {}
    drawn = [(calibration[key], name, colour) for key, name, colour in SERIES_OF
             if calibration.get(key)]  # fmt: skip
    if not drawn:
        return None
    with styled():
        figure, axes = new_figure(5.8, 3.6)
        axes.plot([0, 1], [0, 100], color=SOFT, lw=0.8)
        for reliability, name, colour in drawn:
            _draw_bins(axes, reliability, name, colour)
        axes.set_xlim(0, 1.02)
        axes.set_ylim(0, 103)
        axes.set_xlabel("confidence")
        axes.set_ylabel("came true, %")
        show_legend(axes)
        return to_svg(figure, "Confidence against what came true")


def _draw_bins(axes: Any, reliability: Document, name: str, colour: str) -> None:
    filled = [each for each in reliability["bins"] if each["n"]]
    promised = [each["mean_confidence"] for each in filled]
    came_true = [100 * each["share_right"] for each in filled]
    counts = np.array([each["n"] for each in filled], dtype=float)
    label = f"{name} (n = {counts.sum():.0f})"
    axes.plot(promised, came_true, color=colour, lw=1.2, label=label)
    axes.scatter(promised, came_true, s=12 + 90 * counts / counts.sum(), color=colour, lw=0)
