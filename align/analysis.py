"""One recording -> its beats, downbeats, tempo and sections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.activations import beat_activation
from align.beats import decode_beats, tempo_bpm
from align.descriptors import Descriptors, describe
from align.downbeats import find_downbeats
from align.features import Features
from align.sections import Section, find_sections

Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MusicAnalysis:
    """What is known of one recording by itself.

    Attributes:
        beats_s: (beats,)
        downbeats_s: those beats that begin a bar, (downbeats,)
        tempo_bpm: median tempo, `None` without beats
    """

    duration_s: float
    beats_s: Seconds
    downbeats_s: Seconds
    sections: tuple[Section, ...]
    tempo_bpm: float | None


def analyse_features(features: Features, descriptors: Descriptors | None = None) -> MusicAnalysis:
    """Find beats, downbeats and sections of a recording."""
    descriptors = descriptors or describe(features)
    beats_s = decode_beats(beat_activation(features))
    beats_s = beats_s[beats_s < features.duration_s]
    downbeats_s = find_downbeats(beats_s, features, descriptors)
    return MusicAnalysis(
        duration_s=features.duration_s,
        beats_s=beats_s,
        downbeats_s=downbeats_s,
        sections=find_sections(downbeats_s, features, descriptors),
        tempo_bpm=tempo_bpm(beats_s),
    )
