"""Sounds that are not the song: talk, applause, silence, noise, a crowd.

Talk is spoken by espeak-ng where it is installed, else it is put together from recorded
announcements (material asterisk-speech).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from align.simulation.sound.applause import clapping
from align.simulation.sound.filters import Frequencies, apply_response
from align.simulation.sound.mix import master
from align.simulation.sound.noises import crowd, wavering
from align.simulation.sound.plan import RoomPlan
from align.simulation.sound.rooms import apply_room
from align.simulation.sound.speech import babble
from align.simulation.sound.synthesis import Audio
from align.simulation.sound.talk import talking
from catalog.errors import InputError

SILENCE_RMS = 2e-4
LOUDNESS_LUFS = {"talk": -19.0, "applause": -20.0, "noise": -27.0, "crowd": -25.0}
PEAK_DB = -2.0
FADE_S = 0.02


class ForeignSoundError(InputError):
    """A kind of foreign sound that there is not."""


def make_foreign(kind: str, duration_s: float, *, sample_rate: int, seed: int) -> Audio:
    """A sound that belongs to no song; the same arguments give the same samples.

    Parameters
    ----------
    kind
        talk, applause, silence, noise or crowd

    Returns
    -------
    (n, 2) with n = round(duration_s * sample_rate)

    Raises
    ------
    ForeignSoundError
        when `kind` is none of these
    """
    if kind not in KINDS:
        raise ForeignSoundError(f"kind={kind!r} is none of {sorted(KINDS)}")
    rng = np.random.default_rng(seed)
    n_samples = round(duration_s * sample_rate)
    if n_samples <= 0:
        return np.zeros((0, 2), dtype=np.float32)
    sound = KINDS[kind](n_samples, sample_rate, rng)
    if kind == "silence":
        return sound
    loudness_lufs = LOUDNESS_LUFS[kind] + rng.normal() * 2
    sound = master(sound, sample_rate=sample_rate, target_lufs=loudness_lufs, peak_db=PEAK_DB)
    n_fade = min(n_samples, round(FADE_S * sample_rate))
    sound[:n_fade] *= np.linspace(0, 1, n_fade, dtype=np.float32)[:, None]
    sound[n_samples - n_fade :] *= np.linspace(1, 0, n_fade, dtype=np.float32)[:, None]
    return sound


def _talk(n_samples: int, sample_rate: int, rng: np.random.Generator) -> Audio:
    mono = talking(n_samples, sample_rate=sample_rate, rng=rng)
    room = RoomPlan(rng.uniform(0.2, 0.7), rng.uniform(2, 6), rng.uniform(0, 0.5))
    return apply_room(np.stack([mono, mono], axis=1), room, sample_rate=sample_rate, rng=rng)


def _applause(n_samples: int, sample_rate: int, rng: np.random.Generator) -> Audio:
    claps = clapping(n_samples, sample_rate=sample_rate, rng=rng)
    room = RoomPlan(rng.uniform(0.8, 2.0), rng.uniform(8, 30), rng.uniform(0.4, 0.9))
    return apply_room(claps, room, sample_rate=sample_rate, rng=rng)


def _silence(n_samples: int, sample_rate: int, rng: np.random.Generator) -> Audio:
    """A microphone in a quiet room."""
    return SILENCE_RMS * rng.standard_normal((n_samples, 2), np.float32)


def _noise(n_samples: int, sample_rate: int, rng: np.random.Generator) -> Audio:
    """Wind, traffic, a machine: noise of any colour that comes and goes."""
    slope_db, bump_hz = rng.uniform(-9, 0), np.exp(rng.uniform(np.log(100), np.log(4000)))

    def colour(frequency_hz: Frequencies) -> Frequencies:
        octaves = np.log2(np.maximum(frequency_hz, 30.0) / bump_hz)
        bump_db = 12 * np.exp(-((octaves / 0.7) ** 2))
        return np.asarray(10 ** ((slope_db * octaves + bump_db) / 20))

    white = rng.standard_normal((n_samples, 2), np.float32)
    coloured = apply_response(white, colour, sample_rate=sample_rate)
    return coloured * wavering(n_samples, sample_rate, rng, changes_per_s=0.7)[:, None]


def _crowd(n_samples: int, sample_rate: int, rng: np.random.Generator) -> Audio:
    """A murmur, and a few in it whom one could nearly understand."""
    heard = crowd(n_samples, sample_rate, rng)
    heard /= max(1e-9, float(np.sqrt(np.mean(heard**2))))
    for _ in range(6):
        voice = babble(n_samples / sample_rate, sample_rate=sample_rate, rng=rng)[:n_samples]
        level = rng.uniform(0.2, 0.8) / max(1e-9, float(np.sqrt(np.mean(voice**2))))
        heard[: len(voice)] += level * voice[:, None] * rng.uniform(0.3, 1.0, 2)
    return heard.astype(np.float32)


KINDS: dict[str, Callable[[int, int, np.random.Generator], Audio]] = {
    "talk": _talk, "applause": _applause, "silence": _silence, "noise": _noise, "crowd": _crowd,
}  # fmt: skip
