"""How fast covers are recorded, and how honestly notes begin, for every sound source.

    python tests/benchmarks/simulation_sound.py [speed|onsets|likeness]...

speed     seconds of audio per second on a fixed arrangement, from cold and with tones kept
onsets    when notes are heard, less their start_s: by spectral flux, and by half the energy's rise
likeness  how much two sources are the same recording: the highest normalised correlation of notes
"""

import os
import sys
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import uniform_filter1d

from align.simulation.arranging.plan import ArrangementPlan
from align.simulation.arranging.styles import load_instruments
from align.simulation.playing.performance import PlayedNote, play
from align.simulation.score.tune import load_tune
from align.simulation.sound.plan import CodecPlan, RoomPlan, SoundPlan, SourcePlan, draw_sound_plan
from align.simulation.sound.recording import record_sound
from align.simulation.sound.sources import load_sources, open_source, source_names, source_role

SAMPLE_RATE = 22050
SLOW_PROGRAMS = {*range(40, 45), *range(48, 55), *range(60, 61), *range(88, 104)}
DRUMS = (36, 38, 42, 45, 46, 49, 51)


@dataclass(frozen=True)
class Onset:
    """Heard onset less start in ms, by two measures."""

    flux_ms: float
    energy_ms: float


def big_band():
    """Londonderry Air by a gospel band with lead and choir, and four parts of an orchestra."""
    tune = load_tune("londonderry-air")
    order = tuple(section.name for section in tune.sections)
    band = play(tune, ArrangementPlan("gospel", order), start_s=0.5, seed=1)
    orchestra = play(tune, ArrangementPlan("orchestral", order), start_s=0.5, seed=1)
    count = len(band.parts)
    added = [replace(note, part=note.part + count - 1) for note in orchestra.notes]
    notes = [*band.notes, *(note for note in added if count <= note.part < count + 4)]
    return notes, (*band.parts, *orchestra.parts[1:5]), band.end_s + 2


def print_speed():
    notes, parts, duration_s = big_band()
    print(f"{len(parts)} parts, {len(notes)} notes, {duration_s:.0f} s at {SAMPLE_RATE} Hz")
    room, codec = RoomPlan(1.2, 12, 0.5), CodecPlan("mp3", 64)
    plans = {
        name: SoundPlan(SourcePlan((name,)), room=room, codec=codec)
        for name in source_names("instruments")
    }
    for name in source_names("drums"):
        plans[name] = SoundPlan(SourcePlan(drums=name), room=room, codec=codec)
    for name in source_names("voice"):
        plans[name] = SoundPlan(SourcePlan(voice=name), room=room, codec=codec)
    rng = np.random.default_rng(5)
    for i in range(4):
        plans[f"drawn {i}"] = draw_sound_plan(rng, sources=source_names(), severity=0.8)
    for name, plan in plans.items():
        took_s = [timed(notes, parts, plan, duration_s) for _ in range(2)]
        cold, warm = (duration_s / seconds for seconds in took_s)
        print(f"{name:20s} cold {cold:5.0f} x   warm {warm:5.0f} x")


def timed(notes, parts, plan, duration_s):
    """Seconds of this process and of the codec's; not of others on the machine."""
    before_s = sum(os.times()[:4])
    record_sound(notes, parts, plan, duration_s=duration_s, sample_rate=SAMPLE_RATE, seed=1)
    return sum(os.times()[:4]) - before_s


def measure_onsets(source, instrument):
    """Onsets of separate notes of one instrument."""
    rng = np.random.default_rng(7)
    pitches = DRUMS if instrument.is_drums else (48, 52, 55, 59, 60, 64, 67, 69, 72, 76, 79)
    apart_s = 3.0 if instrument.is_drums else 1.2
    starts_s = 0.5 + apart_s * np.arange(len(pitches)) + rng.uniform(0, 0.1, len(pitches))
    notes = [
        PlayedNote(start_s, start_s + 0.6, pitch, rng.uniform(0.4, 1), 0)
        for start_s, pitch in zip(starts_s, pitches, strict=True)
    ]
    n_samples = round((starts_s[-1] + 2) * SAMPLE_RATE)
    sound = source.render(notes, instrument, n_samples=n_samples, rng=rng)
    mono = sound.mean(axis=1)
    return [Onset(*(find(mono, note.start_s) for find in (by_flux, by_energy))) for note in notes]


