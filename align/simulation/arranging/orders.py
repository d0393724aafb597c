"""Orders of sections: the whole song, and what covers leave out, play again or put elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from align.simulation.arranging.form import word_for
from align.simulation.score.tune import Tune, TuneSection

Order = tuple[str, ...]
MIN_BARS = 8


def whole_order(song: Tune) -> Order:
    """Every section once, as in the Reference."""
    return tuple(section.name for section in song.sections)


def usual_order(song: Tune, rng: np.random.Generator) -> Order:
    """The whole song as most covers play it, sometimes counted in, vamped in, or without intro."""
    order = whole_order(song)
    choice = rng.random()
    if choice < 0.12:
        return ("count-in:1", *order)
    if choice < 0.22:
        return (f"vamp:{rng.choice([2, 4])}", *_without_intro(song, order))
    if choice < 0.3:
        return _without_intro(song, order)
    return order


def cut_order(song: Tune, rng: np.random.Generator) -> Order:
    """One or two stretches left out: a section, or bars inside one."""
    words = list(whole_order(song))
    for _ in range(int(rng.integers(1, 3))):
        if len(words) > 3 and rng.random() < 0.6:
            del words[int(rng.integers(1, len(words) - 1))]
        else:
            words = _cut_inside(song, words, rng)
    return tuple(words)


def repeat_order(song: Tune, rng: np.random.Generator) -> Order:
    """A section, two sections or half a section played again."""
    words = list(whole_order(song))
    at = int(rng.integers(1, len(words)))
    choice = rng.random()
    if choice < 0.5:
        words[at:at] = [words[at]]
    elif choice < 0.75:
        again = words[max(0, at - 1) : at + 1]
        words[at + 1 : at + 1] = again
    else:
        section = song.section(words[at])
        half = len(section.bars) // 2
        words[at + 1 : at + 1] = [word_for(section, half, len(section.bars))]
    return tuple(words)


def reordered(song: Tune, rng: np.random.Generator) -> Order:
    """Sections in another order, most often beginning with a chorus."""
    words = list(whole_order(song))
    choruses = [w for w in words if song.section(w).label == "chorus"]
    if choruses and rng.random() < 0.5:
        first = str(rng.choice(choruses))
        return (first, *(word for word in words if word != first))
    inner = words[1:] if len(words) > 2 else words
    shuffled = [inner[int(i)] for i in rng.permutation(len(inner))]
    if shuffled == inner:
        shuffled = shuffled[1:] + shuffled[:1]
    return (*words[: len(words) - len(inner)], *shuffled)


def early_stop_order(song: Tune, rng: np.random.Generator) -> Order:
    """The beginning only, stopping after 35 to 80 % of the song, often inside a section."""
    left = max(MIN_BARS, round(len(song.bars) * rng.uniform(0.35, 0.8)))
    words = []
    for section in song.sections:
        words.append(word_for(section, 0, min(left, len(section.bars))))
        left -= len(section.bars)
        if left <= 0:
            break
    return tuple(words)


def medley_order(song: Tune, rng: np.random.Generator) -> Order:
    """Part of the song, eight bars of another tune, and perhaps the song again."""
    words = list(whole_order(song))
    at = int(rng.integers(1, len(words))) if len(words) > 1 else 1
    first = int(rng.integers(0, 3)) * 2
    end = at if rng.random() < 0.4 else len(words)
    return (*words[:at], f"other:{first}:{first + 8}", *words[at:end])


def with_solo(song: Tune, order: Order, rng: np.random.Generator) -> Order:
    """An interlude that is not the song between two sections."""
    at = int(rng.integers(1, max(2, len(order))))
    return (*order[:at], f"solo:{rng.choice([4, 8])}", *order[at:])


def _without_intro(song: Tune, order: Sequence[str]) -> Order:
    kept = tuple(word for word in order if song.section(word).label != "intro")
    return kept or tuple(order)


def _cut_inside(song: Tune, words: list[str], rng: np.random.Generator) -> list[str]:
    whole = [i for i, word in enumerate(words) if "[" not in word and _is_long(song, word)]
    if not whole:
        return words
    at = int(rng.choice(whole))
    section = song.section(words[at])
    n_bars = len(section.bars)
    first = int(rng.integers(1, n_bars // 2))
    end = int(rng.integers(n_bars // 2 + 1, n_bars))
    return [*words[:at], *_both_sides(section, first, end), *words[at + 1 :]]


def _is_long(song: Tune, word: str) -> bool:
    return len(song.section(word).bars) >= MIN_BARS // 2


def _both_sides(section: TuneSection, first: int, end: int) -> list[str]:
    return [word_for(section, 0, first), word_for(section, end, len(section.bars))]


ORDERS: dict[str, Callable[[Tune, np.random.Generator], Order]] = {
    "cut": cut_order,
    "repeat": repeat_order,
    "reordered": reordered,
    "early_stop": early_stop_order,
    "medley": medley_order,
}
