"""Instruments from a General MIDI soundfont, rendered sample-exactly with tinysoundfont."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.synthesis import Audio
from catalog.errors import InputError

CHANNEL = 0


class SoundFontError(InputError):
    """A soundfont that is not there or cannot be read."""


class SoundFont:
    """A soundfont file, loaded once. tinysoundfont (pip) is needed only when one is opened."""

    def __init__(self, path: Path, *, sample_rate: int) -> None:
        if not path.is_file():
            raise SoundFontError(f"soundfont={str(path)!r} is not a file")
        import tinysoundfont

        self._synth = tinysoundfont.Synth(samplerate=sample_rate)
        self._id = self._synth.sfload(str(path))
        self._sample_rate = sample_rate

    def render(
        self,
        notes: Sequence[PlayedNote],
        instrument: Instrument,
        *,
        n_samples: int,
        tuning_cents: float,
    ) -> Audio:
        """Sound of one part. Returns (n_samples, 2)."""
        self._synth.sounds_off(CHANNEL)
        bank = 128 if instrument.is_drums else 0
        self._synth.program_select(CHANNEL, self._id, bank, instrument.program, instrument.is_drums)
        self._synth.set_tuning(CHANNEL, 0.0 if instrument.is_drums else tuning_cents / 100)
        self._synth.generate_simple(self._sample_rate // 10)
        blocks, position = [], 0
        early_s = instrument.attack_ms / 1000
        for sample, is_on, pitch, velocity in _events(notes, early_s, self._sample_rate, n_samples):
            blocks.append(self._generate(sample - position))
            position = sample
            if is_on:
                self._synth.noteon(CHANNEL, pitch, velocity)
            else:
                self._synth.noteoff(CHANNEL, pitch)
        blocks.append(self._generate(n_samples - position))
        return np.concatenate(blocks)

    def _generate(self, n_samples: int) -> Audio:
        if n_samples <= 0:
            return np.zeros((0, 2), dtype=np.float32)
        return np.frombuffer(self._synth.generate_simple(n_samples), np.float32).reshape(-1, 2)


def _events(
    notes: Sequence[PlayedNote], early_s: float, sample_rate: int, n_samples: int
) -> list[tuple[int, bool, int, int]]:
    """Note offs and ons as (sample, is_on, pitch, velocity), offs first at one time.

    A key that is struck again while it sounds is let go just before.
    """
    events = []
    next_on: dict[int, int] = {}
    for note in sorted(notes, key=lambda each: each.start_s, reverse=True):
        on = max(0, round((note.start_s - early_s) * sample_rate))
        off = min(
            round((note.end_s - early_s) * sample_rate), next_on.get(note.pitch, n_samples) - 1
        )
        next_on[note.pitch] = on
        events.append((on, True, note.pitch, max(1, round(127 * note.velocity))))
        events.append((max(on + 1, off), False, note.pitch, 0))
    return sorted(event for event in events if event[0] < n_samples)
