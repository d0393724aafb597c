"""One simulated recording: audio and exact truth. The top rung of the ladder."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from align.simulation.plan import CoverPlan, ForeignPlan, SurroundingsPlan
from align.simulation.playing.performance import Played, play
from align.simulation.score.tune import Tune
from align.simulation.sound.foreign import make_foreign
from align.simulation.sound.recording import mix_parts, record_mix
from align.simulation.sound.synthesis import Audio
from align.simulation.truth import Span, Truth, find_truth

SAMPLE_RATE = 22050
"""Of data sets: what alignment listens to."""


@dataclass(frozen=True)
class Recording:
    """A recording with what is known of it. `audio`: (n, 2) at `sample_rate`."""

    audio: Audio
    sample_rate: int
    truth: Truth


@dataclass(frozen=True)
class Rendition(Recording):
    """A recording of what was played."""

    played: Played


def simulate(
    song: Tune, plan: CoverPlan, *, sample_rate: int = SAMPLE_RATE, other: Tune | None = None
) -> Rendition:
    """Play and record a song after a plan; the same arguments give the same samples.

    Parameters
    ----------
    other
        the tune of a medley

    Raises
    ------
    InputError
        when the plan does not fit the song
    SourceError
        when a sound source cannot be had
    """
    around = plan.surroundings
    start_s = around.opening_s + around.lead_in_s
    played = play(song, plan.arrangement, start_s=start_s, seed=plan.seed, other=other)
    return record(played, plan, sample_rate=sample_rate)


def record(played: Played, plan: CoverPlan, *, sample_rate: int = SAMPLE_RATE) -> Rendition:
    """Record what is played, with what surrounds it."""
    around = plan.surroundings
    music_end_s = played.end_s + around.tail_s
    duration_s = music_end_s + around.closing_s
    mixed = mix_parts(
        played.notes,
        played.parts,
        plan.sound,
        duration_s=duration_s,
        sample_rate=sample_rate,
        seed=plan.seed,
    )
    _lay(mixed, around.opening, 0.0, sample_rate, plan.seed + 1)
    _lay(mixed, around.closing, music_end_s, sample_rate, plan.seed + 2)
    rng = np.random.default_rng((plan.seed, 3))
    audio = record_mix(mixed, plan.sound, sample_rate=sample_rate, rng=rng)
    return Rendition(audio, sample_rate, truth_of(played, plan), played)


def truth_of(played: Played, plan: CoverPlan) -> Truth:
    """The truth of what is played and of what surrounds it."""
    around = plan.surroundings
    duration_s = played.end_s + around.tail_s + around.closing_s
    return find_truth(
        played,
        duration_s=duration_s,
        tuning_cents=plan.sound.tuning_cents,
        foreign=find_foreign(around, duration_s=duration_s),
    )


def find_foreign(plan: SurroundingsPlan, *, duration_s: float) -> tuple[Span, ...]:
    """What surrounds the music."""
    before = (Span(0.0, plan.opening_s),) if plan.opening_s else ()
    after = (Span(duration_s - plan.closing_s, duration_s),) if plan.closing_s else ()
    return (*before, *after)


def _lay(
    mixed: Audio, sounds: tuple[ForeignPlan, ...], start_s: float, sample_rate: int, seed: int
) -> None:
    """Add sounds one after the other to a mix that has room for them."""
    for number, each in enumerate(sounds):
        sound = make_foreign(
            each.kind, each.duration_s, sample_rate=sample_rate, seed=1000 * seed + number
        )
        first = round(start_s * sample_rate)
        end = min(len(mixed), first + len(sound))
        mixed[first:end] += sound[: end - first]
        start_s += each.duration_s
