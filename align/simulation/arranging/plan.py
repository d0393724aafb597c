"""A rendition's plan as data: everything that is decided before the first note is written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from catalog.errors import InputError


class PlanError(InputError):
    """A plan that nobody can play."""


@dataclass(frozen=True)
class ArrangementPlan:
    """How a song is played. Together with a seed it gives the same notes every time.

    Attributes
    ----------
    kind
        what the rendition is an example of, see `drawing.KINDS`
    arranger
        ``own``, or ``mma`` (the independent one, held out for tests)
    style
        a genre of `genres.toml`, a style of `styles.toml`, or a groove of MMA
    order
        what is heard, in the words of `form`
    meter
        ``written`` or a change of metre, see `meter.CHANGES`
    feel
        1, 0.5 (half-time) or 2 (double-time): how fast the groove goes by; beats stay
    melody
        a treatment of the tune, see `treatment.TREATMENTS`
    melody_octave
        octaves that the tune is moved by
    harmony
        how chords are changed, see `harmony.HARMONIES`
    drums
        whether drums play
    transposition_semitones
        from the song's key, -6..6
    tempo_ratio
        speed beside the song's own tempo, 0.5..2
    rubato, drift
        share of the beat by which it breathes; by which the tempo has changed at the end
    section_tempos
        speed beside the rendition's tempo, section by section in turn; empty: the same in all
    fermatas
        how many phrase ends are held
    ritardando
        how much longer the last beat is
    swing
        place of the middle of the beat, None for the style's own
    """

    style: str
    order: tuple[str, ...]
    kind: str = "full_band"
    arranger: str = "own"
    meter: str = "written"
    feel: float = 1.0
    melody: str = "as_written"
    melody_octave: int = 0
    harmony: str = "as_written"
    drums: bool = True
    transposition_semitones: int = 0
    tempo_ratio: float = 1.0
    rubato: float = 0.01
    drift: float = 0.0
    section_tempos: tuple[float, ...] = ()
    fermatas: int = 0
    ritardando: float = 1.2
    swing: float | None = None

    def to_json(self) -> str:
        """The plan as a JSON object."""
        return json.dumps(asdict(self))


def plan_from_json(text: str) -> ArrangementPlan:
    """Read what `ArrangementPlan.to_json` wrote; PlanError names what does not belong."""
    table = json.loads(text)
    known = {field.name for field in fields(ArrangementPlan)}
    unknown, missing = set(table) - known, {"style", "order"} - set(table)
    if unknown or missing:
        raise PlanError(f"plan has unknown {sorted(unknown)} and misses {sorted(missing)}")
    table["order"] = tuple(table["order"])
    table["section_tempos"] = tuple(table.get("section_tempos", ()))
    return ArrangementPlan(**table)
