"""The recordings that are edited: stems on one timeline, marks, terms."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from align.audio import SAMPLE_RATE, Samples
from align.evaluation.datasets.edited.plan import Seconds
from align.materials import fetch_material, known_materials

SONGS = Path(__file__).with_name("songs.toml")
MARK_S = 0.5
BEATS_PER_BAR = 4
PEAK = 0.5


@dataclass(frozen=True)
class EditedSong:
    """One entry of `songs.toml`.

    Attributes:
        stems: name -> file of the material
        start_s, duration_s: the excerpt that is the Reference
        tempo_bpm: `None` where marks are no beats but lie every `MARK_S`
        bars: whether every fourth beat from `first_beat_s` on is known to begin a bar
    """

    id: str
    material: str
    stems: Mapping[str, str]
    start_s: float
    duration_s: float
    split: str
    tempo_bpm: float | None = None
    first_beat_s: float = 0.0
    bars: bool = False

    @property
    def licence(self) -> str:
        """Terms of the recording."""
        return known_materials()[self.material].licence

    @property
    def mark_s(self) -> float:
        """From one mark to the next."""
        return MARK_S if self.tempo_bpm is None else 60 / self.tempo_bpm

    def marks_s(self) -> Seconds:
        """Marks of the excerpt in its own seconds, (marks,)."""
        return (self._numbers() * self.mark_s) + self.first_beat_s - self.start_s

    def positions(self) -> Seconds:
        """1-based place of each mark in its bar, counting bars of four from the first beat."""
        return self._numbers() % BEATS_PER_BAR + 1

    def _numbers(self) -> Seconds:
        first = np.ceil((self.start_s - self.first_beat_s) / self.mark_s)
        last = np.floor((self.start_s + self.duration_s - self.first_beat_s) / self.mark_s)
        return np.arange(first, last + 1)

    def read_stems(self) -> dict[str, Samples]:
        """The excerpt's stems at `SAMPLE_RATE`, their sum peaking at `PEAK`, (n,) each."""
        folder = fetch_material(self.material)
        stems = {name: self._read(folder / file) for name, file in self.stems.items()}
        peak = float(np.abs(np.sum(list(stems.values()), axis=0)).max())
        return {name: samples * np.float32(PEAK / peak) for name, samples in stems.items()}

    def _read(self, path: Path) -> Samples:
        import soundfile
        import soxr

        rate = soundfile.info(path).samplerate
        samples, _ = soundfile.read(
            path, start=round(self.start_s * rate), frames=round(self.duration_s * rate),
            dtype="float32", always_2d=True,
        )  # fmt: skip
        mono = soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE)
        n_samples = round(self.duration_s * SAMPLE_RATE)
        return np.asarray(np.pad(mono, (0, max(0, n_samples - len(mono))))[:n_samples], np.float32)


@lru_cache(maxsize=1)
def edited_songs() -> dict[str, EditedSong]:
    """Every entry of `songs.toml` by its id."""
    entries = tomllib.loads(SONGS.read_text(encoding="utf-8"))
    return {name: EditedSong(id=name, **fields) for name, fields in entries.items()}
