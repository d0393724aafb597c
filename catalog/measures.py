"""The measures of an evaluation: their names in documents, how they are shown, what they mean.

One list for the report, the comparison, the research page and the handbook, so that a column is
called the same and defined once wherever it appears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNKNOWN = "–"
LONG_MS = 5000.0
"""From here on milliseconds are shown as seconds."""


@dataclass(frozen=True)
class Measure:
    """One figure of a summary.

    Attributes:
        key: its name in a `covers.metrics/1` document
        label: its name over a column
        unit: `ms`, `share` (0..1, shown as percent), `score` (0..1, shown as it is), `s` or `MiB`
        lower_is_better: whether a small figure is a good one
        definition: what it is, in words that can be quoted
    """

    key: str
    label: str
    unit: str
    lower_is_better: bool
    definition: str

    def show(self, figure: float | None) -> str:
        """A figure for people; a dash where nothing was measured."""
        if figure is None:
            return UNKNOWN
        if self.unit == "share":
            return f"{100 * figure:.1f} %"
        if self.unit == "score":
            return f"{figure:.3f}"
        if self.unit == "MiB":
            return f"{figure:.0f} MiB"
        if self.unit == "ms" and abs(figure) >= LONG_MS:
            return f"{figure / 1000:.1f} s"
        return f"{figure:.1f} {self.unit}"

    def show_range(self, interval: tuple[float, float] | None) -> str:
        """An interval for people, without its unit; empty where there is none."""
        if interval is None:
            return ""
        if self.unit == "ms" and interval[1] >= LONG_MS:
            return " – ".join(f"{edge / 1000:.1f}" for edge in interval) + " s"
        scale, digits = {"share": (100, 1), "score": (1, 3), "MiB": (1, 0)}.get(self.unit, (1, 1))
        return " – ".join(f"{edge * scale:.{digits}f}" for edge in interval)


def _within(limit_ms: int) -> Measure:
    return Measure(
        f"within_{limit_ms}",
        f"≤ {limit_ms} ms",
        "share",
        False,
        "Share of annotated marks whose error is at most so many milliseconds; an unmapped mark "
        "is a miss. Mean over covers.",
    )


ALIGNMENT = (
    Measure(
        "median_ms", "median", "ms", True,
        "Median error over a cover's annotated marks, in ms of the cover's own time: the map is "
        "read at the annotated cover time, and the difference in reference time is divided by the "
        "local tempo ratio. An unmapped mark counts as 10 s. Mean over covers.",
    ),
    Measure(
        "p90_ms", "p90", "ms", True,
        "90th percentile of the same errors. Mean over covers.",
    ),
    *(_within(limit_ms) for limit_ms in (25, 50, 70, 100, 200)),
    Measure(
        "unmapped", "unmapped", "share", True,
        "Share of annotated marks that the map leaves out. Up to 0.5 s beyond a segment's end a "
        "mark is extrapolated.",
    ),
    Measure(
        "wrong_beat", "wrong beat", "share", True,
        "Share of marks that are off by more than half the distance to the nearest neighbouring "
        "beat; unmapped marks included.",
    ),
    Measure(
        "wrong_section", "wrong section", "share", True,
        "Share of marks that are mapped into another section of the reference than the true one, "
        "by more than half a beat; unmapped marks included.",
    ),
    Measure(
        "attribution", "attribution", "share", True,
        "Share of labelled cover time that is wrongly called song, or wrongly called not the song "
        "(talk, applause, other music).",
    ),
    Measure(
        "switch_within_25", "switch ≤ 25 ms", "share", False,
        "Share of switches between two random covers of a song, the reference among them with "
        "error 0, at a random beat, whose errors differ by at most 25 ms: what a listener hears.",
    ),
    Measure(
        "switch_within_50", "switch ≤ 50 ms", "share", False,
        "The same within 50 ms.",
    ),
)  # fmt: skip

SCREENING = (
    Measure(
        "eer", "EER", "share", True,
        "Equal error rate of telling recordings of the song from others by the score "
        "same_recording + backing_track + performance − background: where false accepts and "
        "misses are equally frequent.",
    ),
    Measure(
        "recall_at_1_percent", "recall at 1 % FA", "share", False,
        "Share of true covers that are accepted at the threshold which accepts 1 % of the others.",
    ),
)  # fmt: skip

CONFIDENCE = (
    Measure(
        "confidence_auroc", "confidence AUROC", "score", False,
        "How well the confidence tells covers with under 80 % of marks within 50 ms from the "
        "others: the probability that of one of each the worse has the lower confidence.",
    ),
)  # fmt: skip

COST = (
    Measure(
        "seconds_per_cover", "s per cover", "s", True,
        "Wall-clock seconds per cover on one core. Mean over covers.",
    ),
    Measure(
        "peak_mib", "peak memory", "MiB", True,
        "Peak resident memory of a fresh process that aligns the longest pair.",
    ),
)  # fmt: skip

BEATS = (
    Measure(
        "beat_f", "beat F", "share", False,
        "F-measure of beats within ±70 ms (mir_eval.beat, the first 5 s left out).",
    ),
    Measure(
        "beat_cmlt", "beat CMLt", "share", False,
        "Share of beats in continuously right stretches at the annotated metrical level.",
    ),
    Measure(
        "beat_amlt", "beat AMLt", "share", False,
        "The same where double, half and off-beat tempo are allowed too.",
    ),
    Measure("downbeat_f", "downbeat F", "share", False, "F-measure of first beats of bars."),
    Measure("downbeat_cmlt", "downbeat CMLt", "share", False, "CMLt of first beats of bars."),
    Measure("downbeat_amlt", "downbeat AMLt", "share", False, "AMLt of first beats of bars."),
)  # fmt: skip

SECTIONS = (
    Measure(
        "section_hr05", "HR.5F", "share", False,
        "F-measure of section boundaries within ±0.5 s (mir_eval.segment).",
    ),
    Measure("section_hr3", "HR3F", "share", False, "The same within ±3 s."),
    Measure(
        "section_pairwise_f", "pairwise F", "share", False,
        "F-measure of pairs of moments that carry the same section label.",
    ),
)  # fmt: skip

MEASURES = {
    each.key: each for each in (*ALIGNMENT, *SCREENING, *CONFIDENCE, *BEATS, *SECTIONS, *COST)
}


def figure_of(row: Mapping[str, Any], key: str) -> float | None:
    """A figure of a summary or of a cover's row, `None` where it was not measured."""
    found = row.get(key)
    return float(found) if isinstance(found, int | float) else None


def best_of(measure: Measure, rows: Sequence[Mapping[str, Any]]) -> float | None:
    """The best figure of several rows, `None` where there are not two to compare."""
    found = [figure for each in rows if (figure := figure_of(each, measure.key)) is not None]
    if len(found) < 2:
        return None
    return min(found) if measure.lower_is_better else max(found)


def interval_of(summary: Mapping[str, Any], key: str) -> tuple[float, float] | None:
    """The 95 % interval of a summary's figure, `None` where there is none."""
    found = (summary.get("intervals") or {}).get(key)
    return None if found is None else (float(found[0]), float(found[1]))
