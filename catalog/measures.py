"""The measures of an evaluation: their names in documents, how they are shown, what they mean.

One list for the report, the comparison, the research page and the handbook, so that a column is
called and shown the same wherever it appears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

UNKNOWN = "–"
LONG_MS = 1000.0
"""From here on milliseconds are shown as seconds."""


@dataclass(frozen=True)
class Measure:
    """One figure of a summary.

    Attributes:
        key: its name in a `covers.metrics/1` document
        label: its name over a column
        unit: `ms`, `share` (0..1, shown as percent), `score` (0..1, shown as it is), `s` or `MiB`
        lower_is_better: whether a small figure is a good one
        meaning: what it is, in a phrase; documents carry exact definitions
        short: its name over a column of single covers, where `label` speaks of many
    """

    key: str
    label: str
    unit: str
    lower_is_better: bool
    meaning: str
    short: str = ""

    @property
    def cover_label(self) -> str:
        """Its name over a column of single covers."""
        return self.short or self.label

    @property
    def plain_unit(self) -> str:
        """The unit of `show_plain`, empty for a score."""
        return {"share": "%", "score": ""}.get(self.unit, self.unit)

    def show_plain(self, figure: float | None) -> str:
        """A figure without its unit, which is the same however large the figure is."""
        if figure is None:
            return UNKNOWN
        scale, digits = self._scale()
        return f"{scale * figure:.{digits}f}"

    def _scale(self) -> tuple[float, int]:
        """What a figure is multiplied with, and its decimals."""
        known = {"share": (100.0, 1), "score": (1.0, 3), "MiB": (1.0, 0)}
        return known.get(self.unit, (1.0, 1))

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
        low, high = interval
        scale, digits = self._scale()
        is_long = self.unit == "ms" and max(abs(low), abs(high)) >= LONG_MS
        if is_long:
            scale = 1 / 1000  # [ms] / [ms/s] = [s]
        dash = " – " if low >= 0 else " to "
        shown = dash.join(f"{each * scale:.{digits}f}" for each in interval)
        return f"{shown} s" if is_long else shown


def _within(limit_ms: int) -> Measure:
    return Measure(
        f"within_{limit_ms}", f"≤ {limit_ms} ms", "share", False,
        f"share of marks with an error of at most {limit_ms} ms, unmapped marks being misses",
    )  # fmt: skip


POOLED = (
    Measure(
        "pooled_median_ms", "median, all marks", "ms", True,
        "median error of the marks of all covers together, every cover weighing the same",
    ),
    Measure(
        "pooled_p90_ms", "p90, all marks", "ms", True,
        "90th percentile of the errors of all covers together, every cover weighing the same",
    ),
)  # fmt: skip

ALIGNMENT = (
    *POOLED,
    Measure(
        "median_ms", "median, mean of covers", "ms", True,
        "median error of a cover's marks, mean over covers; an unmapped cover counts 10 s",
        "median",
    ),
    Measure(
        "p90_ms", "p90, mean of covers", "ms", True,
        "90th percentile of a cover's errors, mean over covers; an unmapped cover counts 10 s",
        "p90",
    ),
    *(_within(limit_ms) for limit_ms in (25, 50, 70, 100, 200)),
    Measure(
        "within_50_alike", "≤ 50 ms, like sections", "share", False,
        "share of marks within 50 ms where any section that is alike counts as the right one",
    ),
    Measure("unmapped", "unmapped", "share", True, "share of marks that the map leaves out"),
    Measure(
        "wrong_beat", "wrong beat", "share", True,
        "share of marks off by more than half a beat, or unmapped",
    ),
    Measure(
        "wrong_section", "wrong section", "share", True,
        "share of marks mapped into another section of the reference, or unmapped",
    ),
    Measure(
        "attribution", "attribution", "share", True,
        "share of cover time wrongly called the song, or wrongly called something else",
    ),
    Measure("splice_f", "splice F", "share", False, "F-measure of cuts and repeats within 0.5 s"),
    Measure(
        "switch_within_25", "switch ≤ 25 ms", "share", False,
        "share of switches between two covers whose errors differ by at most 25 ms",
    ),
    Measure(
        "switch_within_50", "switch ≤ 50 ms", "share", False,
        "share of switches between two covers whose errors differ by at most 50 ms",
    ),
)  # fmt: skip

SCREENING = (
    Measure("eer", "EER", "share", True, "rate at which false accepts equal misses"),
    Measure(
        "recall_at_1_percent", "recall at 1 % FA", "share", False,
        "share of the song's recordings accepted where 1 % of the others are",
    ),
)  # fmt: skip

CONFIDENCE = (
    Measure(
        "confidence_auroc", "confidence AUROC", "score", False,
        "probability that a bad cover has a lower confidence than a good one",
    ),
    Measure(
        "kept_within_50", "≤ 50 ms, surest 90 %", "share", False,
        "share of marks within 50 ms of the covers left when the tenth least sure is dropped",
    ),
)  # fmt: skip

BEATS = (
    Measure("beat_f", "beat F", "share", False, "F-measure of beats within 70 ms"),
    Measure("beat_cmlt", "beat CMLt", "share", False, "beats in right stretches, tempo exact"),
    Measure("beat_amlt", "beat AMLt", "share", False, "the same, half and double tempo allowed"),
    Measure("downbeat_f", "downbeat F", "share", False, "F-measure of first beats of bars"),
    Measure("downbeat_cmlt", "downbeat CMLt", "share", False, "CMLt of first beats of bars"),
    Measure("downbeat_amlt", "downbeat AMLt", "share", False, "AMLt of first beats of bars"),
)

SECTIONS = (
    Measure("section_hr05", "HR.5F", "share", False, "F-measure of boundaries within 0.5 s"),
    Measure("section_inner_hr05", "inner HR.5F", "share", False, "without first and last boundary"),
    Measure("section_hr3", "HR3F", "share", False, "F-measure of boundaries within 3 s"),
    Measure("section_pairwise_f", "pairwise F", "share", False, "F-measure of equal labels"),
    Measure("map_section_hr05", "HR.5F by map", "share", False, "of sections that the map brings"),
    Measure("map_section_hr3", "HR3F by map", "share", False, "of sections that the map brings"),
    Measure(
        "map_section_pairwise_f", "pairwise F by map", "share", False,
        "of sections that the map brings",
    ),
)  # fmt: skip

COST = (
    Measure("seconds_per_cover", "s per cover", "s", True, "of one thread, decoding included"),
    Measure(
        "warm_seconds_per_cover", "s, reference at hand", "s", True,
        "of one thread, with all that concerns the reference alone at hand",
    ),
    Measure("seconds_per_minute", "s per minute", "s", True, "per minute of audio, of both files"),
    Measure("cold_seconds", "s, fresh process", "s", True, "longest pair, imports included"),
    Measure("peak_mib", "peak memory", "MiB", True, "of a fresh process on the longest pair"),
)  # fmt: skip

MEASURES = {
    each.key: each for each in (*ALIGNMENT, *SCREENING, *CONFIDENCE, *BEATS, *SECTIONS, *COST)
}


def figure_of(row: Mapping[str, Any], key: str) -> float | None:
    """A figure of a summary or of a cover's row, `None` where it was not measured."""
    found = row.get(key)
    return float(found) if isinstance(found, int | float) else None


