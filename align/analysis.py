"""One recording -> its beats, downbeats, tempo and sections."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from align.descriptors import Descriptors
from align.features import Features
from align.likeness import Heard
from align.pulse import Pulse, decode_pulse
from align.sections import Begins, Section, find_sections

Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True)
class MusicAnalysis:
    """What is known of one recording by itself.

    Attributes:
        beats_s: (beats,)
        downbeats_s: those beats that begin a bar, (downbeats,)
        tempo_bpm: median tempo, `None` without beats
        begins: how likely a section begins with each bar, unknown where only sections were kept
    """

    duration_s: float
    beats_s: Seconds
    downbeats_s: Seconds
    sections: tuple[Section, ...]
    tempo_bpm: float | None
    begins: Begins = field(default_factory=Begins.unknown)


def analyse_heard(features: Features, descriptors: Descriptors, heard: Heard) -> MusicAnalysis:
    """Beats, downbeats and sections of what the networks heard."""
    pulse = hear_beats(features, heard)
    sections, begins = find_sections(pulse.downbeats_s, features, descriptors, heard)
    return MusicAnalysis(
        duration_s=features.duration_s,
        beats_s=pulse.beats_s,
        downbeats_s=pulse.downbeats_s,
        sections=sections,
        begins=begins,
        tempo_bpm=pulse.tempo_bpm,
    )


def hear_beats(features: Features, heard: Heard) -> Pulse:
    """Beats and their places in the bar, inside the recording."""
    pulse = decode_pulse(heard.pulse.beat.astype(float), heard.pulse.downbeat.astype(float))
    inside = (pulse.beats_s >= 0) & (pulse.beats_s < features.duration_s)
    return Pulse(pulse.beats_s[inside], pulse.positions[inside])
