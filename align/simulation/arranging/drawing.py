"""Plans drawn at random: the Reference's own rendition and covers of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from align.simulation.arranging.genres import find_genre
from align.simulation.arranging.harmony import HARMONIES
from align.simulation.arranging.mma import grooves_for
from align.simulation.arranging.orders import ORDERS, usual_order, whole_order, with_solo
from align.simulation.arranging.plan import ArrangementPlan, PlanError
from align.simulation.score.meter import find_meter, meter_changes
from align.simulation.score.tune import Tune

# kind -> tags of the genres that it is played in; empty: any
KINDS: dict[str, tuple[str, ...]] = {
    "full_band": ("band",),
    "acoustic_solo": ("solo",),
    "instrumental": ("band", "acoustic"),
    "metal": ("metal",),
    "a_cappella": ("voices",),
    "electronic": ("electronic",),
    "changed_harmony": (),
    "changed_meter": (),
    "cut": (),
    "repeat": (),
    "reordered": (),
    "medley": (),
    "early_stop": (),
    "tempo_extreme": (),
    "key_extreme": (),
    "rubato": ("solo", "acoustic"),
    "absent_melody": ("band", "electronic"),
}
MMA_PREFIX = "mma:"
SOLO_SHARE, FREE_SHARE, FEEL_SHARE = 0.12, 0.25, 0.12
TREATMENTS = ("as_written", "ornamented", "simplified", "late", "early", "sections", "chord_line")
TREATMENT_WEIGHTS = (0.34, 0.18, 0.12, 0.1, 0.08, 0.16, 0.02)


def kinds_for(song: Tune, styles: Sequence[str]) -> tuple[str, ...]:
    """The kinds of cover that these styles and this song's metre allow."""
    changes = meter_changes(song.beats_per_bar, song.subdivision)
    return tuple(
        kind
        for kind in KINDS
        if _allowed(styles, kind) and (kind != "changed_meter" or len(changes) > 1)
    )


def plan_reference(
    song: Tune, rng: np.random.Generator, *, styles: Sequence[str]
) -> ArrangementPlan:
    """The Reference: the whole song once, in order, its tune as written, in its own key and tempo.

    Parameters
    ----------
    styles
        names of genres, or ``mma:GROOVE``
    """
    bands = [name for name in styles if "band" in _tags(name)] or list(styles)
    style = str(rng.choice(bands))
    return ArrangementPlan(
        **_arranger(style, song, "written", rng),
        order=whole_order(song),
        kind="reference",
        rubato=float(rng.uniform(0.002, 0.012)),
        ritardando=float(rng.uniform(1.0, 1.3)),
        drift=float(rng.uniform(-0.01, 0.01)),
    )


def draw_arrangement_plan(
    song: Tune, rng: np.random.Generator, *, styles: Sequence[str], kind: str
) -> ArrangementPlan:
    """A cover of a kind.

    Parameters
    ----------
    styles
        names of genres, or ``mma:GROOVE``; ``mma:`` alone is any groove that fits
    kind
        a key of KINDS

    Raises
    ------
    PlanError
        when there is no such kind, or no style among `styles` for it
    """
    if kind not in KINDS:
        raise PlanError(f"kind={kind!r} is none of {list(KINDS)}")
    allowed = _allowed(styles, kind)
    if not allowed:
        raise PlanError(
            f"kind={kind!r} needs a style tagged {KINDS[kind]}: {list(styles)} has none"
        )
    style = str(rng.choice(allowed))
    fields = _usual(song, rng, style) | _particular(song, rng, kind)
    order = ORDERS[kind](song, rng) if kind in ORDERS else usual_order(song, rng)
    if kind not in ORDERS and rng.random() < SOLO_SHARE:
        order = with_solo(song, order, rng)
    fields |= _arranger(style, song, fields["meter"], rng)
    return ArrangementPlan(order=order, kind=kind, **fields)


