"""Beats and sections of one recording, by mir_eval.

Raffel et al., "mir_eval: A transparent implementation of common MIR metrics", ISMIR 2014. Beats
before 5 s are not judged and the tolerance is 70 ms, both as mir_eval has them; AMLt allows half
and double tempo and off-beats. Sections are trimmed or padded to the truth's span; hit rates
count the first and the last boundary too, and `section_inner_hr05` does not.
"""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

from align.datasets.truth import BeatTruth, SectionTruth

Seconds = npt.NDArray[np.float64]
Scores = dict[str, float | None]

BEAT_SCORES = (
    "beat_f", "beat_cmlt", "beat_amlt", "downbeat_f", "downbeat_cmlt", "downbeat_amlt",
)  # fmt: skip
SECTION_SCORES = ("section_hr05", "section_hr3", "section_inner_hr05", "section_pairwise_f")


def score_beats(truth: BeatTruth, beats_s: Seconds, downbeats_s: Seconds | None) -> Scores:
    """`BEAT_SCORES` of one recording; those of downbeats `None` where a method finds none."""
    scores = _score_events("beat", truth.time_s, beats_s)
    if downbeats_s is None or not len(truth.downbeats_s):
        return scores | {name: None for name in BEAT_SCORES if name.startswith("downbeat")}
    return scores | _score_events("downbeat", truth.downbeats_s, downbeats_s)


def score_sections(truth: SectionTruth, spans_s: Seconds, labels: tuple[str, ...]) -> Scores:
    """`SECTION_SCORES` of one recording."""
    from mir_eval.segment import detection, pairwise
    from mir_eval.util import adjust_intervals

    end_s = float(truth.spans_s.max())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mir_eval warns of empty spans, which score 0
        annotated = adjust_intervals(truth.spans_s, labels=list(truth.labels), t_min=0.0)
        found = adjust_intervals(spans_s, labels=list(labels), t_min=0.0, t_max=end_s)
        inner = detection(annotated[0], found[0], window=0.5, trim=True)
        return {
            "section_hr05": float(detection(annotated[0], found[0], window=0.5)[2]),
            "section_hr3": float(detection(annotated[0], found[0], window=3.0)[2]),
            "section_inner_hr05": float(inner[2]),
            "section_pairwise_f": float(pairwise(*annotated, *found)[2]),
        }


def _score_events(name: str, truth_s: Seconds, found_s: Seconds) -> Scores:
    from mir_eval.beat import continuity, f_measure, trim_beats

    truth_s, found_s = trim_beats(truth_s), trim_beats(np.asarray(found_s, dtype=float))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mir_eval warns of empty lists, which score 0
        _, cmlt, _, amlt = continuity(truth_s, found_s)
        return {
            f"{name}_f": float(f_measure(truth_s, found_s)),
            f"{name}_cmlt": float(cmlt),
            f"{name}_amlt": float(amlt),
        }
