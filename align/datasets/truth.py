"""What is known of a recording: marks, beats, sections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Annotation:
    """Marks of one cover, sorted by cover time.

    Attributes:
        reference_s: (marks,)
        cover_s: (marks,)
        segment: index of the monotone stretch, (marks,)
        foreign_s: spans of the cover that are not the song, (spans, 2)
        beats_per_mark: 1 where marks are beats, `None` where it is unknown
    """

    reference_s: Seconds
    cover_s: Seconds
    segment: Indices
    foreign_s: Seconds
    beats_per_mark: float | None

    def same_segment(self, mark: int) -> Indices:
        """A mark and its direct neighbours within its segment."""
        near = np.arange(max(0, mark - 1), min(len(self.segment), mark + 2))
        return np.asarray(near[self.segment[near] == self.segment[mark]])


@dataclass(frozen=True)
class BeatTruth:
    """Beats of one recording.

    Attributes:
        time_s: (beats,)
        position: 1-based place in the bar, (beats,)
    """

    time_s: Seconds
    position: Indices

    @property
    def downbeats_s(self) -> Seconds:
        """Beats that begin a bar, (downbeats,)."""
        return np.asarray(self.time_s[self.position == 1])


@dataclass(frozen=True)
class SectionTruth:
    """Sections of one recording, in order.

    Attributes:
        spans_s: start and end, (sections, 2)
        labels: alike sections have equal ones
    """

    spans_s: Seconds
    labels: tuple[str, ...]
