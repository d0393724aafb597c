"""Who sings, and what: bodies, vowels and consonants.

Vowels are the mean formants of Peterson and Barney (1952) for men; shorter vocal tracts raise
them. A consonant comes before its note: the vowel begins where the note does, as singers have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# First to third formant in Hz.
VOWELS_HZ = np.array(
    [
        (730, 1090, 2440),  # father
        (660, 1720, 2410),  # bat
        (530, 1840, 2480),  # bet
        (270, 2290, 3010),  # beet
        (570, 840, 2410),  # bought
        (300, 870, 2240),  # boot
        (640, 1190, 2390),  # but
        (390, 1990, 2550),  # bit
    ]
)
UPPER_HZ = (3400.0, 4500.0)
BANDWIDTHS_HZ = (70.0, 90.0, 130.0, 180.0, 250.0)
MURMUR_HZ = (270.0, 1150.0, 2200.0)  # m, n, l


@dataclass(frozen=True)
class Body:
    """A singer. `formant_ratio` 1 is a man's vocal tract, larger is shorter."""

    name: str
    formant_ratio: float
    breath: float
    vibrato_cents: float
    vibrato_hz: float
    lowest_pitch: int
    highest_pitch: int


@dataclass(frozen=True)
class Consonant:
    """What comes before a vowel. Levels are of the vowel's; `noise_hz` is where a hiss lies."""

    name: str
    length_s: float
    voicing: float
    noise: float
    noise_hz: float = 4000.0
    burst: float = 0.0


BODIES = (
    Body("bass", 0.95, 0.02, 35, 5.2, 38, 60),
    Body("tenor", 1.03, 0.02, 40, 5.6, 46, 68),
    Body("alto", 1.13, 0.03, 40, 5.6, 53, 74),
    Body("soprano", 1.2, 0.03, 50, 5.9, 58, 84),
    Body("child", 1.34, 0.04, 10, 5.0, 58, 84),
    Body("whisperer", 1.1, 0.14, 15, 5.0, 45, 76),
    Body("mezzo", 1.16, 0.04, 30, 6.3, 50, 78),
)
CONSONANTS = (
    Consonant("none", 0.0, 1.0, 0.0),
    Consonant("glide", 0.05, 0.7, 0.0),
    Consonant("murmur", 0.07, 0.35, 0.0),
    Consonant("murmur", 0.09, 0.3, 0.0),
    Consonant("stop", 0.06, 0.0, 0.0, 3000.0, 0.5),
    Consonant("stop", 0.05, 0.05, 0.0, 1500.0, 0.35),
    Consonant("hiss", 0.1, 0.0, 0.3, 6000.0),
    Consonant("hiss", 0.08, 0.0, 0.2, 3000.0),
)
CONSONANT_ODDS = (0.15, 0.15, 0.15, 0.15, 0.12, 0.1, 0.1, 0.08)


@dataclass(frozen=True)
class Syllable:
    """One sung syllable: formants (3,) in Hz at its beginning and its end, and its consonant."""

    vowel_hz: NDArray[np.float64]
    closing_hz: NDArray[np.float64]
    consonant: Consonant


def find_bodies(names: Sequence[str]) -> tuple[Body, ...]:
    """Singers by name, all of them without names."""
    return tuple(body for body in BODIES if not names or body.name in names)


def choose_body(bodies: Sequence[Body], median_pitch: float, rng: np.random.Generator) -> Body:
    """Somebody whose range holds the pitch, else the one whose range is nearest."""
    fitting = [b for b in bodies if b.lowest_pitch + 3 <= median_pitch <= b.highest_pitch - 3]
    if fitting:
        return fitting[rng.integers(len(fitting))]
    return min(bodies, key=lambda b: abs(median_pitch - (b.lowest_pitch + b.highest_pitch) / 2))


def draw_syllable(rng: np.random.Generator) -> Syllable:
    """Any syllable; a third of the vowels glide towards another."""
    vowel, other = VOWELS_HZ[rng.integers(len(VOWELS_HZ), size=2)]
    closing = vowel + 0.5 * (other - vowel) if rng.random() < 0.33 else vowel
    consonant = CONSONANTS[int(rng.choice(len(CONSONANTS), p=CONSONANT_ODDS))]
    return Syllable(vowel.astype(float), closing.astype(float), consonant)
