"""Our additive voices and modelled drums as a sound source. Needs only numpy and scipy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.drumkit import find_drum, strike
from align.simulation.sound.synthesis import VOICES, Audio, Voice, tone
from align.simulation.sound.tones import (
    Tone,
    ToneCache,
    ToneKey,
    lay_notes,
    measured_tone,
    needed_tones,
)

# Partials of a quiet tone: amplitude times strength ** (DARKNESS * (ratio - 1))
DARKNESS = 0.15


@dataclass
class AdditiveSource:
    """Plays every instrument with its `voice`, and drums."""

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
            return {key: self._make(key, instrument, held_s) for key, held_s in wanted.items()}

        family = "drums" if instrument.is_drums else instrument.voice
        tones = self._cache.fetch(family, needed_tones(notes), make)
        return lay_notes(notes, tones, n_samples=n_samples, sample_rate=self.sample_rate)

    def _make(self, key: ToneKey, instrument: Instrument, held_s: float) -> Tone:
        if instrument.is_drums:
            rng = np.random.default_rng((key.pitch, round(100 * key.strength)))
            drum = find_drum(key.pitch)
            mono = key.strength**1.5 * strike(drum, sample_rate=self.sample_rate, rng=rng)
            release_s = 0.0
        else:
            voice = _darker(VOICES[instrument.voice], key.strength)
            note = PlayedNote(0.0, held_s + voice.release_s, key.pitch, key.strength, 0)
            mono = key.strength**1.5 * tone(note, voice, self.sample_rate)
            release_s = 2 * voice.release_s
        return measured_tone(
            np.stack([mono, mono], axis=1).astype(np.float32),
            sample_rate=self.sample_rate,
            release_s=release_s,
            rings=instrument.is_drums,
        )


def _darker(voice: Voice, strength: float) -> Voice:
    partials = tuple(
        (ratio, amplitude * strength ** (DARKNESS * (ratio - 1)))
        for ratio, amplitude in voice.partials
    )
    return replace(voice, partials=partials)
