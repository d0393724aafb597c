"""What `tests.benchmarks.switching` measures, and its goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

GOAL_P95_MS = 10.0
GOAL_STEP_LU = 1.0
GOAL_START_MS = 300.0
GOAL_STRAY = 0.35


@dataclass
class Figures:
    """What was measured. Offsets in ms."""

    beats_ms: list[float] = field(default_factory=list)
    centres_ms: list[float] = field(default_factory=list)
    crossovers_ms: list[float] = field(default_factory=list)
    steps_lu: list[float] = field(default_factory=list)
    strays: list[float] = field(default_factory=list)
    pairs: set[tuple[float, float]] = field(default_factory=set)
    in_step_ms: list[float] = field(default_factory=list)
    long_in_step_ms: list[float] = field(default_factory=list)
    first_sounds_ms: list[float] = field(default_factory=list)
    instant_ms: list[float] = field(default_factory=list)
    starved: int = 0
    lost: int = 0
    others: int = 0

    @property
    def invalid(self) -> int:
        """Recordings that say nothing about switching."""
        return self.starved + self.lost + self.others


def report(figures: Figures) -> None:
    """Print what was measured, line by line with its goal."""
    _say_p95("old beat to new beat", figures.beats_ms)
    _say_p95("crossfade centre to its beat", figures.centres_ms)
    _say_p95("three players in step", figures.in_step_ms)
    _say_p95("in step, without switches", figures.long_in_step_ms)
    if figures.crossovers_ms:
        print(describe("crossover to its schedule", figures.crossovers_ms))
    if figures.strays:
        most = max(figures.strays)
        line = (
            f"mix off both sounds as faded by plan: {np.median(figures.strays):.0%} of the level "
            f"(median), {most:.0%} in the worst 6 ms of all switches"
        )
        _say(line, most <= GOAL_STRAY, f"no hole: {GOAL_STRAY:.0%} at most")
    if figures.steps_lu:
        line = describe("loudness at a switch", figures.steps_lu, unit="LU")
        most_lu = max(map(abs, figures.steps_lu))
        _say(line, most_lu <= GOAL_STEP_LU, f"max {GOAL_STEP_LU:.0f} LU")
    _say_most("play to first sound", figures.first_sounds_ms)
    _say_most("key to sound, cut at once", figures.instant_ms)
    tempi = {each for pair in figures.pairs for each in pair}
    print(f"pairs of tempi: {len(figures.pairs)}, of {len(tempi)} tempi")
    print(
        f"measured again: {figures.starved} with a hole in a player's own sound, "
        f"{figures.lost} with frames lost by the recorder, {figures.others} for other reasons"
    )


def describe(name: str, offsets: Sequence[float], unit: str = "ms") -> str:
    """One line: median, 95th percentile and maximum of the magnitudes, and the bias."""
    sizes = np.abs(offsets)
    return (
        f"{name:28s} n={len(sizes):4d}  median {np.median(sizes):5.2f}  "
        f"p95 {np.percentile(sizes, 95):5.2f}  max {sizes.max():5.2f}  "
        f"bias {np.median(offsets):+5.2f} {unit}"
    )


def _say_p95(name: str, offsets_ms: Sequence[float]) -> None:
    if offsets_ms:
        p95_ms = float(np.percentile(np.abs(offsets_ms), 95))
        _say(describe(name, offsets_ms), p95_ms <= GOAL_P95_MS, f"p95 {GOAL_P95_MS:.0f} ms")


def _say_most(name: str, times_ms: Sequence[float]) -> None:
    if times_ms:
        line = describe(name, times_ms)
        _say(line, max(times_ms) <= GOAL_START_MS, f"max {GOAL_START_MS:.0f} ms")


def _say(line: str, reached: bool, goal: str) -> None:
    print(f"{line}  [{goal}: {'reached' if reached else 'MISSED'}]")
