"""Two recordings -> what the Cover is to the Reference, and its time map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from align.analysis import MusicAnalysis, analyse_heard
from align.anchors import NO_ANCHORS, Anchors
from align.audio import Audio, load_audio
from align.descriptors import Descriptors, describe
from align.features import Features, compute_features
from align.knots import build_time_map
from align.likeness import Boundaries, Heard, LearnedLikeness, Likeness, spread
from align.matching import Match, MatchingConfig, match_recordings
from align.melody import as_levels, lay_on_each_other
from align.network.hearing import Listener
from align.network.weights import FOLDER
from align.refinement import FineRun, RefinementConfig, refine_run
from align.relation import Judgement, Traits, judge_traits, load_judge, measure_traits
from align.runs import Run, attach_anchors, find_runs
from align.same_recording import Lock, lock_to_waveform
from catalog.lifecycle import Relation
from catalog.time_map import TimeMap

Vector = npt.NDArray[np.float32]

MODEL = "places-pulse-3"
"""Name of the tracker, on every document and row: raise its number when results change."""
COPY_CENTS = 50.0
"""A copy that runs faster sounds higher to the same degree, within this."""
COPY_MISS_S = 0.1
"""A copy's straight line that misses an anchor by more than this is not that stretch's."""


@dataclass(frozen=True)
class Track:
    """One recording with all that is computed of it alone.

    Attributes:
        audio: the samples, absent when only features were kept
        analysis: what was found in it before, absent when that is still to be done
    """

    features: Features
    descriptors: Descriptors
    heard: Heard
    audio: Audio | None = None
    analysis: MusicAnalysis | None = None

    @classmethod
    def read(cls, path: Path) -> Track:
        """From a file.

        Raises:
            MediaError: when it holds no usable sound.
        """
        return cls.of(load_audio(path))

    @classmethod
    def of(cls, audio: Audio, features: Features | None = None, *, weights: Path = FOLDER) -> Track:
        """From sound, with features computed unless they are at hand."""
        features = features or compute_features(audio)
        descriptors = describe(features)
        heard = Heard.of(Listener(features, weights), descriptors)
        return cls(features, descriptors, heard, audio)

    def analyse(self) -> MusicAnalysis:
        """Beats, downbeats and sections."""
        return self._analysis

    @cached_property
    def _analysis(self) -> MusicAnalysis:
        return self.analysis or analyse_heard(self.features, self.descriptors, self.heard)

    def boundaries(self) -> Vector:
        """Likelihood that a section begins near each coarse frame, (place frames,)."""
        begins = self._analysis.begins
        return spread(begins.bars_s, begins.likelihood, len(self.heard.places.embedding))


@dataclass(frozen=True)
class CoverAlignment:
    """A cover on its reference's timeline.

    Attributes:
        confidence: probability that at least 80 % of the beats lie within 50 ms, 0 without a map
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
    traits: Traits


def place_cover(reference: Track, cover: Track, *, anchors: Anchors = NO_ANCHORS) -> Placement:
    """Match and refine by what the networks hear.

    Raises:
        AnchorError: when an anchor lies outside a recording.
    """
    begin = Boundaries(reference.boundaries(), cover.boundaries())
    likeness = LearnedLikeness(reference.heard, cover.heard, begin)
    return place_by(likeness, reference, cover, anchors=anchors)


def place_by(
    likeness: Likeness,
    reference: Track,
    cover: Track,
    *,
    config: MatchingConfig | None = None,
    refinement: RefinementConfig | None = None,
    anchors: Anchors = NO_ANCHORS,
) -> Placement:
    """Match and refine by any likeness of the two recordings."""
    anchors.refuse_outside(reference.features.duration_s, cover.features.duration_s)
    match = match_recordings(likeness, config=config, anchors=anchors)
    runs = attach_anchors(find_runs(match), anchors, match.frame_rate)
    rows = likeness.fine_rows(match.transposition_semitones) if runs else ()
    found = [refine_run(run, *rows, config=refinement) for run in runs]
    locks = _lock(reference, cover, found, match.transposition_semitones)
    locks = [_heed(lock, fine, run) for lock, fine, run in zip(locks, found, runs, strict=True)]
    fine_runs = tuple(lock.run for lock in locks)
    melody = _same_melody(reference, cover, fine_runs, match.transposition_semitones)
    traits = measure_traits(match, runs, fine_runs, locks, melody)
    return Placement(match, runs, fine_runs, traits)


def screen_cover(reference: Track, cover: Track) -> Judgement:
    """What a recording is to the song of a reference."""
    return _judge(place_cover(reference, cover), cover)


def align_tracks(
    reference: Track,
    cover: Track,
    reference_analysis: MusicAnalysis,
    *,
    anchors: Anchors = NO_ANCHORS,
) -> CoverAlignment:
    """The time map of a cover; an unrelated one has an empty map, transposition and confidence 0.

    The map passes exactly through every anchor; a cover that has any is never unrelated.

    Raises:
        AnchorError: when an anchor lies outside a recording.
    """
    placement = place_cover(reference, cover, anchors=anchors)
    judgement, match = _judge(placement, cover), placement.match
    if len(anchors):
        judgement = judgement.of_the_song()
    if judgement.relation is Relation.UNRELATED:
        return CoverAlignment(judgement, TimeMap(), 0.0, 0, 0.0, match)
    time_map = map_placement(placement, reference_analysis)
    transposition, cents = _tuning(reference, cover, match.transposition_semitones)
    confidence = judgement.confidence if time_map.segments else 0.0
    return CoverAlignment(judgement, time_map, confidence, transposition, cents, match)


def map_placement(placement: Placement, reference_analysis: MusicAnalysis) -> TimeMap:
    """Knots at the reference's beats along the runs of a placement."""
    return build_time_map(placement.runs, placement.fine_runs, reference_analysis.beats_s)


def _judge(placement: Placement, cover: Track) -> Judgement:
    return judge_traits(placement.traits, load_judge(cover.heard.listener.weights))


def _same_melody(
    reference: Track, cover: Track, fine_runs: Sequence[FineRun], semitones: int
) -> float:
    """Logit that both play one melody where they are laid on each other, 0 where too little is."""
    listener = cover.heard.listener
    pairs = lay_on_each_other(
        reference.heard.listener.levels, listener.levels.transposed(-semitones), fine_runs
    )
    return 0.0 if pairs is None else listener.same_melody(as_levels(pairs))


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


def _heed(lock: Lock, fine: FineRun, run: Run) -> Lock:
    """The lock, with the run as it was where its line misses an anchor."""
    off_s = lock.run.reference_at(run.anchors.cover_s) - run.anchors.reference_s
    return lock if np.all(np.abs(off_s) <= COPY_MISS_S) else replace(lock, run=fine)


def _cents(reference: Track, cover: Track, semitones: int) -> float:
    """How much higher the cover sounds."""
    return 100 * semitones + cover.features.tuning_cents - reference.features.tuning_cents


def _tuning(reference: Track, cover: Track, semitones: int) -> tuple[int, float]:
    """Whole semitones and the cents beside them, both positive where the cover sounds higher."""
    cents = _cents(reference, cover, semitones)
    whole = round(cents / 100)
    return whole, cents - 100 * whole
