"""Drum kits of single samples, one for each General MIDI drum; `kits.toml` says which."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr

from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.synthesis import Audio
from align.simulation.sound.tones import (
    Tone,
    ToneCache,
    ToneKey,
    lay_notes,
    measured_tone,
    needed_tones,
)
from catalog.errors import SourceError

KITS_FILE = Path(__file__).parent / "kits.toml"
LONGEST_S = 2.5
FADE_S = 0.05
# What stands in for a drum that a kit has not, the nearest first.
STAND_INS = {
    35: (36,), 37: (39, 38), 39: (37, 38), 40: (38,), 43: (41, 45), 47: (45, 48), 50: (48, 45),
    44: (42,), 46: (42,), 52: (49, 57), 53: (51,), 54: (42,), 55: (49,), 56: (51, 37),
    57: (49,), 59: (51,), 60: (48,), 61: (45,), 62: (48,), 63: (48,), 64: (45,), 65: (48,),
    66: (45,), 67: (56, 53), 68: (56, 53), 69: (42,), 70: (42,), 75: (37,), 76: (37,), 77: (37,),
    80: (53,), 81: (53,), 82: (42,),
}  # fmt: skip


@cache
def load_kits() -> dict[str, dict[int, str]]:
    """Files of every kit by drum number."""
    tables = tomllib.loads(KITS_FILE.read_text(encoding="utf-8"))
    return {name: {int(n): file for n, file in kit.items()} for name, kit in tables.items()}


@dataclass
class SampleSource:
    """A kit in a folder."""

    folder: Path
    sample_rate: int
    _cache: ToneCache = field(default_factory=ToneCache, repr=False)

    def render(
        self,
        notes: Sequence[PlayedNote],
        instrument: Instrument,
        *,
        n_samples: int,
        rng: np.random.Generator,
    ) -> Audio:
        """The sound of one part. Returns (n_samples, 2)."""

        def make(wanted: Mapping[ToneKey, float]) -> dict[ToneKey, Tone]:
            return {key: self._make(key) for key in wanted}

        tones = self._cache.fetch("kit", dict.fromkeys(needed_tones(notes), 0.0), make)
        return lay_notes(notes, tones, n_samples=n_samples, sample_rate=self.sample_rate)

    def _make(self, key: ToneKey) -> Tone:
        kit = load_kits()[self.folder.name]
        found = next(
            (drum for drum in (key.pitch, *STAND_INS.get(key.pitch, ())) if drum in kit), 38
        )
        sound = key.strength**1.5 * _read_sample(self.folder / kit[found], self.sample_rate)
        return measured_tone(sound, sample_rate=self.sample_rate, release_s=0.0, rings=True)


def _read_sample(path: Path, sample_rate: int) -> Audio:
    """A sample at the wanted rate with its peak at 1. Returns (n, 2)."""
    try:
        sound, own_rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise SourceError(f"{path} cannot be read, fetch its material again: {error}") from error
    sound = np.repeat(sound, 2, axis=1) if sound.shape[1] == 1 else sound[:, :2]
    sound = np.asarray(soxr.resample(sound, own_rate, sample_rate), dtype=np.float32)
    sound = sound[: round(LONGEST_S * sample_rate)].copy()
    n_fade = min(len(sound), round(FADE_S * sample_rate))
    sound[len(sound) - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)[:, None]
    return np.asarray(sound / max(1e-6, float(np.abs(sound).max())), dtype=np.float32)
