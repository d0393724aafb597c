"""Instruments as models: plucked, struck, bowed and blown strings and pipes, FM, a guitar rig.

Every General MIDI program is played by the model of its kind (`model_name`). Nothing here is
sampled. References: Karplus and Strong (1983) for plucked strings, Chowning (1973) for FM.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from align.simulation.arranging.styles import Instrument
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.amplifier import AMPLIFIERS, amplify, turn_knobs
from align.simulation.sound.fm import FM_SOUNDS, fm_tone
from align.simulation.sound.harmonics import Timbre, harmonic_tone
from align.simulation.sound.synthesis import Audio
from align.simulation.sound.tones import (
    Tone,
    ToneCache,
    ToneKey,
    lay_notes,
    measured_tone,
    needed_tones,
)

SWAY_S = 0.0005
SWAY_HZ = 0.9
WOOD = ((105.0, 5.0, 0.3), (210.0, 4.0, 0.3), (430.0, 2.0, 0.5))
FIDDLE = ((290.0, 5.0, 0.25), (460.0, 5.0, 0.25), (1100.0, 4.0, 0.5), (2700.0, 7.0, 0.6))
TIMBRES = {
    "piano": Timbre(0.9, pick=0.12, decay_s=1.6, damping=0.12, release_s=0.15,
                    unison_cents=(-1.0, 0.8), noise=0.25, noise_hz=700, noise_s=0.012),
    "harpsichord": Timbre(0.4, pick=0.09, decay_s=1.1, damping=0.05, release_s=0.08, noise=0.2),
    "nylon": Timbre(1.2, pick=0.27, decay_s=1.0, damping=0.35, peaks=WOOD, noise=0.15,
                    noise_hz=1500, noise_s=0.01),
    "steel": Timbre(0.7, pick=0.16, decay_s=1.5, damping=0.12, peaks=WOOD, noise=0.3,
                    noise_hz=4000, noise_s=0.012),
    "clean": Timbre(0.8, pick=0.21, decay_s=1.8, damping=0.15, noise=0.1),
    "muted": Timbre(0.9, pick=0.2, decay_s=0.09, damping=0.2, release_s=0.05, noise=0.3),
    "driven": Timbre(0.7, pick=0.14, decay_s=2.5, damping=0.06, release_s=0.06, noise=0.4,
                     noise_hz=2500, noise_s=0.008),
    "upright": Timbre(1.3, pick=0.3, decay_s=0.7, damping=0.5, peaks=WOOD, noise=0.3,
                      noise_hz=900, noise_s=0.015),
    "bass": Timbre(1.0, pick=0.22, decay_s=1.8, damping=0.3, noise=0.15, noise_hz=1800),
    "synth_bass": Timbre(0.9, attack_s=0.003, decay_s=1.5, damping=0.6, release_s=0.05),
    "pizzicato": Timbre(1.1, pick=0.3, decay_s=0.25, damping=0.4, peaks=FIDDLE, noise=0.2),
    "harp": Timbre(1.3, pick=0.4, decay_s=1.3, damping=0.35, release_s=0.6),
    "timpani": Timbre(1.6, decay_s=0.8, damping=1.0, release_s=0.5, noise=0.4, noise_hz=200),
    "bowed": Timbre(0.8, attack_s=0.07, bloom=0.02, release_s=0.15, peaks=FIDDLE,
                    vibrato_cents=22, noise=0.06, noise_hz=4000, noise_s=None),
    "section": Timbre(1.0, attack_s=0.12, bloom=0.03, release_s=0.3, peaks=FIDDLE,
                      unison_cents=(-9, -3, 4, 10), vibrato_cents=14, noise=0.05, noise_s=None),
    "choir": Timbre(1.1, attack_s=0.12, release_s=0.3, unison_cents=(-8, 0, 7), vibrato_cents=18,
                    peaks=((700, 12, 0.25), (1150, 9, 0.25), (2700, 8, 0.3)), noise=0.04,
                    noise_s=None),
    "brass": Timbre(0.7, attack_s=0.035, bloom=0.022, release_s=0.1, vibrato_cents=6,
                    peaks=((700, 4, 0.6), (1400, 5, 0.6))),
    "brass_section": Timbre(0.7, attack_s=0.03, bloom=0.02, release_s=0.1,
                            unison_cents=(-6, 1, 6), peaks=((1000, 5, 0.8),)),
    "horn": Timbre(1.4, attack_s=0.05, bloom=0.03, release_s=0.12, peaks=((450, 6, 0.6),)),
    "single_reed": Timbre(0.9, even=0.15, attack_s=0.03, release_s=0.08, vibrato_cents=4,
                          peaks=((1500, 4, 0.6),), noise=0.03, noise_s=None),
    "double_reed": Timbre(0.6, attack_s=0.025, release_s=0.08, vibrato_cents=9,
                          peaks=((1000, 8, 0.4), (3000, 5, 0.4))),
    "saxophone": Timbre(0.8, attack_s=0.025, bloom=0.01, release_s=0.08, vibrato_cents=14,
                        peaks=((600, 5, 0.5), (1500, 4, 0.5)), noise=0.06, noise_s=None),
    "flute": Timbre(2.0, even=0.7, attack_s=0.05, release_s=0.1, vibrato_cents=14, noise=0.15,
                    noise_hz=2500, noise_s=None),
    "organ": Timbre(1.0, even=0.6, attack_s=0.006, release_s=0.05, vibrato_cents=5,
                    vibrato_hz=6.4, noise=0.1, noise_hz=2000, noise_s=0.006),
    "accordion": Timbre(0.8, attack_s=0.03, release_s=0.07, unison_cents=(-7, 7),
                        peaks=((900, 4, 0.7), (2600, 4, 0.5))),
    "square": Timbre(1.0, even=0.0, attack_s=0.002, release_s=0.04, vibrato_cents=8),
    "saw": Timbre(0.9, attack_s=0.003, release_s=0.06, unison_cents=(-9, 0, 9)),
    "pad": Timbre(1.3, attack_s=0.18, bloom=0.06, release_s=0.5, unison_cents=(-7, 0, 6),
                  vibrato_cents=6),
}  # fmt: skip
# The first program of each stretch of General MIDI programs that a model plays.
PROGRAMS = (
    (0, "piano"), (4, "electric_piano"), (6, "harpsichord"), (8, "bell"), (12, "mallet"),
    (14, "bell"), (15, "steel"), (16, "organ"), (21, "accordion"), (24, "nylon"), (25, "steel"),
    (26, "clean"), (28, "muted"), (29, "driven"), (31, "clean"),
    (32, "upright"), (33, "bass"), (37, "fm_bass"), (38, "synth_bass"), (40, "bowed"),
    (45, "pizzicato"), (46, "harp"), (47, "timpani"), (48, "section"), (52, "choir"),
    (55, "brass_section"), (56, "brass"), (60, "horn"), (61, "brass_section"),
    (64, "saxophone"), (68, "double_reed"), (71, "single_reed"), (72, "flute"), (80, "square"),
    (81, "saw"), (88, "pad"), (104, "steel"), (108, "mallet"), (109, "double_reed"),
    (110, "bowed"), (112, "bell"), (115, "mallet"), (119, "pad"),
)  # fmt: skip


def model_name(program: int) -> str:
    """The model that plays a General MIDI program (from 0)."""
    return next(name for first, name in reversed(PROGRAMS) if first <= program)


@dataclass
class ModelSource:
    """Plays every pitched instrument with the model of its program."""

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
        name = model_name(instrument.program)

        def make(wanted: Mapping[ToneKey, float]) -> dict[ToneKey, Tone]:
            return {key: self._make(name, key, held_s) for key, held_s in wanted.items()}

        tones = self._cache.fetch(name, needed_tones(notes), make)
        clean = lay_notes(notes, tones, n_samples=n_samples, sample_rate=self.sample_rate)
        if instrument.program not in AMPLIFIERS:
            return clean
        amplifier = turn_knobs(AMPLIFIERS[instrument.program], rng)
        takes = self._double(notes, tones, clean, rng) if amplifier.doubled else clean
        return amplify(takes, amplifier, sample_rate=self.sample_rate, rng=rng)

    def _double(
        self,
        notes: Sequence[PlayedNote],
        tones: Mapping[ToneKey, Tone],
        clean: Audio,
        rng: np.random.Generator,
    ) -> Audio:
        """Played twice, a take for each side, as rhythm guitars of metal are recorded."""
        scatter_s = 0.004 * rng.standard_normal(len(notes))
        again = [
            replace(note, start_s=max(0.0, note.start_s + late_s))
            for note, late_s in zip(notes, scatter_s, strict=True)
        ]
        second = lay_notes(again, tones, n_samples=len(clean), sample_rate=self.sample_rate)
        # The second guitar is never quite in tune: a sway of half a millisecond makes 5 cents.
        at = np.arange(len(clean), dtype=np.float64)
        sway = SWAY_S * np.sin(2 * np.pi * SWAY_HZ / self.sample_rate * at + rng.uniform(0, 6))
        swayed = np.interp(at + sway * self.sample_rate, at, second[:, 0])
        return np.stack([clean[:, 0], swayed.astype(np.float32)], axis=1)

    def _make(self, name: str, key: ToneKey, held_s: float) -> Tone:
        rng = np.random.default_rng((key.pitch, round(100 * key.strength), len(name)))
        if name in FM_SOUNDS:
            release_s = FM_SOUNDS[name].release_s
            mono: NDArray[np.float32] = fm_tone(
                FM_SOUNDS[name], key.pitch, key.strength, length_s=held_s + release_s,
                sample_rate=self.sample_rate,
            )  # fmt: skip
        else:
            timbre = TIMBRES[name]
            release_s = timbre.release_s
            mono = harmonic_tone(
                timbre, key.pitch, key.strength, length_s=held_s + release_s,
                sample_rate=self.sample_rate, rng=rng,
            )  # fmt: skip
        stereo = np.stack([mono, mono], axis=1)
        return measured_tone(stereo, sample_rate=self.sample_rate, release_s=release_s)
