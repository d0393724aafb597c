"""Geometry of the statistics' charts, in units of a view box; templates draw them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 600.0, 140.0
GAP_SHARE = 0.25


@dataclass(frozen=True)
class Bar:
    """One day's bar, from the bottom, with what it stands for."""

    x: float
    y: float
    width: float
    height: float
    day: str
    time: str
    switches: int


def day_bars(days: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """A bar per day, as high as the time heard on it."""
    step = WIDTH / max(1, len(days))
    most = max((each["heard_ms"] for each in days), default=0) or 1
    bars = []
    for number, each in enumerate(days):
        height = round(HEIGHT * each["heard_ms"] / most, 1)
        bars.append(
            Bar(
                round(number * step, 1),
                round(HEIGHT - height, 1),
                round(step * (1 - GAP_SHARE), 1),
                height,
                each["day"],
                duration(each["heard_ms"]),
                each["switches"],
            )
        )
    return bars


def bar(part: float, whole: float) -> float:
    """Length of a bar of 0..100."""
    return round(100 * min(1.0, part / whole), 1) if whole else 0.0


def totals(days: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Sums over all days."""
    return {
        name: sum(each[name] for each in days)
        for name in ("plays", "switches", "loops", "heard_ms")
    }


def duration(heard_ms: int) -> str:
    """`3 h 20 min`, `4 min`, `12 s`."""
    seconds = heard_ms // 1000
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
