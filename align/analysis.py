"""One recording -> its beats, downbeats, tempo and sections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.descriptors import Descriptors
from align.features import Features
from align.likeness import Heard
from align.pulse import decode_pulse
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


def analyse_heard(features: Features, descriptors: Descriptors, heard: Heard) -> MusicAnalysis:
    """Beats, downbeats and sections of what the networks heard."""
    pulse = decode_pulse(heard.pulse.beat.astype(float), heard.pulse.downbeat.astype(float))
    inside = pulse.beats_s < features.duration_s
    beats_s = pulse.beats_s[inside]
    downbeats_s = beats_s[pulse.positions[inside] == 1]
    return MusicAnalysis(
        duration_s=features.duration_s,
        beats_s=beats_s,
        downbeats_s=downbeats_s,
        sections=find_sections(downbeats_s, features, descriptors, heard.places.embedding),
        tempo_bpm=pulse.tempo_bpm,
    )
