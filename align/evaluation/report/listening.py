"""Errors made audible: the cover with the true marks as clicks on the left, a method's right.

Where both agree the clicks melt into one in the middle; an error of 20 ms is heard as a shift to
the earlier side, one of 50 ms as two clicks.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from align.audio import load_audio
from align.datasets.truth import Annotation
from align.evaluation.results import EvaluatedCover
from align.writing import write_atomically
from catalog.time_map import TimeMap

Samples = npt.NDArray[np.float32]
Seconds = npt.NDArray[np.float64]

CLICK_HZ = 1500.0
CLICK_S = 0.03
COVER_LEVEL, CLICK_LEVEL = 0.45, 0.5
BLOCK_FRAMES = 1 << 15
"""libsndfile overflows its stack on long blocks of Vorbis."""


def write_listening(path: Path, cover: EvaluatedCover) -> None:
    """Write a stereo OGG of one cover.

    Raises:
        MediaError: when the cover cannot be decoded.
        StorageError: when the file cannot be written.
    """
    annotation = cover.entry.annotation
    assert annotation is not None
    audio = load_audio(cover.entry.file)
    plain = COVER_LEVEL * audio.samples / max(float(np.abs(audio.samples).max()), 1e-6)
    clicks_s = annotation.cover_s, mapped_marks(cover.estimate, annotation)
    sides = [
        np.clip(plain + render_clicks(each, len(plain), audio.sample_rate), -1, 1)
        for each in clicks_s
    ]
    write_atomically(
        path, lambda temporary: _write(temporary, np.stack(sides, 1), audio.sample_rate)
    )


def mapped_marks(estimate: TimeMap | None, annotation: Annotation) -> Seconds:
    """Cover times at which a map puts the reference's marks, each as often as it plays them."""
    if estimate is None:
        return np.zeros(0)
    marks_s = np.unique(annotation.reference_s)
    return np.array(sorted(each for mark in marks_s for each in estimate.covers_at(float(mark))))


def render_clicks(times_s: Seconds, n_samples: int, sample_rate: int) -> Samples:
    """A short decaying tone at each time, (samples,)."""
    seconds = np.arange(round(CLICK_S * sample_rate)) / sample_rate
    click = CLICK_LEVEL * np.sin(2 * np.pi * CLICK_HZ * seconds) * np.exp(-150 * seconds)
    track = np.zeros(n_samples + len(click), dtype=np.float32)
    for time_s in times_s:
        start = round(float(time_s) * sample_rate)
        if 0 <= start < n_samples:
            track[start : start + len(click)] += click
    return track[:n_samples]


def _write(path: Path, stereo: Samples, sample_rate: int) -> None:
    import soundfile

    with soundfile.SoundFile(
        path, "w", sample_rate, channels=2, format="OGG", subtype="VORBIS"
    ) as target:
        for start in range(0, len(stereo), BLOCK_FRAMES):
            target.write(stereo[start : start + BLOCK_FRAMES])
