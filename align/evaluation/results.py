"""What an evaluation hands on: the document that is kept, and the maps behind it.

The document has the schema `covers.metrics/1`. Shares lie in 0..1, and what was not measured is
`None`:

    schema, dataset, truth (see `align.datasets.digest`), method, source, model, version,
    definitions, licence, command
    covers     one row per annotated cover: song, file, kind, relation, split, wrong_section,
               median_ms, p90_ms, within_25 .. within_200, unmapped, wrong_beat, attribution,
               splices {annotated, estimated, matched}, map_section_hr05, map_section_hr3,
               map_section_pairwise_f, confidence, seconds, error. A cover that
               failed has its error and the scores of an empty map.
    screening  song, file, kind, split, relation {annotation, estimate}, score, relation_scores,
               seconds, error
    beats      song, file, kind, beat_f, beat_cmlt, beat_amlt, downbeat_f, downbeat_cmlt,
               downbeat_amlt, seconds, error
    sections   song, file, kind, section_hr05, section_hr3, section_pairwise_f, seconds, error
    summary    see `align.evaluation.summary`
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from align.datasets.reading import CoverEntry
from catalog.time_map import TimeMap

Document = dict[str, Any]


@dataclass(frozen=True)
class EvaluatedCover:
    """One annotated cover as one method mapped it.

    Attributes:
        estimate: `None` where the method failed
        errors_ms: signed, of each mark, infinite where unmapped, (marks,)
    """

    entry: CoverEntry
    estimate: TimeMap | None
    errors_ms: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Evaluation:
    """One method on one data set."""

    document: Document
    covers: tuple[EvaluatedCover, ...]
