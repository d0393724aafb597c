"""Synthetic music with exactly known timing: a song is notes in beats, a performance seconds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.audio import SAMPLE_RATE, Audio

Seconds = npt.NDArray[np.float64]
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14), (2, 5, 9), (4, 7, 11))
BEATS_PER_BAR = 4


@dataclass(frozen=True)
class Note:
    start_beat: float
    pitch: int
    length_beats: float = 1.0


def make_song(n_bars: int, seed: int) -> list[Note]:
    """Chords on every bar and a melody on every beat, the same for equal seeds."""
    random = np.random.default_rng(seed)
    notes = []
    for bar in range(n_bars):
        chord = CHORDS[random.integers(len(CHORDS))]
        notes += [Note(bar * BEATS_PER_BAR, 48 + tone, 3.5) for tone in chord]
        notes.append(Note(bar * BEATS_PER_BAR, 36 + chord[0], 2.0))
        for beat in range(BEATS_PER_BAR):
            tone = int(random.choice(chord)) + int(random.choice([0, 0, 2]))
            notes.append(Note(bar * BEATS_PER_BAR + beat, 60 + tone))
    return notes


def bars(notes: Sequence[Note], first: int, stop: int) -> list[Note]:
    """The notes of some bars, from beat 0 on."""
    low, high = first * BEATS_PER_BAR, stop * BEATS_PER_BAR
    return [
        Note(note.start_beat - low, note.pitch, note.length_beats)
        for note in notes
        if low <= note.start_beat < high
    ]


def joined(*parts: tuple[Sequence[Note], int]) -> list[Note]:
    """Parts one after the other, each with its length in bars."""
    whole, offset = [], 0
    for notes, n_bars in parts:
        whole += [Note(n.start_beat + offset, n.pitch, n.length_beats) for n in notes]
        offset += n_bars * BEATS_PER_BAR
    return whole


def perform(
    notes: Sequence[Note],
    second_of_beat: Callable[[float], float],
    *,
    transposition: int = 0,
    tail_s: float = 1.0,
    brightness: float = 0.5,
) -> Audio:
    """Play notes as decaying harmonic tones.

    Another `brightness` is another performance: an instrument whose partials have phases of
    their own, and a hand that strikes a few milliseconds early or late.
    """
    random = np.random.default_rng(round(1000 * brightness))
    phases = random.uniform(0, 2 * np.pi, (128, 6))
    end_s = max(second_of_beat(note.start_beat + note.length_beats) for note in notes) + tail_s
    sound = np.zeros(round(end_s * SAMPLE_RATE))
    for note in notes:
        start_s = second_of_beat(note.start_beat) + random.normal(0, 0.008)
        length_s = second_of_beat(note.start_beat + note.length_beats) - start_s
        pitch = note.pitch + transposition
        tone = _tone(pitch, length_s, brightness, phases[pitch])
        first = round(start_s * SAMPLE_RATE)
        sound[first : first + len(tone)] += tone[: len(sound) - first]
    hiss = random.standard_normal(len(sound))
    return Audio((0.2 * sound / np.abs(sound).max() + 2e-4 * hiss).astype(np.float32))


def steady(beat_s: float, start_s: float = 0.5) -> Callable[[float], float]:
    """A constant tempo."""
    return lambda beat: start_s + beat * beat_s


def noise(duration_s: float, seed: int = 0) -> Audio:
    """Sound that belongs to no song."""
    samples = np.random.default_rng(seed).standard_normal(round(duration_s * SAMPLE_RATE))
    return Audio((0.05 * samples).astype(np.float32))


def chained(*audios: Audio) -> Audio:
    """One after the other."""
    return Audio(np.concatenate([each.samples for each in audios]))


def _tone(pitch: int, length_s: float, brightness: float, phases: Seconds) -> Seconds:
    seconds = np.arange(round(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    hz = 440.0 * 2 ** ((pitch - 69) / 12)
    partials = [
        brightness**k * np.sin(2 * np.pi * hz * (k + 1) * seconds + phases[k])
        for k in range(6)
        if hz * (k + 1) < SAMPLE_RATE / 2
    ]
    attack = np.minimum(seconds / 0.004, 1)
    release = np.minimum((length_s - seconds) / 0.02, 1)
    return np.asarray(np.sum(partials, axis=0) * attack * release * np.exp(-1.5 * seconds))
