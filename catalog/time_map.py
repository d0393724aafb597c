"""The map between a Cover's time and its Reference's time.

A time map is a list of segments in the order of the cover. Inside one segment both times rise
strictly, so the map is piecewise linear and invertible there; between segments the reference
time may jump anywhere (a repeat, a cut, another order). Whatever lies outside every segment
belongs to nothing in the song: it is unmapped, and the answer is `None`.

Where two segments touch in cover time, the shared instant belongs to the later one.
Times are seconds; `tests/data/timemap_cases.json` is the contract shared with the player.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.errors import TimeMapError

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Segment:
    """One monotone stretch: knots of equal count, strictly increasing on both axes.

    Attributes:
        reference_s: times on the reference's timeline, (knots,)
        cover_s: times in the cover, (knots,)
        confidence: probability that the knot is right, 0..1, (knots,)
    """

    reference_s: Array
    cover_s: Array
    confidence: Array

    @classmethod
    def of(
        cls,
        reference_s: Sequence[float] | Array,
        cover_s: Sequence[float] | Array,
        confidence: Sequence[float] | Array | None = None,
    ) -> Segment:
        """Build and validate a segment; without `confidence` every knot is certain.

        Raises:
            TimeMapError: when lengths differ, a value is not finite or out of range, or a
                time axis does not increase strictly.
        """
        reference = np.asarray(reference_s, dtype=float)
        cover = np.asarray(cover_s, dtype=float)
        certain = np.ones(len(cover)) if confidence is None else np.asarray(confidence, dtype=float)
        _validate(reference, cover, certain)
        return cls(reference, cover, certain)

    @property
    def start_s(self) -> float:
        """First mapped cover time."""
        return float(self.cover_s[0])

    @property
    def end_s(self) -> float:
        """Last mapped cover time."""
        return float(self.cover_s[-1])


@dataclass(frozen=True)
class TimeMap:
    """Segments ordered by cover time, never overlapping in it. An empty map is valid."""

    segments: tuple[Segment, ...] = ()

    def __post_init__(self) -> None:
        for earlier, later in zip(self.segments, self.segments[1:], strict=False):
            if later.start_s < earlier.end_s:
                raise TimeMapError(
                    f"segments overlap in cover time: one ends at {earlier.end_s} s, "
                    f"the next starts at {later.start_s} s"
                )

    @classmethod
    def identity(cls, duration_s: float) -> TimeMap:
        """The map of the reference onto itself."""
        return cls((Segment.of([0.0, duration_s], [0.0, duration_s]),))

    @classmethod
    def from_json(cls, segments: Iterable[Mapping[str, Any]]) -> TimeMap:
        """Read the `segments` list of an alignment document.

        Raises:
            TimeMapError: when a key is missing or the contract is broken.
        """
        try:
            parsed = tuple(
                Segment.of(each["reference_s"], each["cover_s"], each["confidence"])
                for each in segments
            )
        except KeyError as error:
            raise TimeMapError(f"segment without {error.args[0]!r}") from error
        except (TypeError, ValueError) as error:
            raise TimeMapError(f"segment with something else than numbers: {error}") from error
        return cls(parsed)

    def to_json(self) -> list[dict[str, list[float]]]:
        """The `segments` list: times rounded to 0.1 ms, confidence to 0.001."""
        return [
            {
                "reference_s": np.round(each.reference_s, 4).tolist(),
                "cover_s": np.round(each.cover_s, 4).tolist(),
                "confidence": np.round(each.confidence, 3).tolist(),
            }
            for each in self.segments
        ]

    @property
    def tempo_ratio(self) -> float:
        """Seconds of reference per second of cover over the whole map; 1 for an empty one."""
        cover_s = sum(each.cover_s[-1] - each.cover_s[0] for each in self.segments)
        reference_s = sum(each.reference_s[-1] - each.reference_s[0] for each in self.segments)
        return round(float(reference_s / cover_s), 4) if cover_s else 1.0

    @property
    def spans_ms(self) -> list[list[int]]:
        """Which parts of the reference's timeline are played: start and end of each segment."""
        return [
            [round(float(edge_s) * 1000) for edge_s in each.reference_s[[0, -1]]]
            for each in self.segments
        ]

    def segment_at(self, cover_s: float) -> int | None:
        """Index of the segment that owns a cover time; of two that touch, the later."""
        for index in range(len(self.segments) - 1, -1, -1):
            if self.segments[index].start_s <= cover_s <= self.segments[index].end_s:
                return index
        return None

    def reference_at(self, cover_s: float) -> float | None:
        """Reference time heard at a cover time, `None` where unmapped."""
        index = self.segment_at(cover_s)
        if index is None:
            return None
        segment = self.segments[index]
        return float(np.interp(cover_s, segment.cover_s, segment.reference_s))

    def confidence_at(self, cover_s: float) -> float | None:
        """Confidence at a cover time, interpolated between knots, `None` where unmapped."""
        index = self.segment_at(cover_s)
        if index is None:
            return None
        segment = self.segments[index]
        return float(np.interp(cover_s, segment.cover_s, segment.confidence))

    def rate_at(self, cover_s: float) -> float | None:
        """Seconds of reference per second of cover; at a knot, the slope that follows it."""
        index = self.segment_at(cover_s)
        if index is None:
            return None
        segment = self.segments[index]
        knot = int(np.searchsorted(segment.cover_s, cover_s, side="right")) - 1
        knot = min(knot, len(segment.cover_s) - 2)
        rise = segment.reference_s[knot + 1] - segment.reference_s[knot]
        return float(rise / (segment.cover_s[knot + 1] - segment.cover_s[knot]))

    def covers_at(self, reference_s: float) -> list[float]:
        """Policy `all`: every cover time that plays a reference time, in cover order."""
        return [
            float(np.interp(reference_s, each.reference_s, each.cover_s))
            for each in self.segments
            if each.reference_s[0] <= reference_s <= each.reference_s[-1]
        ]

    def first_cover_at(self, reference_s: float) -> float | None:
        """Policy `first`: the earliest such cover time."""
        return min(self.covers_at(reference_s), default=None)

    def nearest_cover_at(self, reference_s: float, near_cover_s: float) -> float | None:
        """Policy `nearest`: the one closest to `near_cover_s`, the earlier of two equals."""
        return min(
            self.covers_at(reference_s),
            key=lambda cover_s: abs(cover_s - near_cover_s),
            default=None,
        )


def _validate(reference_s: Array, cover_s: Array, confidence: Array) -> None:
    if not len(reference_s) == len(cover_s) == len(confidence):
        raise TimeMapError(
            f"segment with {len(reference_s)} reference times, {len(cover_s)} cover times "
            f"and {len(confidence)} confidences: all three must have one value per knot"
        )
    if len(cover_s) < 2:
        raise TimeMapError(f"segment with {len(cover_s)} knots: at least 2 are needed")
    for name, values in (("reference_s", reference_s), ("cover_s", cover_s)):
        if not np.all(np.isfinite(values)):
            raise TimeMapError(f"{name} holds a value that is not finite")
        if np.any(np.diff(values) <= 0):
            knot = int(np.argmax(np.diff(values) <= 0))
            raise TimeMapError(
                f"{name} must be strictly increasing, but {values[knot]} is followed by "
                f"{values[knot + 1]}"
            )
    if not np.all((confidence >= 0) & (confidence <= 1)):
        raise TimeMapError(f"confidence must lie in 0..1, got {confidence.tolist()}")
