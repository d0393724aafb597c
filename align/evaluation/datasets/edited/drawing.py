"""Kinds of covers, each drawn as a plan from a seed.

What a kind makes of the recording decides its relation: all of its sound at one speed and in one
key is the same recording, wherever it was cut; the backing without the guitar is a backing track;
a guitar alone, and a tempo that wanders as players' does, stand for a performance.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from align.evaluation.datasets.edited.plan import EditPlan, Frame, Overlay, Play, Seconds
from align.simulation.sound.plan import (
    CodecPlan,
    LevelPlan,
    MicrophonePlan,
    NoisePlan,
    RoomPlan,
    SoundPlan,
)
from catalog.errors import InputError

Block = Play | Frame

MAX_TEMPO_RATIO = 1.6
MAX_TAPE_RATIO = 1.25
STEP_MARKS = 4
"""Tempo changes and cuts happen at every fourth mark."""
CLEAN = SoundPlan(level=LevelPlan(loudness_lufs=-18.0))


class EditKindError(InputError):
    """A kind of cover that there is not, or that the recording cannot give."""


@dataclass(frozen=True)
class Source:
    """What a plan is drawn for.

    Attributes:
        marks_s: where the Reference may be cut, (marks,)
        stems: names; where there are several, `guitar` and `backing` are among them
    """

    marks_s: Seconds
    duration_s: float
    stems: tuple[str, ...]

    @property
    def edges_s(self) -> Seconds:
        """Every `STEP_MARKS`th mark, and both ends of the Reference."""
        inner = self.marks_s[::STEP_MARKS]
        away = (inner > 1.0) & (inner < self.duration_s - 1.0)
        return np.array([0.0, *inner[away], self.duration_s])

    @property
    def whole(self) -> tuple[Block, ...]:
        """The Reference as it is."""
        return (Play(0.0, self.duration_s),)


def draw_plan(kind: str, source: Source, *, seed: int) -> EditPlan:
    """A cover of one kind; the same arguments give the same plan.

    Raises:
        EditKindError: for an unknown kind, or one that needs stems where there are none.
    """
    if kind not in KINDS:
        raise EditKindError(f"kind={kind!r} is none of {', '.join(KINDS)}")
    if kind.startswith("stem_") and "guitar" not in source.stems:
        raise EditKindError(f"kind={kind!r} needs the stem guitar, and there are {source.stems}")
    plain = EditPlan(
        kind=kind,
        relation="same_recording",
        blocks=source.whole,
        gains_db=dict.fromkeys(source.stems, 0.0),
        sound=CLEAN,
        seed=seed,
    )
    return KINDS[kind](plain, source, np.random.default_rng(seed))


def _stretch(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    rate = _ratio(rng, 1.1, MAX_TEMPO_RATIO)
    return replace(plain, blocks=(Play(0.0, source.duration_s, rate),))


def _tempo_curve(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    return replace(plain, relation="performance", blocks=_curved(source.whole, source, rng))


def _pitch(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    sign = -1 if rng.random() < 0.5 else 1
    cents = round(float(rng.uniform(-45, 45)))
    return replace(plain, semitones=sign * int(rng.integers(1, 7)) + cents / 100)


def _tape(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    rate = _ratio(rng, 1.03, MAX_TAPE_RATIO)
    return replace(plain, blocks=(Play(0.0, source.duration_s, rate),), on_tape=True)


def _cut(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    return replace(plain, blocks=_shortened(source, rng))


def _repeat(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    edges_s = source.edges_s
    n_steps = int(rng.integers(3, max(4, len(edges_s) // 3)))
    first = int(rng.integers(2, len(edges_s) - n_steps - 2))
    start_s, end_s = float(edges_s[first]), float(edges_s[first + n_steps])
    return replace(plain, blocks=(Play(0.0, end_s), Play(start_s, source.duration_s)))


def _reorder(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    quarters = np.linspace(0, len(source.edges_s) - 1, 5).astype(int)
    parts = [
        Play(float(source.edges_s[a]), float(source.edges_s[b])) for a, b in pairwise(quarters)
    ]
    orders = [(1, 0, 3, 2), (2, 3, 0, 1), (0, 2, 1, 3), (2, 0, 3, 1), (3, 1, 2, 0)]
    return replace(plain, blocks=tuple(parts[k] for k in orders[int(rng.integers(len(orders)))]))


def _stem_guitar(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    return replace(plain, relation="performance", gains_db={"guitar": 0.0})


def _stem_backing(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    return replace(plain, relation="backing_track", gains_db={"backing": 0.0})


def _talk(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    inside_s = float(rng.choice(source.edges_s[3:-3]))
    blocks = (
        Frame("talk", _seconds(rng, 5, 20)),
        Play(0.0, inside_s),
        Frame("talk", _seconds(rng, 5, 15)),
        Play(inside_s, source.duration_s),
        Frame("applause", _seconds(rng, 5, 10)),
        Frame("silence", _seconds(rng, 1, 4)),
    )
    return replace(plain, blocks=blocks)


def _talk_over(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    tenth_s = source.duration_s / 10
    early_s, late_s = _seconds(rng, 0, 2 * tenth_s), _seconds(rng, 5 * tenth_s, 7 * tenth_s)
    overlays = (
        Overlay("talk", early_s, _seconds(rng, tenth_s, 2.5 * tenth_s), 2.0),
        Overlay("crowd", late_s, _seconds(rng, tenth_s, 2.5 * tenth_s), 0.0),
    )
    return replace(plain, overlays=overlays)


def _other_music(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    before, after = Frame("other_music", _seconds(rng, 5, 25)), Frame("other_music", 12.0)
    return replace(plain, blocks=(before, *source.whole, after))


def _phone(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    sound = SoundPlan(
        room=RoomPlan(_seconds(rng, 0.4, 1.2), _seconds(rng, 4, 15), _seconds(rng, 0.4, 0.8)),
        microphone=MicrophonePlan("phone", 180.0, 7000.0, -1.0, ((900.0, 5.0),), 0.0),
        noise=NoisePlan(hiss_db=-32.0, crowd_db=-20.0),
        level=LevelPlan(-16.0, 0.6, "soft", 4.0),
        codec=CodecPlan("aac", 64),
    )
    return replace(plain, sound=sound)


def _codec(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    name, kbps = [("mp3", 32), ("aac", 32), ("opus", 24), ("vorbis", 48)][int(rng.integers(4))]
    return replace(plain, sound=replace(CLEAN, codec=CodecPlan(name, kbps)))


def _everything(plain: EditPlan, source: Source, rng: np.random.Generator) -> EditPlan:
    frames = _talk(plain, source, rng).blocks
    music = _curved(_shortened(source, rng), source, rng)
    louder = {name: _seconds(rng, -9, 0) for name in source.stems}
    return replace(
        _phone(plain, source, rng),
        relation="performance",
        blocks=(frames[0], *music, *frames[4:]),
        gains_db=louder,
        semitones=float(rng.integers(-6, 7)),
        overlays=(Overlay("talk", frames[0].duration_s + 20.0, 8.0, -3.0),),
    )


def _shortened(source: Source, rng: np.random.Generator) -> tuple[Block, ...]:
    """One inner span left out, and the beginning or the end."""
    edges_s = source.edges_s
    n_left_out = int(rng.integers(2, max(3, len(edges_s) // 5)))
    first = int(rng.integers(len(edges_s) // 4, 3 * len(edges_s) // 4 - n_left_out))
    begin, end = (2, len(edges_s) - 1) if rng.random() < 0.5 else (0, len(edges_s) - 3)
    return (
        Play(float(edges_s[begin]), float(edges_s[first])),
        Play(float(edges_s[first + n_left_out]), float(edges_s[end])),
    )


def _curved(blocks: Sequence[Block], source: Source, rng: np.random.Generator) -> tuple[Block, ...]:
    """The blocks cut at the edges, with a tempo that wanders around one of its own."""
    around = _ratio(rng, 1.0, 1.35)
    pieces: list[Block] = []
    wander = 0.0
    for block in blocks:
        assert isinstance(block, Play)
        inner = source.edges_s[(source.edges_s > block.start_s) & (source.edges_s < block.end_s)]
        edges_s = [block.start_s, *(float(edge) for edge in inner), block.end_s]
        for start_s, end_s in pairwise(edges_s):
            wander = 0.8 * wander + rng.normal() * 0.05
            rate = float(np.clip(around * np.exp(wander), 1 / MAX_TEMPO_RATIO, MAX_TEMPO_RATIO))
            pieces.append(Play(start_s, end_s, round(rate, 4)))
    return tuple(pieces)


def _ratio(rng: np.random.Generator, least: float, most: float) -> float:
    """Between `least` and `most` times as fast, or as slow."""
    ratio = float(np.exp(rng.uniform(np.log(least), np.log(most))))
    return round(ratio if rng.random() < 0.5 else 1 / ratio, 4)


def _seconds(rng: np.random.Generator, least: float, most: float) -> float:
    return round(float(rng.uniform(least, most)), 2)


KINDS: dict[str, Callable[[EditPlan, Source, np.random.Generator], EditPlan]] = {
    "stretch": _stretch,
    "tempo_curve": _tempo_curve,
    "pitch": _pitch,
    "tape": _tape,
    "cut": _cut,
    "repeat": _repeat,
    "reorder": _reorder,
    "stem_guitar": _stem_guitar,
    "stem_backing": _stem_backing,
    "talk": _talk,
    "talk_over": _talk_over,
    "other_music": _other_music,
    "phone": _phone,
    "codec": _codec,
    "everything": _everything,
}
