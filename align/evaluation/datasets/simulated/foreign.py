"""Recordings that are near a song without being performances of it.

All of them go through a recording chain of their own. A speed other than 1 changes tempo and key
together, as uploads do that hide from fingerprints.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import soxr

from align.simulation.arranging.styles import PartStyle
from align.simulation.plan import CoverPlan
from align.simulation.playing.performance import Played, PlayedNote
from align.simulation.simulator import SAMPLE_RATE, Recording, Rendition
from align.simulation.sound.foreign import make_foreign
from align.simulation.sound.plan import SoundPlan
from align.simulation.sound.recording import mix_parts, record_mix
from align.simulation.sound.synthesis import Audio
from align.simulation.truth import Span, Truth, find_truth

LEADS = {"melody", "second"}
"""Kinds of parts that a backing track has not."""
TALK_S = (4.0, 20.0)
TALK_OVER_SHARE = 0.4
MUSIC_UNDER_DB = (-20.0, -10.0)
TAIL_S = 2.5
VOICE = PartStyle("new voice", "voice_lead", "melody", level_db=3.0)


def copy_reference(
    reference: Rendition, speed: float, sound: SoundPlan, rng: np.random.Generator
) -> Recording:
    """The same recording with talk before it, over its beginning or both, at another speed."""
    opening_s = round(float(rng.uniform(*TALK_S)), 3) if rng.random() < 0.7 else 0.0
    over_s = float(rng.uniform(*TALK_S)) if rng.random() < TALK_OVER_SHARE else 0.0
    music = run_at_speed(reference.audio, speed)
    n_opening = round(opening_s * SAMPLE_RATE)
    audio = np.concatenate([np.zeros((n_opening, 2), np.float32), music])
    if opening_s + over_s:
        talk = _talk(opening_s + over_s, rng)[: len(audio)]
        audio[: len(talk)] += talk
    audio = record_mix(audio, _untuned(sound), sample_rate=SAMPLE_RATE, rng=rng)
    truth = copied_truth(reference.truth, speed=speed, later_s=n_opening / SAMPLE_RATE)
    return Recording(audio, SAMPLE_RATE, truth)


def copied_truth(truth: Truth, *, speed: float, later_s: float) -> Truth:
    """The truth of a copy; where the Reference is not its song either, nothing changes."""

    def moved(time_s: float) -> float:
        return time_s / speed + later_s

    def spans(found: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(
            replace(span, start_s=moved(span.start_s), end_s=moved(span.end_s)) for span in found
        )

    cents = truth.tuning_cents + 1200 * float(np.log2(speed))
    semitones = round(cents / 100)
    opening = (Span(0.0, later_s),) if later_s else ()
    return replace(
        truth,
        relation="same_recording",
        duration_s=moved(truth.duration_s),
        beats_s=tuple(moved(time_s) for time_s in truth.beats_s),
        marks=tuple(replace(mark, time_s=moved(mark.time_s)) for mark in truth.marks),
        sections=spans(truth.sections),
        foreign=(*opening, *spans(truth.foreign)),
        transposition_semitones=semitones,
        tuning_cents=round(cents - 100 * semitones, 2),
    )


def sing_over_backing(
    played: Played, plan: CoverPlan, sound: SoundPlan, rng: np.random.Generator
) -> Recording:
    """The Reference's own recording without its lead parts, and a voice that sings the tune."""
    leads = {i for i, part in enumerate(played.parts) if part.kind in LEADS}
    duration_s = played.end_s + TAIL_S
    seed = int(rng.integers(2**31))
    backing = [note for note in played.notes if note.part not in leads]
    audio = mix_parts(
        backing, played.parts, plan.sound, duration_s=duration_s, sample_rate=SAMPLE_RATE,
        seed=plan.seed,
    )  # fmt: skip
    audio += mix_parts(
        _sung(played, rng), (VOICE,), replace(sound, tuning_cents=plan.sound.tuning_cents),
        duration_s=duration_s, sample_rate=SAMPLE_RATE, seed=seed,
    )  # fmt: skip
    audio = record_mix(audio, sound, sample_rate=SAMPLE_RATE, rng=rng)
    truth = find_truth(
        played, duration_s=duration_s, tuning_cents=plan.sound.tuning_cents,
        relation="backing_track",
    )  # fmt: skip
    return Recording(audio, SAMPLE_RATE, truth)


def _sung(played: Played, rng: np.random.Generator) -> list[PlayedNote]:
    """The first lead's notes as a singer would sing them: looser, in a singer's range."""
    first = next((i for i, part in enumerate(played.parts) if part.kind == "melody"), None)
    tune = [note for note in played.notes if note.part == first]
    middle = float(np.median([note.pitch for note in tune])) if tune else 64.0
    octaves = 12 * round((64 - middle) / 12)
    late_s = rng.normal(0.01, 0.02, size=len(tune))
    return [
        replace(note, start_s=max(0.0, note.start_s + late), end_s=note.end_s + late,
                pitch=note.pitch + octaves, part=0)
        for note, late in zip(tune, late_s, strict=True)
    ]  # fmt: skip


def play_in_background(
    reference: Rendition, sound: SoundPlan, rng: np.random.Generator
) -> Recording:
    """Speech from beginning to end, the Reference quietly under it."""
    music = reference.audio
    talk = _talk(len(music) / SAMPLE_RATE, rng)[: len(music)]
    gain = 10 ** (float(rng.uniform(*MUSIC_UNDER_DB)) / 20) * _rms(talk) / max(_rms(music), 1e-9)
    audio = np.asarray(music * gain, dtype=np.float32)
    audio[: len(talk)] += talk
    audio = record_mix(audio, _untuned(sound), sample_rate=SAMPLE_RATE, rng=rng)
    truth = replace(reference.truth, relation="background")
    return Recording(audio, SAMPLE_RATE, truth)


def speak_alone(duration_s: float, sound: SoundPlan, rng: np.random.Generator) -> Recording:
    """An interview: speech and nothing else."""
    audio = record_mix(_talk(duration_s, rng), _untuned(sound), sample_rate=SAMPLE_RATE, rng=rng)
    length_s = len(audio) / SAMPLE_RATE
    truth = Truth(
        relation="unrelated", duration_s=length_s, beats_s=(), positions=(), marks=(), sections=(),
        foreign=(Span(0.0, length_s),), transposition_semitones=0, tuning_cents=0.0,
        beats_per_mark=1,
    )  # fmt: skip
    return Recording(audio, SAMPLE_RATE, truth)


def run_at_speed(audio: Audio, speed: float) -> Audio:
    """Play a recording faster or slower, its pitch with it. (n, 2) -> (n / speed, 2)."""
    if speed == 1:
        return audio
    return np.asarray(soxr.resample(audio, speed, 1.0), dtype=np.float32)


def _talk(duration_s: float, rng: np.random.Generator) -> Audio:
    return make_foreign("talk", duration_s, sample_rate=SAMPLE_RATE, seed=int(rng.integers(2**31)))


def _untuned(sound: SoundPlan) -> SoundPlan:
    return replace(sound, tuning_cents=0.0)


def _rms(audio: Audio) -> float:
    return float(np.sqrt(np.mean(audio**2)))
