"""Small charts in tables: a bar of a share, and a cover's median and p90 on a logarithmic scale.

Only geometry, in the units of a view box; the templates draw it and the words stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.measures import figure_of

WIDTH = 200
SHORTEST_MS, LONGEST_MS = 1.0, 10_000.0
TICKS_MS = ((10, "10 ms"), (100, "100 ms"), (1000, "1 s"))


@dataclass(frozen=True)
class Span:
    """From one place to another on a chart `WIDTH` wide."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """How wide it is."""
        return round(self.end - self.start, 1)


def share_bar(share: float | None) -> Span | None:
    """A bar from the left as long as a share of 0..1."""
    return None if share is None else Span(0, round(WIDTH * min(max(share, 0.0), 1.0), 1))


def error_span(cover: Mapping[str, Any]) -> Span | None:
    """A cover's errors from median to p90."""
    median_ms, p90_ms = figure_of(cover, "median_ms"), figure_of(cover, "p90_ms")
    if median_ms is None or p90_ms is None:
        return None
    return Span(place_ms(median_ms), place_ms(max(median_ms, p90_ms)))


def place_ms(error_ms: float) -> float:
    """Where an error stands on the logarithmic scale."""
    bounded_ms = min(max(error_ms, SHORTEST_MS), LONGEST_MS)
    reach = math.log(LONGEST_MS / SHORTEST_MS)
    return round(WIDTH * math.log(bounded_ms / SHORTEST_MS) / reach, 1)


def ticks() -> list[tuple[float, str]]:
    """Places and words under the logarithmic scale."""
    return [(place_ms(error_ms), words) for error_ms, words in TICKS_MS]
