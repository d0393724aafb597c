"""Notes in seconds and a sound plan -> a recording. The top rung of this package.

Parts are played by their sources, placed and mixed, and sent through room, microphone, level and
codec. Nothing moves in time: every stage is free of delay, and the tuning is made by playing on a
stretched clock and running the tape at the speed that undoes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from align.simulation.arranging.styles import Instrument, PartStyle, load_instruments
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.codecs import apply_codec
from align.simulation.sound.filters import apply_microphone
from align.simulation.sound.levels import set_level
from align.simulation.sound.mix import place_part
from align.simulation.sound.noises import add_noises
from align.simulation.sound.plan import SoundPlan, SourcePlan
from align.simulation.sound.rooms import apply_room
from align.simulation.sound.sources import SoundSourceError, open_source, source_role
from align.simulation.sound.synthesis import Audio


def record_sound(
    notes: Sequence[PlayedNote],
    parts: Sequence[PartStyle],
    plan: SoundPlan,
    *,
    duration_s: float,
    sample_rate: int,
    seed: int,
) -> Audio:
    """Play and record; the same arguments give the same samples.

    Parameters
    ----------
    notes
        in seconds from the start of the recording; `part` indexes `parts`
    duration_s
        of the recording; what sounds longer is cut off

    Returns
    -------
    (n, 2) with n = round(duration_s * sample_rate)
    """
    rng = np.random.default_rng(seed)
    n_samples = round(duration_s * sample_rate)
    mixed = mix_parts(notes, parts, plan, duration_s=duration_s, sample_rate=sample_rate, seed=seed)
    return record_mix(mixed, plan, sample_rate=sample_rate, rng=rng)[:n_samples]


def record_mix(
    mixed: Audio, plan: SoundPlan, *, sample_rate: int, rng: np.random.Generator
) -> Audio:
    """Send any stereo sound through room, microphone, noise, level and codec. (n, 2) -> (n, 2)."""
    heard = apply_room(mixed, plan.room, sample_rate=sample_rate, rng=rng)
    heard = apply_microphone(heard, plan.microphone, sample_rate=sample_rate)
    heard = add_noises(heard, plan.noise, sample_rate=sample_rate, rng=rng)
    heard = set_level(heard, plan.level, sample_rate=sample_rate)
    return apply_codec(heard, plan.codec, sample_rate=sample_rate)


def mix_parts(
    notes: Sequence[PlayedNote],
    parts: Sequence[PartStyle],
    plan: SoundPlan,
    *,
    duration_s: float,
    sample_rate: int,
    seed: int,
) -> Audio:
    """The dry mix of all parts, tuned. Returns (n, 2)."""
    # The tape runs faster by this ratio when the tuning is high, so everything is played slower.
    ratio = 2 ** (plan.tuning_cents / 1200)
    n_played = round(duration_s * ratio * sample_rate)
    mixed = np.zeros((n_played, 2), dtype=np.float32)
    for index, part in enumerate(parts):
        rng = np.random.default_rng((seed, index))
        own = [_slower(note, ratio) for note in notes if note.part == index]
        jitter_db = float(rng.normal()) * plan.level_jitter_db
        if own:
            instrument = load_instruments()[part.instrument]
            source = open_source(
                choose_source(instrument, index, plan.sources), sample_rate=sample_rate
            )
            sound = source.render(own, instrument, n_samples=n_played, rng=rng)
            mixed += place_part(sound, replace(part, level_db=part.level_db + jitter_db))
    return _run_tape(mixed, ratio, round(duration_s * sample_rate))


def choose_source(instrument: Instrument, index: int, sources: SourcePlan) -> str:
    """The name of the source that plays part number `index`."""
    role = source_role(instrument)
    if role == "drums":
        return sources.drums
    if role == "voice":
        return sources.voice
    if not sources.instruments:
        raise SoundSourceError("sources.instruments=() names no source, name at least one")
    return sources.instruments[index % len(sources.instruments)]


def _slower(note: PlayedNote, ratio: float) -> PlayedNote:
    return replace(note, start_s=note.start_s * ratio, end_s=note.end_s * ratio)


def _run_tape(sound: Audio, ratio: float, n_samples: int) -> Audio:
    """Play `ratio` times as fast: (n * ratio, 2) -> (n_samples, 2)."""
    if ratio == 1 or not len(sound):
        return sound
    import soxr

    faster = np.asarray(soxr.resample(sound, ratio, 1.0), dtype=np.float32)[:n_samples]
    return np.pad(faster, ((0, n_samples - len(faster)), (0, 0)))