FEWEST_TO_WIN = 3
"""On fewer recordings nothing is called the best."""


def best_of(measure: Measure, rows: Sequence[Mapping[str, Any]], n: int) -> float | None:
    """The best figure of several rows, each of so many recordings.

    `None` where there are not two to compare, where all are equal, and for too few recordings.
    """
    found = [figure for each in rows if (figure := figure_of(each, measure.key)) is not None]
    if n < FEWEST_TO_WIN or len(set(found)) < 2:
        return None
    return min(found) if measure.lower_is_better else max(found)


def interval_of(summary: Mapping[str, Any], key: str) -> tuple[float, float] | None:
    """The 95 % interval of a summary's figure, `None` where there is none."""
    found = (summary.get("intervals") or {}).get(key)
    return None if found is None else (float(found[0]), float(found[1]))


OWN_DATASETS = frozenset(
    {"simulated-test", "edited-real", "screening", "beats", "schubert-d911-03"}
)
"""Data sets that this program builds; what it says of its own figures holds for these alone."""

REJECTED = "taken for another song"
_NOT_THE_SONG = ("unrelated", "background")


def rejected_covers(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Song and file of each cover whose map is empty because a method called it another song."""
    verdicts = {
        (row["song"], row["file"]): (row.get("relation") or {}).get("estimate")
        for row in document.get("screening") or []
        if not row.get("error")
    }
    return {
        key
        for row in document.get("covers") or []
        if not row.get("error")
        and figure_of(row, "unmapped") == 1
        and verdicts.get(key := (str(row.get("song", "")), str(row.get("file", ""))))
        in _NOT_THE_SONG
    }
