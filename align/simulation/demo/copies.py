"""Copies of one recording: the same performance uploaded again, later, duller, quieter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.signal import butter, sosfilt

from align.simulation.demo.rendering import Rendition
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.mix import master
from align.simulation.sound.synthesis import VOICES, Audio, tone
from align.simulation.truth import Span, Truth

IDENT_PITCHES = (67, 72, 76, 79)


@dataclass(frozen=True)
class CopyPlan:
    """How a copy differs: sound before it, its band limits in Hz, its loudness."""

    lead_in_s: float = 4.37
    low_cut_hz: float = 90.0
    high_cut_hz: float = 9000.0
    loudness_lufs: float = -20.0


def copy_recording(original: Rendition, plan: CopyPlan) -> Rendition:
    """Put an ident before the recording and filter it; times move by exactly `lead_in_s`."""
    rate = original.sample_rate
    n_lead = round(plan.lead_in_s * rate)
    shift_s = n_lead / rate
    band = butter(2, (plan.low_cut_hz, plan.high_cut_hz), "band", fs=rate, output="sos")
    filtered = sosfilt(band, original.audio, axis=0)
    audio = np.concatenate([ident(n_lead, sample_rate=rate), filtered])
    audio = master(audio, sample_rate=rate, target_lufs=plan.loudness_lufs)
    notes = tuple(
        replace(note, start_s=note.start_s + shift_s, end_s=note.end_s + shift_s)
        for note in original.notes
    )
    truth = shift_truth(original.truth, shift_s)
    return Rendition(audio, rate, truth, notes, original.style)


def shift_truth(truth: Truth, shift_s: float) -> Truth:
    """The truth of a copy that begins `shift_s` later; what comes before is foreign."""
    return replace(
        truth,
        relation="same_recording",
        duration_s=truth.duration_s + shift_s,
        beats_s=tuple(t + shift_s for t in truth.beats_s),
        marks=tuple(replace(mark, time_s=mark.time_s + shift_s) for mark in truth.marks),
        sections=tuple(_later(span, shift_s) for span in truth.sections),
        foreign=(Span(0.0, shift_s), *(_later(span, shift_s) for span in truth.foreign)),
    )


def ident(n_samples: int, *, sample_rate: int) -> Audio:
    """A channel's jingle: a rising chord of bells. Returns (n_samples, 2)."""
    mono = np.zeros(n_samples, dtype=np.float32)
    for i, pitch in enumerate(IDENT_PITCHES):
        note = PlayedNote(0.3 + 0.22 * i, 1.6, pitch, 0.8, 0)
        sound = 0.12 * tone(note, VOICES["bell"], sample_rate)
        start = round(note.start_s * sample_rate)
        end = min(n_samples, start + len(sound))
        mono[start:end] += sound[: end - start]
    return np.stack([mono, mono], axis=1)


def _later(span: Span, shift_s: float) -> Span:
    return replace(span, start_s=span.start_s + shift_s, end_s=span.end_s + shift_s)
