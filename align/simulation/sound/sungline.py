"""A line of notes -> what a singer does over time: pitch, loudness, breath, formants.

Everything is a curve at CONTROL_RATE. Pitches glide into each other where notes touch, vibrato
grows in, the vowel is up to more than half its loudness where the note begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.singers import MURMUR_HZ, Body, Syllable

CONTROL_RATE = 200.0
GLIDE_S = 0.07
ATTACK_S = 0.04
RELEASE_S = 0.08
TOUCHING_S = 0.12
BREATH_GAP_S = 0.45


@dataclass(frozen=True)
class SungLine:
    """Curves over n control frames.

    Attributes
    ----------
    pitch
        (n,) MIDI, fractional
    voicing, noise
        (n,) amplitudes of the voice and of hissing
    noise_hz
        (n,) where the hiss lies
    formants_hz
        (n, 3) for a man's vocal tract
    """

    pitch: NDArray[np.float64]
    voicing: NDArray[np.float64]
    noise: NDArray[np.float64]
    noise_hz: NDArray[np.float64]
    formants_hz: NDArray[np.float64]


def one_at_a_time(notes: Sequence[PlayedNote]) -> list[PlayedNote]:
    """The highest of notes that begin together; a note ends where the next begins."""
    line: list[PlayedNote] = []
    for note in sorted(notes, key=lambda each: (each.start_s, -each.pitch)):
        if line and note.start_s - line[-1].start_s < 0.03:
            continue
        if line and line[-1].end_s > note.start_s:
            line[-1] = replace(line[-1], end_s=note.start_s)
        line.append(note)
    return line


def split_lanes(notes: Sequence[PlayedNote]) -> list[list[PlayedNote]]:
    """Polyphony -> lines, the highest note of each moment in the first."""
    lanes: list[list[PlayedNote]] = []
    for note in sorted(notes, key=lambda each: (round(each.start_s, 2), -each.pitch)):
        free = [lane for lane in lanes if lane[-1].end_s <= note.start_s + 0.06]
        if free:
            min(free, key=lambda lane: abs(lane[-1].pitch - note.pitch)).append(note)
        else:
            lanes.append([note])
    return lanes


def sing_line(
    notes: Sequence[PlayedNote],
    syllables: Sequence[Syllable],
    body: Body,
    *,
    duration_s: float,
    rng: np.random.Generator,
) -> SungLine:
    """What `body` does to sing `notes`, one after another, a syllable each."""
    n_frames = int(duration_s * CONTROL_RATE) + 2
    time_s = np.arange(n_frames) / CONTROL_RATE
    line = SungLine(
        pitch=_pitch_curve(notes, time_s),
        voicing=np.zeros(n_frames),
        noise=np.zeros(n_frames),
        noise_hz=np.full(n_frames, 3000.0),
        formants_hz=_formant_curve(notes, syllables, time_s),
    )
    before: PlayedNote | None = None
    for note, syllable in zip(notes, syllables, strict=True):
        _voice_note(line, note, before, syllable, body, time_s)
        _add_vibrato(line, note, body, time_s, rng)
        before = note
    wander = gaussian_filter1d(rng.normal(size=n_frames), 0.08 * CONTROL_RATE) * 0.3
    return replace(line, pitch=line.pitch + wander)


def _pitch_curve(notes: Sequence[PlayedNote], time_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each note's pitch from its start, sliding where the step is."""
    starts_s = np.array([note.start_s for note in notes])
    pitches = np.array([float(note.pitch) for note in notes])
    steps = pitches[np.maximum(0, np.searchsorted(starts_s, time_s, side="right") - 1)]
    return np.asarray(gaussian_filter1d(steps, GLIDE_S / 3 * CONTROL_RATE, mode="nearest"))