def by_flux(mono, start_s, n_window=512, hop=16):
    """Where the compressed spectrum grows fastest within 0.15 s, in ms after `start_s`."""
    first = max(0, round((start_s - 0.15) * SAMPLE_RATE) - n_window // 2)
    piece = mono[first : first + round(0.3 * SAMPLE_RATE) + n_window]
    frames = np.lib.stride_tricks.sliding_window_view(piece, n_window)[::hop]
    spectrum = np.abs(np.fft.rfft(frames * np.hanning(n_window), axis=1))
    compressed = np.log1p(100 * spectrum / max(1e-9, spectrum.max()))
    step = 8
    flux = np.maximum(0, compressed[step:] - compressed[:-step]).sum(axis=1)
    frame = np.argmax(flux) + step / 2
    return 1000 * ((first + n_window / 2 + frame * hop) / SAMPLE_RATE - start_s)


def by_energy(mono, start_s):
    """Where the level passes half its highest within 0.25 s, in ms after `start_s`."""
    first = max(0, round((start_s - 0.2) * SAMPLE_RATE))
    piece = mono[first : round((start_s + 0.25) * SAMPLE_RATE)] ** 2
    level = np.sqrt(np.maximum(0, uniform_filter1d(piece, round(0.01 * SAMPLE_RATE))))
    return 1000 * ((first + np.argmax(level > 0.5 * level.max())) / SAMPLE_RATE - start_s)


def print_onsets():
    instruments = load_instruments().values()
    for name, info in load_sources().items():
        source = open_source(name, sample_rate=SAMPLE_RATE)
        for label, is_slow in (("fast", False), ("slow", True)):
            found = [
                onset
                for each in instruments
                if source_role(each) == info.kind and (is_slow_part(each) == is_slow)
                for onset in measure_onsets(source, each)
            ]
            if found:
                print(f"{name:20s} {label} n={len(found):3d} " + describe(found))


def is_slow_part(instrument):
    is_sung = source_role(instrument) == "voice"
    return is_sung or (instrument.program in SLOW_PROGRAMS and not instrument.is_drums)


def describe(onsets):
    parts = []
    for measure in ("flux_ms", "energy_ms"):
        values = np.array([getattr(onset, measure) for onset in onsets])
        parts.append(
            f"{measure[:-3]} median {np.median(values):+6.1f} ms, "
            f"p90 of |.| {np.percentile(np.abs(values), 90):5.1f} ms"
        )
    return "; ".join(parts)


def print_likeness():
    names = source_names("instruments")
    programs = [each for each in load_instruments().values() if source_role(each) == "instruments"]
    notes = [
        PlayedNote(0.2 + 0.8 * i, 0.9 + 0.8 * i, p, 0.7, 0) for i, p in enumerate((52, 60, 67))
    ]
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            values = [likeness(first, second, each, notes) for each in programs]
            print(
                f"{first:18s} {second:18s} median {np.median(values):.2f}, "
                f"above 0.9 for {np.mean(np.array(values) > 0.9):.0%} of instruments"
            )


def likeness(first, second, instrument, notes):
    a, b = (
        open_source(name, sample_rate=SAMPLE_RATE)
        .render(notes, instrument, n_samples=3 * SAMPLE_RATE, rng=np.random.default_rng(0))
        .mean(axis=1)
        for name in (first, second)
    )
    n_fft = 4 * SAMPLE_RATE * 2
    cross = np.fft.irfft(np.fft.rfft(a, n_fft) * np.conj(np.fft.rfft(b, n_fft)))
    return float(np.abs(cross).max() / max(1e-9, np.sqrt((a**2).sum() * (b**2).sum())))


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ("speed", "onsets", "likeness"):
        {"speed": print_speed, "onsets": print_onsets, "likeness": print_likeness}[wanted]()
