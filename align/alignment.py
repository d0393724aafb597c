"""Two recordings -> what the Cover is to the Reference, and its time map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from align.analysis import MusicAnalysis, analyse_features
from align.audio import Audio, load_audio
from align.descriptors import Descriptors, describe
from align.features import Features, compute_features
from align.knots import build_time_map
from align.matching import Match, match_recordings
from align.refinement import FineRun, refine_run
from align.relation import Judgement, judge_relation
from align.runs import Run, find_runs
from align.same_recording import Lock, lock_to_waveform
from catalog.lifecycle import Relation
from catalog.time_map import TimeMap

MODEL = "chroma-flux-1"
"""Name of the tracker, on every document and row: raise its number when results change."""
COPY_CENTS = 50.0
"""A copy that runs faster sounds higher to the same degree, within this."""


@dataclass(frozen=True)
class Track:
    """One recording with all that is computed of it alone.

    Attributes:
        audio: the samples, absent when only features were kept
    """

    features: Features
    descriptors: Descriptors
    audio: Audio | None = None

    @classmethod
    def read(cls, path: Path) -> Track:
        """From a file.

        Raises:
            MediaError: when it holds no usable sound.
        """
        return cls.of(load_audio(path))

    @classmethod
    def of(cls, audio: Audio, features: Features | None = None) -> Track:
        """From sound, with features computed unless they are at hand."""
        features = features or compute_features(audio)
        return cls(features, describe(features), audio)

    def analyse(self) -> MusicAnalysis:
        """Beats, downbeats and sections."""
        return analyse_features(self.features, self.descriptors)


@dataclass(frozen=True)
class CoverAlignment:
    """A cover on its reference's timeline.

    Attributes:
        confidence: that at least 80 % of the beats lie within 50 ms; a heuristic, not calibrated
        transposition_semitones: positive where the cover sounds higher
        tuning_cents: what remains beside whole semitones, positive where the cover sounds higher
        match: the coarse match, for plots
    """

    judgement: Judgement
    time_map: TimeMap
    confidence: float
    transposition_semitones: int
    tuning_cents: float
    match: Match


@dataclass(frozen=True)
class Placement:
    """Where a cover's runs lie, before beats are looked at.

    Attributes:
        runs: coarse, in cover order
        fine_runs: the same runs frame by frame, straight where the waveform holds them
    """

    match: Match
    runs: tuple[Run, ...]
    fine_runs: tuple[FineRun, ...]
    judgement: Judgement


def place_cover(reference: Track, cover: Track) -> Placement:
    """Match, refine and judge: all that screening needs."""
    match = match_recordings(reference.descriptors, cover.descriptors)
    in_key = reference.descriptors.transposed(match.transposition_semitones)
    runs = find_runs(match)
    fine_runs = [refine_run(run, in_key, cover.descriptors) for run in runs]
    locks = _lock(reference, cover, fine_runs, match.transposition_semitones)
    judgement = judge_relation(match, runs, fine_runs, locks)
    return Placement(match, runs, tuple(lock.run for lock in locks), judgement)


def align_tracks(
    reference: Track, cover: Track, reference_analysis: MusicAnalysis
) -> CoverAlignment:
    """The time map of a cover; an unrelated one has an empty map and transposition 0."""
    placement = place_cover(reference, cover)
    judgement, match = placement.judgement, placement.match
    if judgement.relation is Relation.UNRELATED:
        return CoverAlignment(judgement, TimeMap(), judgement.certainty, 0, 0.0, match)
    time_map = build_time_map(placement.runs, placement.fine_runs, reference_analysis.beats_s)
    transposition, cents = _tuning(reference, cover, match.transposition_semitones)
    confidence = judgement.certainty * _mean_confidence(time_map)
    return CoverAlignment(judgement, time_map, confidence, transposition, cents, match)


def _lock(
    reference: Track, cover: Track, fine_runs: Sequence[FineRun], semitones: int
) -> list[Lock]:
    """Compare waveforms where both are at hand and speed and pitch may be one recording's."""
    cents = _cents(reference, cover, semitones)
    locks = []
    for fine in fine_runs:
        copy_cents = 1200 * np.log2(fine.tempo_ratio)
        if reference.audio is None or cover.audio is None or abs(copy_cents - cents) > COPY_CENTS:
            locks.append(Lock(fine, 0.0, holds=False))
        else:
            locks.append(lock_to_waveform(reference.audio, cover.audio, fine))
    return locks


def _cents(reference: Track, cover: Track, semitones: int) -> float:
    """How much higher the cover sounds."""
    return 100 * semitones + cover.features.tuning_cents - reference.features.tuning_cents


def _tuning(reference: Track, cover: Track, semitones: int) -> tuple[int, float]:
    """Whole semitones and the cents beside them, both positive where the cover sounds higher."""
    cents = _cents(reference, cover, semitones)
    whole = round(cents / 100)
    return whole, cents - 100 * whole


def _mean_confidence(time_map: TimeMap) -> float:
    """Mean over all knots, 0 for an empty map."""
    if not time_map.segments:
        return 0.0
    return float(np.mean(np.concatenate([each.confidence for each in time_map.segments])))
