"""Single tones, kept for reuse, and a part laid out of them.

A source gives a tone held as long as any note of its pitch needs. Each note takes as much of it
as it lasts, and fades. The tone's own attack is measured, and the note starts that much early.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.attack import find_attack
from align.simulation.sound.synthesis import Audio

STRENGTHS = (0.3, 0.5, 0.7, 0.9)
CACHE_BYTES = 256 * 2**20


@dataclass(frozen=True)
class ToneKey:
    """A tone to be made: MIDI pitch and one of STRENGTHS (velocity 0..1)."""

    pitch: int
    strength: float


@dataclass(frozen=True)
class Tone:
    """One held tone, (n, 2), heard to begin at sample `attack`, and its fall after the end."""

    sound: Audio
    attack: int
    release_s: float
    rings: bool = False


ToneMaker = Callable[[Mapping[ToneKey, float]], Mapping[ToneKey, Tone]]


class ToneCache:
    """Tones made before, the least recently used given up first."""

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._tones: OrderedDict[Hashable, tuple[float, Tone]] = OrderedDict()
        self._bytes = 0

    def fetch(
        self, family: Hashable, wanted: Mapping[ToneKey, float], make: ToneMaker
    ) -> dict[ToneKey, Tone]:
        """Tones of one instrument, made where there are none or too short ones.

        Parameters
        ----------
        wanted
            seconds that each tone must last
        """
        missing = {
            key: held_s
            for key, held_s in wanted.items()
            if self._tones.get((family, key), (-1.0,))[0] < held_s
        }
        made = make(missing) if missing else {}
        found = {key: made[key] if key in made else self._tones[(family, key)][1] for key in wanted}
        for key, tone in found.items():
            self._keep((family, key), missing.get(key), tone)
        return found

    def _keep(self, place: Hashable, held_s: float | None, tone: Tone) -> None:
        old = self._tones.pop(place, None)
        if old is not None:
            self._bytes -= old[1].sound.nbytes
        self._tones[place] = (old[0] if held_s is None and old else held_s or 0.0, tone)
        self._bytes += tone.sound.nbytes
        while self._bytes > self._limit_bytes and len(self._tones) > 1:
            _, (_, dropped) = self._tones.popitem(last=False)
            self._bytes -= dropped.sound.nbytes


def needed_tones(notes: Sequence[PlayedNote], *, step_s: float = 0.5) -> dict[ToneKey, float]:
    """The tones that `notes` are cut from, and the seconds each is held, in whole steps."""
    needed: dict[ToneKey, float] = {}
    for note in notes:
        key = tone_key(note)
        held_s = step_s * np.ceil((note.end_s - note.start_s) / step_s)
        needed[key] = max(needed.get(key, 0.0), float(held_s))
    return needed


def tone_key(note: PlayedNote) -> ToneKey:
    """The tone nearest to a note."""
    return ToneKey(note.pitch, min(STRENGTHS, key=lambda each: abs(each - note.velocity)))


def measured_tone(sound: Audio, *, sample_rate: int, release_s: float, rings: bool = False) -> Tone:
    """A tone with its attack measured. `sound`: (n, 2)."""
    return Tone(sound, find_attack(sound, sample_rate=sample_rate), release_s, rings)


def lay_notes(
    notes: Sequence[PlayedNote],
    tones: Mapping[ToneKey, Tone],
    *,
    n_samples: int,
    sample_rate: int,
) -> Audio:
    """Put a tone at every note so that it is heard at `start_s`. Returns (n_samples, 2)."""
    out = np.zeros((n_samples, 2), dtype=np.float32)
    for note in notes:
        key = tone_key(note)
        tone = tones[key]
        piece = _cut(tone, note.end_s - note.start_s, sample_rate)
        start = round(note.start_s * sample_rate) - tone.attack
        begin, end = max(0, start), min(n_samples, start + len(piece))
        if begin < end:
            out[begin:end] += (note.velocity / key.strength) * piece[begin - start : end - start]
    return out


def _cut(tone: Tone, held_s: float, sample_rate: int) -> Audio:
    if tone.rings:
        return tone.sound
    held = tone.attack + round(held_s * sample_rate)
    release = round(tone.release_s * sample_rate)
    piece = tone.sound[: held + release]
    fading = len(piece) - held
    if fading <= 0:
        return piece
    piece = piece.copy()
    piece[held:] *= _fade(release)[:fading, None]
    return piece


@lru_cache(maxsize=64)
def _fade(n_samples: int) -> NDArray[np.float32]:
    """From 1 to 0 as sounds die away: 40 dB exponential, then nothing."""
    position = np.arange(n_samples, dtype=np.float32) / max(1, n_samples)
    return np.asarray(np.exp(-4.6 * position) * (1 - position), dtype=np.float32)
