"""What is known of a recording, as it lies beside it in a data set: marks, beats, sections."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

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
        beats_per_mark: 1 where marks are beats
    """

    reference_s: Seconds
    cover_s: Seconds
    segment: Indices
    foreign_s: Seconds
    beats_per_mark: float

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


def read_annotation(path: Path, media: Path) -> Annotation:
    """Marks of a CSV file, with foreign spans of the truth that lies beside the recording."""
    rows = _rows(path)
    truth_path = media.with_name(f"{media.stem}.truth.json")
    truth = json.loads(truth_path.read_text(encoding="utf-8")) if truth_path.exists() else {}
    return Annotation(
        reference_s=np.array([float(row["reference_s"]) for row in rows]),
        cover_s=np.array([float(row["cover_s"]) for row in rows]),
        segment=np.array([int(row["segment"]) for row in rows], dtype=np.int64),
        foreign_s=np.array(truth.get("foreign", []), dtype=float).reshape(-1, 2),
        beats_per_mark=float(truth.get("beats_per_mark", 1)),
    )


def read_beats(path: Path) -> BeatTruth | None:
    """Beats of a CSV file, `None` where there is none."""
    if not path.exists():
        return None
    rows = _rows(path)
    return BeatTruth(
        np.array([float(row["time_s"]) for row in rows]),
        np.array([int(row["position"]) for row in rows], dtype=np.int64),
    )


def read_sections(path: Path) -> SectionTruth | None:
    """Sections of a CSV file, `None` where there is none."""
    if not path.exists():
        return None
    rows = _rows(path)
    spans = [[float(row["start_s"]), float(row["end_s"])] for row in rows]
    return SectionTruth(np.array(spans).reshape(-1, 2), tuple(row["label"] for row in rows))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as source:
        return list(csv.DictReader(source))
