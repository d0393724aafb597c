"""A time map made audible: the reference's beats as clicks on the cover."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from align.analysis import MusicAnalysis
from align.audio import Audio
from align.writing import write_atomically
from catalog.time_map import TimeMap

Samples = npt.NDArray[np.float32]

BEAT_HZ, DOWNBEAT_HZ = 1000.0, 1600.0
CLICK_S = 0.03
COVER_LEVEL, CLICK_LEVEL = 0.6, 0.5


def sonify_alignment(path: Path, cover: Audio, time_map: TimeMap, reference: MusicAnalysis) -> None:
    """Write a stereo WAV: the cover left, the cover with clicks right.

    A high click stands where a downbeat of the reference is mapped to, a low one at its other
    beats; unmapped spans have none.
    """
    import soundfile

    clicks = render_clicks(cover, time_map, reference)
    plain = COVER_LEVEL * cover.samples / max(float(np.abs(cover.samples).max()), 1e-6)
    stereo = np.stack([plain, np.clip(plain + clicks, -1, 1)], axis=1)
    write_atomically(
        path,
        lambda temporary: soundfile.write(
            temporary, stereo, cover.sample_rate, format="WAV", subtype="PCM_16"
        ),
    )


def render_clicks(cover: Audio, time_map: TimeMap, reference: MusicAnalysis) -> Samples:
    """The clicks alone, as long as the cover, (samples,)."""
    track = np.zeros(len(cover.samples), dtype=np.float32)
    downbeats = set(reference.downbeats_s.tolist())
    for beat_s in reference.beats_s.tolist():
        click = _click(DOWNBEAT_HZ if beat_s in downbeats else BEAT_HZ, cover.sample_rate)
        for cover_s in time_map.covers_at(beat_s):
            start = round(cover_s * cover.sample_rate)
            stop = min(start + len(click), len(track))
            track[start:stop] += click[: stop - start]
    return track


def _click(pitch_hz: float, sample_rate: int) -> Samples:
    seconds = np.arange(round(CLICK_S * sample_rate)) / sample_rate
    return (CLICK_LEVEL * np.sin(2 * np.pi * pitch_hz * seconds) * np.exp(-150 * seconds)).astype(
        np.float32
    )