def _formant_curve(
    notes: Sequence[PlayedNote], syllables: Sequence[Syllable], time_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Formants held through each syllable, reached from its consonant. Returns (n, 3)."""
    times_s: list[float] = []
    targets: list[NDArray[np.float64]] = []
    for note, syllable in zip(notes, syllables, strict=True):
        if syllable.consonant.name == "murmur":
            times_s += [note.start_s - syllable.consonant.length_s, note.start_s - 0.012]
            targets += [np.array(MURMUR_HZ)] * 2
        times_s += [note.start_s + 0.012, max(note.start_s + 0.03, note.end_s - 0.03)]
        targets += [syllable.vowel_hz, syllable.closing_hz]
    order = np.argsort(times_s, kind="stable")
    knots_s, values = np.array(times_s)[order], np.array(targets)[order]
    curve = np.stack([np.interp(time_s, knots_s, values[:, i]) for i in range(3)], axis=1)
    return np.asarray(gaussian_filter1d(curve, 0.012 * CONTROL_RATE, axis=0, mode="nearest"))


def _voice_note(
    line: SungLine,
    note: PlayedNote,
    before: PlayedNote | None,
    syllable: Syllable,
    body: Body,
    time_s: NDArray[np.float64],
) -> None:
    """Write one note's loudness, consonant and breath into the curves."""
    consonant, level = syllable.consonant, note.velocity
    gap_s = note.start_s - before.end_s if before else 9.0
    near = slice(*np.searchsorted(time_s, (note.start_s - 0.6, note.end_s + 3 * RELEASE_S)))
    t = time_s[near]
    rise = np.clip((t - note.start_s) / ATTACK_S + 0.6, 0, 1)
    fall = np.clip(1 - (t - note.end_s + RELEASE_S / 2) / RELEASE_S, 0, 1)
    swell = 0.8 + 0.2 * np.sin(np.pi * np.clip((t - note.start_s) / 1.2, 0, 1))
    vowel = level * np.minimum(rise, fall) * swell
    speaking = (t > note.start_s - consonant.length_s) & (t < note.start_s)
    if gap_s < TOUCHING_S:
        line.voicing[near][speaking] *= consonant.voicing
    elif consonant.name in ("murmur", "glide"):
        vowel[speaking] = np.maximum(vowel[speaking], level * 0.3 * consonant.voicing)
    line.voicing[near] = np.maximum(line.voicing[near], vowel)
    line.noise[near] = np.maximum(line.noise[near], body.breath * vowel)
    _consonant_noise(line, near, t, note, syllable)
    if gap_s > BREATH_GAP_S:
        inhaling = (t > note.start_s - 0.42) & (t < note.start_s - 0.17)
        line.noise[near][inhaling] = np.maximum(line.noise[near][inhaling], 0.02)


def _consonant_noise(
    line: SungLine, near: slice, t: NDArray[np.float64], note: PlayedNote, syllable: Syllable
) -> None:
    consonant = syllable.consonant
    hissing = (t > note.start_s - consonant.length_s) & (t < note.start_s - 0.005)
    bursting = (t > note.start_s - 0.02) & (t < note.start_s - 0.004)
    for where, amount in ((hissing, consonant.noise), (bursting, consonant.burst)):
        if amount:
            line.noise[near][where] = note.velocity * amount
            line.noise_hz[near][where] = consonant.noise_hz


def _add_vibrato(
    line: SungLine,
    note: PlayedNote,
    body: Body,
    time_s: NDArray[np.float64],
    rng: np.random.Generator,
) -> None:
    """A vibrato that grows in from 0.25 s to 0.7 s after the note's start."""
    near = slice(*np.searchsorted(time_s, (note.start_s, note.end_s)))
    t = time_s[near] - note.start_s
    depth = body.vibrato_cents / 100 * np.clip((t - 0.25) / 0.45, 0, 1)
    rate_hz, phase = body.vibrato_hz * (1 + 0.05 * rng.normal()), rng.uniform(0, 2 * np.pi)
    line.pitch[near] += depth * np.sin(2 * np.pi * rate_hz * t + phase)
