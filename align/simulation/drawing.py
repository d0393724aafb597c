"""Recipes drawn at random: for every song a reference and covers of all kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from align.simulation.arranging.drawing import (
    KINDS,
    draw_arrangement_plan,
    kinds_for,
    plan_reference,
)
from align.simulation.plan import CoverPlan, ForeignPlan, SurroundingsPlan
from align.simulation.recipe import Recipe, RecipeError, RecordingRecipe, SongRecipe
from align.simulation.score.songform import write_song
from align.simulation.score.tune import Tune
from align.simulation.sound.plan import draw_sound_plan
from align.simulation.splits import Split

REFERENCE_SEVERITY = 0.1
COVER_SEVERITY = (0.1, 0.9)
TALK_SHARE, APPLAUSE_SHARE, SILENCE_SHARE = 0.2, 0.2, 0.1
FOREIGN_S = (4.0, 25.0)
LARGEST_SEED = 2**31


@dataclass(frozen=True)
class Wish:
    """What is asked for. `kinds` empty: all that fit."""

    name: str
    covers_per_song: int
    seed: int
    kinds: tuple[str, ...] = ()


def draw_recipe(songbook: Mapping[str, Tune], split: Split, wish: Wish) -> Recipe:
    """Plan a data set; the same arguments give the same recipe.

    Kinds are dealt like cards, so that all come about equally often over the whole data set.

    Parameters
    ----------
    songbook
        tunes with chords, by name; every one becomes a song

    Raises
    ------
    RecipeError
        when there is no such kind, or none that is wished for fits a song
    """
    unknown = [kind for kind in wish.kinds if kind not in KINDS]
    if unknown:
        raise RecipeError(f"kind={unknown[0]!r} is none of {', '.join(KINDS)}")
    dealt: dict[str, int] = {}
    songs = [
        _draw_song(name, songbook, split, wish, number, dealt)
        for number, name in enumerate(songbook)
    ]
    return Recipe(wish.name, split.name, tuple(songs))


def _draw_song(
    name: str,
    songbook: Mapping[str, Tune],
    split: Split,
    wish: Wish,
    number: int,
    dealt: dict[str, int],
) -> SongRecipe:
    rng = np.random.default_rng((wish.seed, number))
    form_seed = _draw_seed(rng)
    song = write_song(songbook[name], seed=form_seed)
    reference = RecordingRecipe(
        f"{name}-reference",
        "reference",
        CoverPlan(
            plan_reference(song, rng, styles=split.styles),
            draw_sound_plan(rng, sources=split.sources, severity=REFERENCE_SEVERITY),
            _draw_seed(rng),
        ),
    )
    covers = []
    for index in range(1, wish.covers_per_song + 1):
        kind = _deal_kind(song, split, wish, rng, dealt)
        others = [each for each in songbook if each != name]
        other = str(rng.choice(others)) if kind == "medley" and others else ""
        plan = draw_cover_plan(song, kind, split, rng)
        covers.append(RecordingRecipe(f"{name}-{index:02d}-{kind}", kind, plan, other))
    return SongRecipe(name, name, form_seed, reference, tuple(covers))


def draw_cover_plan(song: Tune, kind: str, split: Split, rng: np.random.Generator) -> CoverPlan:
    """A cover of a kind, recorded well or badly, with talk and applause around it or not."""
    severity = float(rng.uniform(*COVER_SEVERITY))
    return CoverPlan(
        draw_arrangement_plan(song, rng, styles=split.styles, kind=kind),
        draw_sound_plan(rng, sources=split.sources, severity=severity),
        _draw_seed(rng),
        _draw_surroundings(rng),
    )


def _deal_kind(
    song: Tune, split: Split, wish: Wish, rng: np.random.Generator, dealt: dict[str, int]
) -> str:
    """One of the kinds that were dealt least so far."""
    fitting = [k for k in kinds_for(song, split.styles) if not wish.kinds or k in wish.kinds]
    if not fitting:
        raise RecipeError(f"kinds={list(wish.kinds)} do not fit {song.title!r}: name others")
    fewest = min(dealt.get(kind, 0) for kind in fitting)
    kind = str(rng.choice([kind for kind in fitting if dealt.get(kind, 0) == fewest]))
    dealt[kind] = dealt.get(kind, 0) + 1
    return kind


def _draw_surroundings(rng: np.random.Generator) -> SurroundingsPlan:
    return SurroundingsPlan(
        opening=_draw_foreign(rng, {"talk": TALK_SHARE, "silence": SILENCE_SHARE}),
        closing=_draw_foreign(rng, {"applause": APPLAUSE_SHARE, "talk": TALK_SHARE / 2}),
        lead_in_s=round(float(rng.uniform(0.05, 1.5)), 3),
        tail_s=round(float(rng.uniform(1.0, 3.0)), 3),
    )


def _draw_foreign(rng: np.random.Generator, shares: Mapping[str, float]) -> tuple[ForeignPlan, ...]:
    lengths_s = rng.uniform(*FOREIGN_S, size=len(shares))
    is_heard = rng.random(len(shares)) < np.array(list(shares.values()))
    return tuple(
        ForeignPlan(kind, round(float(length_s), 2))
        for kind, length_s, heard in zip(shares, lengths_s, is_heard, strict=True)
        if heard
    )


def _draw_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(LARGEST_SEED))
