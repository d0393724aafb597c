"""Figures of how large errors are, and where in the song they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from align.datasets.reading import CoverEntry
from align.evaluation.report.drawing import line_of, new_figure, show_legend, styled, to_svg
from align.evaluation.results import EvaluatedCover, Evaluation

Floats = npt.NDArray[np.float64]

SHORTEST_MS, LONGEST_MS = 2.0, 10_000.0
TICKS_MS = (2, 5, 10, 25, 50, 100, 200, 500, 1000, 10_000)
TICK_WORDS = ("2", "5", "10", "25", "50", "100", "200", "500", "1 s", "10 s")
MOST_PLACES, FEWEST_PLACES, MARKS_A_PLACE = 24, 4, 10
"""Errors along the song are gathered at so many places, fewer where marks are few."""
MOST_LINES = 4
"""More lines along the song hide each other: the first method and the best others are drawn."""


def draw_distribution(evaluations: Sequence[Evaluation]) -> str | None:
    """Share of marks within so many ms, one curve a method: covers weigh alike."""
    limits_ms = np.geomspace(SHORTEST_MS, LONGEST_MS, 240)
    curves = [(each, share_within(each.covers, limits_ms)) for each in evaluations if each.covers]
    if not curves:
        return None
    with styled():
        figure, axes = new_figure(6.4, 3.1)
        for place, (evaluation, shares) in enumerate(curves):
            axes.plot(limits_ms, 100 * shares, label=_name(evaluation), **line_of(place))
        axes.set_xscale("log")
        axes.set_xticks(TICKS_MS, TICK_WORDS)
        axes.minorticks_off()
        axes.set_xlim(SHORTEST_MS, LONGEST_MS)
        axes.set_ylim(0, 100)
        axes.set_xlabel("error at most, ms of the cover")
        axes.set_ylabel("marks, %")
        show_legend(axes)
        return to_svg(figure, "Share of marks within an error, by method")


def share_within(covers: Sequence[EvaluatedCover], limits_ms: Floats) -> Floats:
    """Mean over covers of the share of marks within each limit, (limits,)."""
    shares = [
        np.mean(np.abs(cover.errors_ms)[:, None] <= limits_ms, axis=0)
        for cover in covers
        if len(cover.errors_ms)
    ]
    return np.mean(shares, axis=0) if shares else np.zeros(len(limits_ms))


def draw_over_song(evaluations: Sequence[Evaluation]) -> str | None:
    """Share of marks within 50 ms along the reference, a line for the first method and the best."""
    aligned = [each for each in evaluations if each.covers]
    if not aligned:
        return None
    limit_ms = np.array([50.0])
    others = sorted(aligned[1:], key=lambda each: -share_within(each.covers, limit_ms)[0])
    drawn = [aligned[0], *others[: MOST_LINES - 1]]
    with styled():
        figure, axes = new_figure(6.4, 3.1)
        for place, evaluation in enumerate(aligned):
            if not any(evaluation is each for each in drawn):
                continue
            position, shares = share_over_song(evaluation.covers)
            axes.plot(100 * position, 100 * shares, label=_name(evaluation), **line_of(place))
        axes.set_xlim(0, 100)
        axes.set_ylim(0, 102)
        axes.set_xlabel("place in the song, % of the reference's marks")
        axes.set_ylabel("marks within 50 ms, %")
        show_legend(axes)
        return to_svg(figure, "Share of marks within 50 ms along the song, by method")


def share_over_song(covers: Sequence[EvaluatedCover]) -> tuple[Floats, Floats]:
    """Places as shares of the song, and the share of marks there within 50 ms, (places,)."""
    where = np.concatenate([_place_in_song(cover.entry) for cover in covers])
    right = np.concatenate([np.abs(cover.errors_ms) <= 50 for cover in covers])
    n_places = int(np.clip(len(where) // MARKS_A_PLACE, FEWEST_PLACES, MOST_PLACES))
    bins = np.clip((where * n_places).astype(int), 0, n_places - 1)
    counts = np.bincount(bins, minlength=n_places)
    shares = np.bincount(bins, weights=right, minlength=n_places) / np.maximum(counts, 1)
    position = (np.arange(n_places) + 0.5) / n_places
    return position[counts > 0], shares[counts > 0]


def _place_in_song(entry: CoverEntry) -> Floats:
    """Each mark's reference time as a share of the span of all marks, (marks,)."""
    assert entry.annotation is not None
    times_s = entry.annotation.reference_s
    start_s, end_s = float(times_s.min()), float(times_s.max())
    return np.asarray((times_s - start_s) / max(end_s - start_s, 1e-9))


def section_shares(
    evaluations: Sequence[Evaluation], sections: dict[str, list[tuple[float, float, str]]]
) -> list[dict[str, Any]]:
    """For each label of a section: how many marks, and each method's share within 50 ms.

    Parameters
    ----------
    sections
        song -> start_s, end_s, label of the reference's sections
    """
    labels = list(dict.fromkeys(label for spans in sections.values() for _, _, label in spans))
    rows = []
    for label in labels:
        hits = [_marks_in(each.covers, sections, label) for each in evaluations]
        if hits and len(hits[0]):
            rows.append(
                {"label": label, "n": len(hits[0]), "shares": [float(each.mean()) for each in hits]}
            )
    return rows


def _marks_in(
    covers: Sequence[EvaluatedCover],
    sections: dict[str, list[tuple[float, float, str]]],
    label: str,
) -> npt.NDArray[np.bool_]:
    """Whether each mark in sections of a label is within 50 ms, over all covers, (marks,)."""
    found = [np.zeros(0, dtype=bool)]
    for cover in covers:
        assert cover.entry.annotation is not None
        times_s = cover.entry.annotation.reference_s
        for start_s, end_s, name in sections.get(cover.entry.song, []):
            if name == label:
                inside = (times_s >= start_s) & (times_s < end_s)
                found.append(np.abs(cover.errors_ms[inside]) <= 50)
    return np.concatenate(found)


def _name(evaluation: Evaluation) -> str:
    return str(evaluation.document["method"])
