"""Moments that a person has fixed: at this time of the Cover, the Reference is exactly there.

Few are enough, even one. Whoever gives them has said that the Cover is the Song, so a map must
pass through each; where it lies between them is still found by ear. Neighbours that rise on both
axes may be one stretch; where the Reference falls back, or stands still, lies a jump.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from catalog.errors import InputError

Seconds = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]

LEAST_GAP_S = 0.02
"""Knots closer than this say nothing and make slopes wild."""
SOONEST_JUMP_S, LONGEST_STEP_S = 0.2, 0.5
"""Anchors closer than the first in the cover are one stretch, and at most the second apart."""
END_TOLERANCE_S = 0.001
"""Durations are written with four decimals."""


class AnchorError(InputError):
    """Anchors that contradict each other or the recordings: names the anchor and a remedy."""


@dataclass(frozen=True)
class Anchors:
    """Sorted by cover time, free of contradictions where built by `of`.

    Attributes:
        reference_s: (anchors,)
        cover_s: (anchors,)
        held: whether no jump may lie between an anchor and the one before it, (anchors,)
        places: what messages call them, such as `fixed.csv, line 3`, (anchors,)
    """

    reference_s: Seconds
    cover_s: Seconds
    held: Flags
    places: tuple[str, ...]

    @classmethod
    def of(
        cls,
        reference_s: Sequence[float] | Seconds,
        cover_s: Sequence[float] | Seconds,
        *,
        segment: Sequence[int] | Indices | None = None,
        places: Sequence[str] | None = None,
    ) -> Anchors:
        """Sort and check anchors.

        Parameters
        ----------
        reference_s, cover_s
            one value per anchor, in any order
        segment
            number of the monotone stretch that each lies on, rising with the cover; without it,
            where stretches end is found by ear

        Raises
        ------
        AnchorError
            when a time is not finite, or two anchors cannot both be right
        """
        places = places or [f"anchor {number}" for number in range(1, len(cover_s) + 1)]
        for place, times_s in zip(places, zip(reference_s, cover_s, strict=True), strict=True):
            if not np.all(np.isfinite(times_s)):
                raise AnchorError(f"{place}: {times_s[0]}, {times_s[1]} are no times: give seconds")
        order = np.argsort(np.asarray(cover_s, dtype=float), kind="stable")
        numbers = np.arange(len(order)) if segment is None else np.asarray(segment)[order]
        sorted_s = np.asarray(cover_s, dtype=float)[order]
        same_segment = np.diff(numbers, prepend=numbers[:1] - 1) == 0
        anchors = cls(
            reference_s=np.asarray(reference_s, dtype=float)[order],
            cover_s=sorted_s,
            held=same_segment | (np.diff(sorted_s, prepend=-np.inf) < SOONEST_JUMP_S),
            places=tuple(places[each] for each in order),
        )
        anchors._refuse_contradictions(numbers)
        return anchors

    def __len__(self) -> int:
        return len(self.cover_s)

    def __getitem__(self, which: Indices | Sequence[int]) -> Anchors:
        """Some of them, in the same order."""
        chosen = np.asarray(which, dtype=np.int64)
        return Anchors(
            self.reference_s[chosen],
            self.cover_s[chosen],
            self.held[chosen],
            tuple(self.places[each] for each in chosen),
        )

    def rises(self, earlier: int, later: int) -> bool:
        """Whether two anchors can lie on one stretch."""
        return bool(self.reference_s[later] - self.reference_s[earlier] >= LEAST_GAP_S)

    def stretches(self) -> list[list[int]]:
        """Their numbers, those that are held together in one list."""
        found: list[list[int]] = []
        for anchor in range(len(self)):
            if found and self.held[anchor]:
                found[-1].append(anchor)
            else:
                found.append([anchor])
        return found

    def refuse_outside(self, reference_duration_s: float, cover_duration_s: float) -> None:
        """Check that all lie within both recordings.

        Raises:
            AnchorError: when one does not.
        """
        for name, times_s, duration_s in (
            ("reference", self.reference_s, reference_duration_s),
            ("cover", self.cover_s, cover_duration_s),
        ):
            for place, time_s in zip(self.places, times_s, strict=True):
                if not 0 <= time_s <= duration_s + END_TOLERANCE_S:
                    raise AnchorError(
                        f"{place}: {name}_s {time_s:g} lies outside the {name}, which lasts "
                        f"{duration_s:.3f} s: correct or remove it"
                    )

    def _refuse_contradictions(self, segment: Indices) -> None:
        for earlier, later in pairwise(range(len(self))):
            wrong = self._contradiction(earlier, later, segment)
            if wrong is not None:
                raise AnchorError(f"{self.places[later]}: {wrong}")

    def _contradiction(self, earlier: int, later: int, segment: Indices) -> str | None:
        """Why an anchor cannot be right if the one before it is; `None` where it can."""
        gap_s = self.cover_s[later] - self.cover_s[earlier]
        step_s = self.reference_s[later] - self.reference_s[earlier]
        place, reference = self.places[earlier], f"reference_s {self.reference_s[later]:g}"
        if gap_s < LEAST_GAP_S:
            return (
                f"cover_s {self.cover_s[later]:g} with {reference} is the moment of {place} with "
                f"reference_s {self.reference_s[earlier]:g}: keep one of them"
            )
        if gap_s < SOONEST_JUMP_S and not LEAST_GAP_S <= step_s <= LONGEST_STEP_S:
            return (
                f"{reference} is a jump by {step_s:g} s only {gap_s:.3g} s after {place}: "
                "correct or remove one of them"
            )
        if segment[later] < segment[earlier]:
            return (
                f"segment {segment[later]} follows segment {segment[earlier]} of {place}: "
                "number segments in the order of the cover"
            )
        if self.held[later] and not self.rises(earlier, later):
            return f"{reference} does not rise from {place} in one segment: begin a new segment"
        return None


NO_ANCHORS = Anchors.of([], [])
"""What is asked for without any."""