def _tags(style: str) -> tuple[str, ...]:
    return ("band",) if style.startswith(MMA_PREFIX) else find_genre(style).tags


def _allowed(styles: Sequence[str], kind: str) -> list[str]:
    wanted = set(KINDS[kind])
    return [name for name in styles if not wanted or wanted & set(_tags(name))]


def _arranger(style: str, song: Tune, change: str, rng: np.random.Generator) -> dict[str, Any]:
    if not style.startswith(MMA_PREFIX):
        return {"style": style, "arranger": "own"}
    grooves = grooves_for(find_meter(change, song.beats_per_bar, song.subdivision))
    groove = style.removeprefix(MMA_PREFIX)
    return {"style": groove if groove in grooves else str(rng.choice(grooves)), "arranger": "mma"}


def _usual(song: Tune, rng: np.random.Generator, style: str) -> dict[str, Any]:
    """What any cover may do."""
    free = rng.random() < FREE_SHARE
    genre_ratio = _comfortable_ratio(song, style)
    return {
        "meter": "written",
        "feel": float(rng.choice([0.5, 2.0])) if rng.random() < FEEL_SHARE else 1.0,
        "melody": str(rng.choice(TREATMENTS, p=TREATMENT_WEIGHTS)),
        "melody_octave": int(rng.choice([-1, 0, 0, 0, 1])),
        "harmony": str(rng.choice(["as_written"] * 5 + ["sevenths", "relative", "sparse"])),
        "drums": bool(rng.random() < 0.88),
        "transposition_semitones": int(rng.integers(-5, 6)),
        "tempo_ratio": round(float(np.clip(genre_ratio * rng.lognormal(0, 0.09), 0.65, 1.5)), 4),
        "rubato": round(float(rng.uniform(0.015, 0.05) if free else rng.uniform(0, 0.015)), 4),
        "drift": round(float(rng.normal() * 0.02), 4),
        "section_tempos": _section_tempos(rng) if rng.random() < 0.15 else (),
        "fermatas": int(rng.integers(1, 3)) if free and rng.random() < 0.4 else 0,
        "ritardando": round(float(rng.uniform(1.0, 1.6)), 3),
    }


def _comfortable_ratio(song: Tune, style: str) -> float:
    """The tempo ratio that brings the song half way into the genre's range."""
    own_bpm = song.tempo_bpm or 100.0
    if style.startswith(MMA_PREFIX):
        return 1.0
    low, high = find_genre(style).tempo_bpm
    return float((np.clip(own_bpm, low, high) / own_bpm) ** 0.5)


def _section_tempos(rng: np.random.Generator) -> tuple[float, ...]:
    return tuple(round(float(t), 3) for t in rng.uniform(0.92, 1.08, size=3))


def _particular(song: Tune, rng: np.random.Generator, kind: str) -> dict[str, Any]:
    """What the kind asks for beyond what any cover may do."""
    if kind == "changed_harmony":
        return {"harmony": str(rng.choice([h for h in HARMONIES if h != "as_written"]))}
    if kind == "changed_meter":
        changes = meter_changes(song.beats_per_bar, song.subdivision)[1:] or ("written",)
        return {"meter": str(rng.choice(changes)), "feel": 1.0}
    if kind == "tempo_extreme":
        slow = rng.random() < 0.5
        ratio = rng.uniform(0.5, 0.65) if slow else rng.uniform(1.5, 2.0)
        return {"tempo_ratio": round(float(ratio), 4)}
    if kind == "key_extreme":
        return {"transposition_semitones": int(rng.choice([-6, -5, 5, 6]))}
    if kind == "rubato":
        rubato = round(float(rng.uniform(0.05, 0.12)), 4)
        return {"rubato": rubato, "fermatas": int(rng.integers(1, 4)), "drums": False,
                "ritardando": round(float(rng.uniform(1.4, 2.2)), 3)}  # fmt: skip
    if kind == "absent_melody":
        return {"melody": "absent", "drums": True}
    return {}
