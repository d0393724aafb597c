"""Instruments from a General MIDI soundfont, rendered sample-exactly with tinysoundfont."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.amplifier import AMPLIFIERS, amplify, turn_knobs
from align.simulation.sound.samples import STAND_INS
from align.simulation.sound.synthesis import Audio
from align.simulation.sound.tones import (
    Tone,
    ToneCache,
    ToneKey,
    lay_notes,
    measured_tone,
    needed_tones,
)
from catalog.errors import InputError

CHANNEL = 0
# Seconds that a note sounds on after its end, by family of eight General MIDI programs.
RELEASES_S = (0.3, 0.6, 0.15, 0.25, 0.12, 0.2, 0.3, 0.15, 0.15, 0.15, 0.1, 0.5, 0.4, 0.25, 0.4, 0.3)
DRUM_RING_S = 2.0
SYNTH_RATE = 44100
# Distorted guitars are recorded note by note in soundfonts, which no chord through one amplifier
# sounds like: this share of such parts is the clean guitar through our amplifier.
AMPED_SHARE = 0.6
CLEAN_GUITAR = 27
GAP_S = 0.05


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


@cache
def _load_synth(path: Path) -> tuple[Any, int]:
    """A synthesiser with a soundfont in it: one for all sources of a file, for they are large."""
    import tinysoundfont

    synth = tinysoundfont.Synth(samplerate=SYNTH_RATE)
    try:
        return synth, synth.sfload(str(path))
    except (RuntimeError, tinysoundfont.SoundFontException) as error:
        raise SoundFontError(f"{path} cannot be read, fetch its material again: {error}") from error


class SoundFontSource:
    """A soundfont that plays parts of tones kept for reuse.

    Tones are made at 44.1 kHz one after the other and brought to the wanted rate in one go, so
    that nothing is folded back from above half the sample rate.
    """

    def __init__(self, path: Path, *, sample_rate: int, program: int | None = None) -> None:
        self.sample_rate = sample_rate
        self._program = program
        self._synth, self._id = _load_synth(path)
        self._cache = ToneCache()

    def render(
        self,
        notes: Sequence[PlayedNote],
        instrument: Instrument,
        *,
        n_samples: int,
        rng: np.random.Generator,
    ) -> Audio:
        """The sound of one part. Returns (n_samples, 2)."""
        bank = 128 if instrument.is_drums else 0
        program = instrument.program if self._program is None else self._program
        amplifier = AMPLIFIERS.get(program) if bank == 0 and rng.random() < AMPED_SHARE else None
        if amplifier is not None:
            program = CLEAN_GUITAR

        def make(wanted: Mapping[ToneKey, float]) -> dict[ToneKey, Tone]:
            return self._make(wanted, bank, program)

        tones = self._cache.fetch((bank, program), needed_tones(notes), make)
        dry = lay_notes(notes, tones, n_samples=n_samples, sample_rate=self.sample_rate)
        if amplifier is None:
            return dry
        return amplify(dry, turn_knobs(amplifier, rng), sample_rate=self.sample_rate, rng=rng)

    def _make(
        self, wanted: Mapping[ToneKey, float], bank: int, program: int
    ) -> dict[ToneKey, Tone]:
        is_drums = bank == 128
        self._synth.program_select(CHANNEL, self._id, bank, program, is_drums)
        release_s = 0.0 if is_drums else RELEASES_S[program // 8]
        lasting_s = {
            key: DRUM_RING_S if is_drums else held_s + release_s for key, held_s in wanted.items()
        }
        sounds = self._strike(lasting_s)
        if is_drums:
            sounds |= self._stand_in(lasting_s, [key for key in wanted if not sounds[key].any()])
        return {
            key: measured_tone(
                sound, sample_rate=self.sample_rate, release_s=release_s, rings=is_drums
            )
            for key, sound in sounds.items()
        }

    def _stand_in(
        self, lasting_s: Mapping[ToneKey, float], silent: Sequence[ToneKey]
    ) -> dict[ToneKey, Audio]:
        """The nearest drum that the kit has, for each that it has not."""
        found = {}
        for key in silent:
            for pitch in STAND_INS.get(key.pitch, ()):
                other = replace(key, pitch=pitch)
                found[key] = self._strike({other: lasting_s[key]})[other]
                if found[key].any():
                    break
        return found

    def _strike(self, lasting_s: Mapping[ToneKey, float]) -> dict[ToneKey, Audio]:
        """Each key alone for its seconds, at the source's sample rate."""
        blocks = []
        for key, length_s in lasting_s.items():
            self._synth.noteon(CHANNEL, key.pitch, round(127 * key.strength))
            blocks.append(self._generate(length_s))
            self._synth.sounds_off(CHANNEL)
            blocks.append(0 * self._generate(GAP_S))
        struck = soxr.resample(np.concatenate(blocks), SYNTH_RATE, self.sample_rate)
        sounds, start_s = {}, 0.0
        for key, length_s in lasting_s.items():
            start = round(start_s * self.sample_rate)
            end = round((start_s + length_s) * self.sample_rate)
            sounds[key] = np.array(struck[start:end], dtype=np.float32)
            start_s += length_s + GAP_S
        return sounds

    def _generate(self, length_s: float) -> Audio:
        samples = self._synth.generate_simple(round(length_s * SYNTH_RATE))
        return np.frombuffer(samples, np.float32).reshape(-1, 2)
