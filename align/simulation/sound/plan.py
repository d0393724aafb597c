"""How a cover is recorded, as plain data: sound sources, room, microphone, noise, codec, level.

A plan is drawn from a random generator, kept as JSON, and carried out by `recording`. Nothing in
it moves a note in time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from align.simulation.sound.sources import KINDS, load_sources
from catalog.errors import InputError


class SoundPlanError(InputError):
    """A sound plan that cannot be drawn or read."""


@dataclass(frozen=True)
class SourcePlan:
    """Which source plays what. Parts take turns where several instrument sources are named."""

    instruments: tuple[str, ...] = ("own-additive",)
    drums: str = "own-drums"
    voice: str = "own-singer"


@dataclass(frozen=True)
class RoomPlan:
    """A room: time to -60 dB, a side of it, how far away the microphone stands (0 none, 1 far)."""

    seconds: float = 0.6
    size_m: float = 5.0
    distance: float = 0.2


@dataclass(frozen=True)
class MicrophonePlan:
    """What the recording chain does to the spectrum and to the two channels.

    `tilt_db` is a slope per octave around 1 kHz, `peaks` are (frequency_hz, gain_db) one octave
    wide, `width` 0 is mono and 1 as mixed.
    """

    name: str = "studio"
    low_cut_hz: float = 30.0
    high_cut_hz: float = 18000.0
    tilt_db: float = 0.0
    peaks: tuple[tuple[float, float], ...] = ()
    width: float = 1.0


@dataclass(frozen=True)
class LevelPlan:
    """Level and what is done to the peaks. `clipping` is none, soft or hard, driven by dB."""

    loudness_lufs: float = -16.0
    compression: float = 0.0
    clipping: str = "none"
    drive_db: float = 0.0


@dataclass(frozen=True)
class NoisePlan:
    """Levels of what sounds beside the music, dB below it; None is absent."""

    hiss_db: float | None = None
    hum_db: float | None = None
    crowd_db: float | None = None
    crackle_db: float | None = None
    hum_hz: float = 50.0


@dataclass(frozen=True)
class CodecPlan:
    """A lossy codec: none, mp3, aac, opus or vorbis."""

    name: str = "none"
    kbps: int = 128


@dataclass(frozen=True)
class SoundPlan:
    """Everything between notes in seconds and the samples of a recording."""

    sources: SourcePlan = SourcePlan()
    tuning_cents: float = 0.0
    level_jitter_db: float = 0.0
    room: RoomPlan = RoomPlan()
    microphone: MicrophonePlan = field(default_factory=MicrophonePlan)
    noise: NoisePlan = NoisePlan()
    level: LevelPlan = LevelPlan()
    codec: CodecPlan = CodecPlan()

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; `from_json` gives the same plan back."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> SoundPlan:
        """Read what `to_json` wrote, after a journey through JSON or not."""
        try:
            return cls(
                sources=SourcePlan(**_tuples(document["sources"])),
                tuning_cents=document["tuning_cents"],
                level_jitter_db=document["level_jitter_db"],
                room=RoomPlan(**document["room"]),
                microphone=MicrophonePlan(**_tuples(document["microphone"])),
                noise=NoisePlan(**document["noise"]),
                level=LevelPlan(**document["level"]),
                codec=CodecPlan(**document["codec"]),
            )
        except (KeyError, TypeError) as error:
            raise SoundPlanError(f"not a sound plan, write it with to_json: {error}") from error


def draw_sound_plan(
    rng: np.random.Generator, *, sources: Sequence[str], severity: float = 0.5
) -> SoundPlan:
    """A recording as it might be found.

    Parameters
    ----------
    sources
        names of the sources that may be heard, at least one of each kind
    severity
        0 a clean studio mix, 1 what can hardly be listened to any more

    Raises
    ------
    SoundPlanError
        when `sources` lacks a kind or `severity` is outside 0..1
    """
    if not 0 <= severity <= 1:
        raise SoundPlanError(f"severity={severity} must lie in 0..1")
    return SoundPlan(
        sources=_draw_sources(rng, sources),
        tuning_cents=round(float(np.clip(rng.normal() * 22 * severity, -50, 50)), 1),
        level_jitter_db=round(4 * severity, 1),
        room=_draw_room(rng, severity),
        microphone=_draw_microphone(rng, severity),
        noise=_draw_noise(rng, severity),
        level=_draw_level(rng, severity),
        codec=_draw_codec(rng, severity),
    )


def _draw_sources(rng: np.random.Generator, names: Sequence[str]) -> SourcePlan:
    known = load_sources()
    by_kind = {kind: [n for n in names if n in known and known[n].kind == kind] for kind in KINDS}
    for kind, found in by_kind.items():
        if not found:
            have = sorted(name for name, each in known.items() if each.kind == kind)
            raise SoundPlanError(
                f"sources={list(names)} has none of kind {kind}, add one of {have}"
            )
    count = min(len(by_kind["instruments"]), int(rng.integers(1, 3)))
    instruments = rng.choice(by_kind["instruments"], size=count, replace=False)
    return SourcePlan(
        instruments=tuple(str(name) for name in instruments),
        drums=str(rng.choice(by_kind["drums"])),
        voice=str(rng.choice(by_kind["voice"])),
    )


# (time to -60 dB, side in m) between which a room of this kind lies
ROOMS = {"booth": (0.12, 0.3, 2, 3), "room": (0.3, 0.7, 3, 7), "hall": (0.9, 1.8, 10, 25),
         "church": (2.0, 4.5, 15, 40)}  # fmt: skip


def _draw_room(rng: np.random.Generator, severity: float) -> RoomPlan:
    kind = str(rng.choice(list(ROOMS), p=(0.2, 0.45, 0.25, 0.1)))
    shortest_s, longest_s, smallest_m, largest_m = ROOMS[kind]
    return RoomPlan(
        seconds=round(float(rng.uniform(shortest_s, longest_s)), 2),
        size_m=round(float(rng.uniform(smallest_m, largest_m)), 1),
        distance=round(float(rng.beta(1.5, 3) * severity), 3),
    )


# low cut, high cut, width of microphones
MICROPHONES = {
    "studio": (30.0, 18000.0, 1.0), "phone": (160.0, 9000.0, 0.0), "laptop": (220.0, 7000.0, 0.1),
    "radio": (250.0, 4200.0, 0.0), "vinyl": (50.0, 8500.0, 0.6), "mono": (40.0, 14000.0, 0.0),
}  # fmt: skip


def _draw_microphone(rng: np.random.Generator, severity: float) -> MicrophonePlan:
    spoilt = rng.random() < 0.75 * severity
    name = str(rng.choice(list(MICROPHONES)[1:])) if spoilt else "studio"
    low_hz, high_hz, width = MICROPHONES[name]
    peaks = [
        (round(float(np.exp(rng.uniform(np.log(80), np.log(7000))))), rng.normal() * 6 * severity)
        for _ in range(int(rng.integers(0, 4)))
    ]
    return MicrophonePlan(
        name=name,
        low_cut_hz=round(low_hz * float(np.exp(rng.normal() * 0.2))),
        high_cut_hz=round(high_hz * float(np.exp(rng.normal() * 0.15))),
        tilt_db=round(float(rng.normal() * 1.5 * severity), 2),
        peaks=tuple((hz, round(float(np.clip(gain, -15, 15)), 1)) for hz, gain in peaks),
        width=width,
    )


def _draw_noise(rng: np.random.Generator, severity: float) -> NoisePlan:
    def sometimes(share: float, quietest_db: float, loudest_db: float) -> float | None:
        is_there, level = rng.random() < share * severity, rng.random()
        level_db = quietest_db + level * (loudest_db - quietest_db) * severity
        return round(float(level_db), 1) if is_there else None

    return NoisePlan(
        hiss_db=sometimes(0.8, -70, -22),
        hum_db=sometimes(0.3, -60, -24),
        crowd_db=sometimes(0.25, -45, -12),
        crackle_db=sometimes(0.12, -50, -18),
        hum_hz=float(rng.choice([50.0, 60.0])),
    )


def _draw_level(rng: np.random.Generator, severity: float) -> LevelPlan:
    odds = np.array([1 - 0.5 * severity, 0.35 * severity, 0.15 * severity])
    return LevelPlan(
        loudness_lufs=round(float(rng.uniform(-16 - 8 * severity, -16 + 6 * severity)), 1),
        compression=round(float(rng.beta(1.5, 2) * severity), 2),
        clipping=str(rng.choice(["none", "soft", "hard"], p=odds / odds.sum())),
        drive_db=round(float(rng.uniform(0, 12 * severity)), 1),
    )


def _draw_codec(rng: np.random.Generator, severity: float) -> CodecPlan:
    if rng.random() > 0.3 + 0.6 * severity:
        return CodecPlan()
    name = str(rng.choice(["mp3", "aac", "opus", "vorbis"]))
    lowest = {"mp3": 32, "aac": 32, "opus": 24, "vorbis": 48}[name]
    rates = [rate for rate in (24, 32, 48, 64, 96, 128) if rate >= lowest]
    return CodecPlan(name, int(rng.choice(rates)))


def _tuples(table: Mapping[str, Any]) -> dict[str, Any]:
    def hardened(value: Any) -> Any:
        return tuple(hardened(each) for each in value) if isinstance(value, list) else value

    return {name: hardened(value) for name, value in table.items()}
