"""Marks of one recording, from a table, a JAMS file or a layer of Sonic Visualiser."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from align.datasets.truth import BeatTruth, SectionTruth
from align.datasets.validating import LARGEST_POSITION
from align.evaluation.loaders.imported import LayoutError
from align.evaluation.loaders.pairing import Events, checked_events
from align.evaluation.loaders.tables import (
    LABELS,
    POSITIONS,
    TIMES,
    column,
    optional_column,
    read_table,
    read_text,
    seconds,
    whole_number,
)

SECTIONS = ("segment_open", "segment_salami_function", "segment_tut", "multi_segment")


def read_csv_marks(path: Path) -> Events:
    """A table with a column of times and, if wanted, labels and places in the bar."""
    rows = read_table(path)
    time, label = column(rows, TIMES, path), optional_column(rows, LABELS)
    position = optional_column(rows, POSITIONS)
    time_s = np.array([seconds(cells, time, path, line) for line, cells in rows])
    _need_rising(time_s, [line for line, _ in rows], path)
    labels = tuple(cells[label] if label else "" for _, cells in rows)
    beats = None
    if position:
        places = [whole_number(cells[position], path, line) for line, cells in rows]
        beats = BeatTruth(time_s, np.array(places, dtype=np.int64))
    beats_per_mark = 1.0 if beats or label == "beat" else None
    return checked_events(Events(time_s, labels, path, beats=beats, beats_per_mark=beats_per_mark))


def read_jams(path: Path) -> Events:
    """The first annotation of beats of a JAMS file, and the first of sections.

    Raises:
        LayoutError: when it is no JAMS file or has neither.
    """
    try:
        annotations = json.loads(read_text(path))["annotations"]
        by_namespace = {
            each["namespace"]: _observations(each["data"]) for each in annotations[::-1]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LayoutError(
            f"{path} is not laid out like a JAMS file: write it with the jams package"
        ) from error
    beats = by_namespace.get("beat") or by_namespace.get("beat_position") or []
    sections = next((by_namespace[name] for name in SECTIONS if name in by_namespace), [])
    if not beats and not sections:
        known = ", ".join(sorted(by_namespace)) or "nothing"
        raise LayoutError(f"{path} annotates {known}: beat or segment_open is needed")
    return _jams_events(path, beats, sections)


def _jams_events(path: Path, beats: list[Any], sections: list[Any]) -> Events:
    try:
        time_s = np.array([float(each["time"]) for each in beats or sections])
        positions = [_position(each["value"]) for each in beats]
        spans = [[float(s["time"]), float(s["time"]) + float(s["duration"])] for s in sections]
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise LayoutError(
            f"{path} has an observation whose time, duration or value is missing or no number: "
            "write seconds, such as 12.34"
        ) from error
    _need_rising(time_s, list(range(1, len(time_s) + 1)), path)
    known = [each for each in positions if each is not None]
    names = tuple(str(each.get("value") or "") for each in sections)
    in_bar = beats and len(known) == len(beats)
    return checked_events(
        Events(
            time_s,
            ("",) * len(time_s) if beats else names,
            path,
            beats=BeatTruth(time_s, np.array(known, dtype=np.int64)) if in_bar else None,
            sections=SectionTruth(np.array(spans), names) if sections else None,
            beats_per_mark=1.0 if beats else None,
        )
    )


def _observations(content: Any) -> list[dict[str, Any]]:
    """JAMS lists observations, or in sparse form a list for each field."""
    if isinstance(content, dict):
        return [dict(zip(content, row, strict=True)) for row in zip(*content.values(), strict=True)]
    return list(content)


def _position(value: Any) -> int | None:
    fields = value.get("position") if isinstance(value, dict) else value
    if fields is None or not abs(float(fields)) <= LARGEST_POSITION:
        return None
    return int(fields)


def read_svl(path: Path) -> Events:
    """A layer of time instants or regions of Sonic Visualiser.

    Raises:
        LayoutError: when it is no such layer, or is XML that may not be trusted.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(read_text(path))
        model = next(root.iter("model"))
        rate = float(model.attrib["sampleRate"])
        points = sorted(root.iter("point"), key=lambda point: int(point.attrib["frame"]))
        frames = np.array([int(point.attrib["frame"]) for point in points], dtype=float)
        lengths = np.array([float(point.attrib.get("duration", 0)) for point in points])
    except DefusedXmlException as error:
        raise LayoutError(f"{path} declares XML entities: save the layer again") from error
    except (ParseError, StopIteration, KeyError, ValueError, OverflowError) as error:
        raise LayoutError(f"{path} is no layer of Sonic Visualiser: export it again") from error
    if not len(frames):
        raise LayoutError(f"{path} has no points: export a layer of time instants")
    if not 0 < rate < math.inf:
        raise LayoutError(f"{path} has sampleRate {rate:g}: export the layer again")
    # [frames] / [frames/s] = [s]
    time_s = frames / rate
    _need_rising(time_s, list(range(1, len(points) + 1)), path)
    labels = tuple(point.attrib.get("label", "") for point in points)
    sections = None
    if not np.any(lengths == 0):
        sections = SectionTruth(np.stack([time_s, time_s + lengths / rate], axis=1), labels)
    return checked_events(Events(time_s, labels, path, sections=sections))


def _need_rising(time_s: Any, lines: Sequence[int], path: Path) -> None:
    steps = np.flatnonzero(np.diff(time_s) <= 0)
    if len(steps):
        k = int(steps[0])
        raise LayoutError(
            f"{path}, line or entry {lines[k + 1]}: {time_s[k + 1]:.3f} s does not come after "
            f"{time_s[k]:.3f} s: sort the marks by time"
        )


READERS: dict[str, tuple[str, Callable[[Path], Events]]] = {
    "csv": (".csv", read_csv_marks),
    "jams": (".jams", read_jams),
    "svl": (".svl", read_svl),
}
"""Layout -> extension of its files, and what reads one."""
