"""What is done to a recording to make a cover of it, as plain data that survives JSON.

A plan is a timeline: blocks of the Reference, each at a rate of its own, and frames of foreign
sound between them. Where every moment of the cover comes from follows from it exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from align.simulation.sound.plan import SoundPlan
from catalog.errors import InputError

Seconds = npt.NDArray[np.float64]

RATE_LIMITS = (0.5, 2.0)
MAX_SEMITONES = 12.0
JOINED_S = 1e-6
"""Blocks that leave less than this of the Reference out between them are one piece of music."""


class EditPlanError(InputError):
    """A plan that cannot be carried out."""


@dataclass(frozen=True)
class Play:
    """A stretch of the Reference.

    Attributes:
        start_s, end_s: in the Reference
        rate: seconds of the Reference in a second of the cover; above 1 the cover is faster
    """

    start_s: float
    end_s: float
    rate: float = 1.0

    @property
    def duration_s(self) -> float:
        """Length in the cover."""
        return (self.end_s - self.start_s) / self.rate


@dataclass(frozen=True)
class Frame:
    """Foreign sound in place of the song: talk, applause, silence, crowd or other_music."""

    sound: str
    duration_s: float


@dataclass(frozen=True)
class Overlay:
    """Foreign sound on top of the song, `level_db` louder than it. Times in the cover."""

    sound: str
    start_s: float
    duration_s: float
    level_db: float


@dataclass(frozen=True)
class EditPlan:
    """A cover of one recording.

    Attributes
    ----------
    blocks
        in the order of the cover
    semitones
        by which the cover sounds higher; a tape adds what its speed does to the pitch
    on_tape
        whether rates change the pitch as a tape does, instead of being stretched
    gains_db
        level of each stem in the mix; a stem that is not named is silent
    sound
        room, microphone, noise, level and codec
    seed
        of everything random in the sound
    """

    kind: str
    relation: str
    blocks: tuple[Play | Frame, ...]
    gains_db: Mapping[str, float]
    sound: SoundPlan
    seed: int
    semitones: float = 0.0
    on_tape: bool = False
    overlays: tuple[Overlay, ...] = ()

    def __post_init__(self) -> None:
        low, high = RATE_LIMITS
        for block in self.blocks:
            if block.duration_s <= 0:
                raise EditPlanError(f"{block} lasts {block.duration_s} s, but must last longer")
            if isinstance(block, Play) and not low <= block.rate <= high:
                raise EditPlanError(f"rate={block.rate} must lie in {low}..{high}")
        if abs(self.semitones) > MAX_SEMITONES:
            raise EditPlanError(f"semitones={self.semitones} must lie within {MAX_SEMITONES}")

    @property
    def starts_s(self) -> Seconds:
        """Where each block begins in the cover, and where the last one ends, (blocks + 1,)."""
        return np.cumsum([0.0, *(block.duration_s for block in self.blocks)])

    @property
    def duration_s(self) -> float:
        """Length of the cover."""
        return float(self.starts_s[-1])

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; `from_json` gives the same plan back."""
        return asdict(self) | {"sound": self.sound.to_json(), "gains_db": dict(self.gains_db)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> EditPlan:
        """Read what `to_json` wrote, after a journey through JSON or not."""
        try:
            read = {
                "blocks": tuple(_block(block) for block in document["blocks"]),
                "overlays": tuple(Overlay(**each) for each in document["overlays"]),
                "sound": SoundPlan.from_json(document["sound"]),
            }
            return cls(**{**document, **read})
        except (KeyError, TypeError) as error:
            raise EditPlanError(f"not an edit plan, write it with to_json: {error}") from error


def _block(fields: Mapping[str, Any]) -> Play | Frame:
    return Frame(**fields) if "sound" in fields else Play(**fields)
