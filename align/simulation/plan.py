"""The plan of a cover as data: what is played, how it sounds, what lies around it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from align.simulation.arranging.plan import ArrangementPlan, PlanError, plan_from_json
from align.simulation.sound.plan import SoundPlan


@dataclass(frozen=True)
class ForeignPlan:
    """A sound that is not the song: a kind of `sound.foreign` and how long it lasts."""

    kind: str
    duration_s: float


@dataclass(frozen=True)
class SurroundingsPlan:
    """What lies before and after the music.

    Attributes
    ----------
    lead_in_s, tail_s
        silence before the first beat, time for the last chord to die away
    """

    opening: tuple[ForeignPlan, ...] = ()
    closing: tuple[ForeignPlan, ...] = ()
    lead_in_s: float = 0.5
    tail_s: float = 2.5

    @property
    def opening_s(self) -> float:
        """How long everything before the lead-in lasts."""
        return sum(each.duration_s for each in self.opening)

    @property
    def closing_s(self) -> float:
        """How long everything after the tail lasts."""
        return sum(each.duration_s for each in self.closing)


@dataclass(frozen=True)
class CoverPlan:
    """Everything that decides what a simulated recording is. `seed` draws what is left open."""

    arrangement: ArrangementPlan
    sound: SoundPlan
    seed: int
    surroundings: SurroundingsPlan = SurroundingsPlan()

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; `from_json` gives the same plan back."""
        return {
            "arrangement": json.loads(self.arrangement.to_json()),
            "sound": self.sound.to_json(),
            "seed": self.seed,
            "surroundings": asdict(self.surroundings),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> CoverPlan:
        """Read what `to_json` wrote.

        Raises
        ------
        PlanError
            when something is missing or unknown
        """
        try:
            return cls(
                arrangement=plan_from_json(json.dumps(document["arrangement"])),
                sound=SoundPlan.from_json(document["sound"]),
                seed=int(document["seed"]),
                surroundings=_surroundings(document["surroundings"]),
            )
        except (KeyError, TypeError) as error:
            raise PlanError(f"not the plan of a cover, write it with to_json: {error!r}") from error

    @property
    def digest(self) -> str:
        """SHA-256 of the plan: the same plan, the same recording."""
        text = json.dumps(self.to_json(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def _surroundings(table: Mapping[str, Any]) -> SurroundingsPlan:
    sides = {
        side: tuple(ForeignPlan(**each) for each in table[side]) for side in ("opening", "closing")
    }
    return SurroundingsPlan(**{**table, **sides})
