"""From a lead sheet to a whole song: an intro, verses, choruses and an ending, each with a name.

Every bar of the song has its own index, also where the same music comes again, so that "which
verse?" has a true answer. The song is what the Reference plays once, in order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from align.simulation.score.chords import chord_on, is_minor, parse_chord, transpose_chord
from align.simulation.score.tune import Bar, ChordSpan, Tune, TuneNote, TuneSection, insert_pickup

MIN_S, MAX_S = 60.0, 120.0
# (beats per bar, subdivision) -> beats per minute that suit it
TEMPI = {
    (4, 2): (84, 132), (3, 2): (88, 152), (2, 2): (76, 116), (2, 3): (58, 108), (3, 3): (62, 104),
    (4, 3): (56, 84),
}  # fmt: skip
OTHER_TEMPI = (80, 120)
LONG_BARS, FRAME_BARS = 16, 6
# Share of bars by which two passes of a repeat are known.
ALIKE = 0.6
# Forms up to this much too long are drawn too, and lose a section.
TRIMMED = 1.35


@dataclass(frozen=True)
class Block:
    """A section to be: its label and its music."""

    label: str
    bars: tuple[Bar, ...]
    pickup: tuple[TuneNote, ...] = ()


def write_song(tune: Tune, *, seed: int) -> Tune:
    """A song of 60 to 120 s made of a tune; the same seed gives the same song.

    Parameters
    ----------
    tune
        a lead sheet with chords; one that has an intro or an ending is taken as a whole song

    Returns
    -------
    a tune with uniquely named sections, counted bars and a tempo
    """
    rng = np.random.default_rng(seed)
    low, high = TEMPI.get((tune.beats_per_bar, tune.subdivision), OTHER_TEMPI)
    tempo_bpm = tune.tempo_bpm or round(float(rng.uniform(low, high)), 1)
    if {"intro", "ending"} & {section.label for section in tune.sections}:
        return replace(tune, tempo_bpm=tempo_bpm)
    bar_s = 60 / tempo_bpm * tune.beats_per_bar
    stanzas = _stanzas(tune)
    room = MAX_S / bar_s - FRAME_BARS
    drawn = [form(stanzas, rng) for form in FORMS if _suits(form, stanzas)]
    fitting = [blocks for blocks in drawn if _n_bars(blocks) <= TRIMMED * room] or [
        min(drawn, key=_n_bars)
    ]
    blocks = fitting[int(rng.integers(len(fitting)))]
    blocks = _fit_length(blocks, MIN_S / bar_s, room, rng)
    blocks = _framed(blocks, tune, MAX_S / bar_s, rng)
    return replace(tune, tempo_bpm=tempo_bpm, sections=_number(blocks, tune.beats_per_bar))


def _stanzas(tune: Tune) -> list[Block]:
    """The tune's sections, repeats once; a single long one is taken as two."""
    blocks = [Block(s.label, _once(s.bars), s.pickup) for s in tune.sections]
    if len(blocks) == 1 and len(blocks[0].bars) >= LONG_BARS:
        bars = blocks[0].bars
        half = len(bars) // 2
        return [Block("verse", bars[:half], blocks[0].pickup), Block("chorus", bars[half:])]
    return blocks


def _once(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """The second of two passes, where a section is a repeat written out."""
    half = len(bars) // 2
    if len(bars) < LONG_BARS or len(bars) % 2:
        return bars
    same = sum(a.melody == b.melody for a, b in zip(bars[:half], bars[half:], strict=True))
    return bars[half:] if same >= ALIKE * half else bars


def _n_bars(blocks: Sequence[Block]) -> int:
    return sum(len(block.bars) for block in blocks)


Form = Callable[[Sequence[Block], np.random.Generator], list[Block]]


def _strophic(stanzas: Sequence[Block], rng: np.random.Generator) -> list[Block]:
    """Three to five verses, each the whole tune, with an interlude between two of them."""
    verse = Block("verse", tuple(b for s in stanzas for b in s.bars), stanzas[0].pickup)
    verses = [verse] * int(rng.integers(3, 6))
    at = int(rng.integers(1, len(verses)))
    return [*verses[:at], _interlude(stanzas, rng), *verses[at:]]


def _verse_chorus(stanzas: Sequence[Block], rng: np.random.Generator) -> list[Block]:
    """Verse and chorus in turn, a bridge, and the chorus again."""
    verse, chorus = replace(stanzas[0], label="verse"), replace(stanzas[1], label="chorus")
    bridge = replace(stanzas[2], label="bridge") if len(stanzas) > 2 else _bridge(stanzas, rng)
    return [verse, chorus, verse, chorus, bridge, chorus]


def _two_verses_first(stanzas: Sequence[Block], rng: np.random.Generator) -> list[Block]:
    """Two verses before the first chorus, an interlude, one more of each, the chorus twice."""
    verse, chorus = replace(stanzas[0], label="verse"), replace(stanzas[1], label="chorus")
    return [verse, verse, chorus, _interlude(stanzas, rng), verse, chorus, chorus]


def _folk(stanzas: Sequence[Block], rng: np.random.Generator) -> list[Block]:
    """Every part twice, the whole two or three times: AABB AABB."""
    parts = [replace(s, label=label) for s, label in zip(stanzas, FOLK_LABELS, strict=False)]
    once = [block for part in parts for block in (part, part)]
    return once * int(rng.integers(2, 4))


FOLK_LABELS = ("verse", "chorus", "bridge", "interlude")
FORMS: tuple[Form, ...] = (_strophic, _verse_chorus, _two_verses_first, _folk)


def _suits(form: Form, stanzas: Sequence[Block]) -> bool:
    if form is _strophic:
        return len(stanzas) <= 2 or sum(len(s.bars) for s in stanzas) <= 2 * LONG_BARS
    return len(stanzas) > 1


def _bridge(stanzas: Sequence[Block], rng: np.random.Generator) -> Block:
    """The second half of the chorus a fourth higher."""
    bars = stanzas[1].bars[len(stanzas[1].bars) // 2 :]
    shift = int(rng.choice([5, -5, -3]))
    return Block("bridge", tuple(_transpose(bar, shift) for bar in bars))


def _interlude(stanzas: Sequence[Block], rng: np.random.Generator) -> Block:
    """The chords of the tune's beginning or end, without the tune."""
    bars = stanzas[0].bars[:4] if rng.random() < 0.5 else stanzas[-1].bars[-4:]
    return Block("interlude", tuple(replace(bar, melody=()) for bar in bars))


def _transpose(bar: Bar, semitones: int) -> Bar:
    melody = tuple(replace(n, pitch=n.pitch + semitones) for n in bar.melody)
    chords = tuple(replace(c, chord=transpose_chord(c.chord, semitones)) for c in bar.chords)
    return replace(bar, melody=melody, chords=chords)


def _fit_length(
    blocks: list[Block], min_bars: float, room: float, rng: np.random.Generator
) -> list[Block]:
    """Play it again while it is too short; leave out sections, then halves, while too long."""
    fitted = list(blocks)
    while _n_bars(fitted) < min_bars:
        fitted = fitted + blocks
    while _n_bars(fitted) > room:
        spare = _n_bars(fitted) - min_bars
        loose = [i for i in range(1, len(fitted)) if len(fitted[i].bars) <= spare]
        if loose and len(fitted) > 2:
            del fitted[int(rng.choice(loose))]
            continue
        longest = max(range(len(fitted)), key=lambda i: len(fitted[i].bars))
        half = len(fitted[longest].bars) // 2
        if half > spare:
            break
        fitted[longest] = replace(fitted[longest], bars=fitted[longest].bars[:half])
    return fitted


def _framed(
    blocks: list[Block], tune: Tune, max_bars: float, rng: np.random.Generator
) -> list[Block]:
    """With an intro and an ending."""
    spare = max_bars - sum(len(b.bars) for b in blocks)
    ending = _ending(tune, 2 if spare < 8 else 4, rng)
    return [_intro(tune, 2 if spare < 8 else 4, rng), *blocks, ending]


def _intro(tune: Tune, n_bars: int, rng: np.random.Generator) -> Block:
    """The last bars with their tune, the first without, or the tonic and its fourth in turn."""
    bars = tune.bars
    choice = rng.integers(3)
    if choice == 0 and len(bars) >= n_bars:
        return Block("intro", tuple(bars[-n_bars:]))
    if choice == 1 and len(bars) >= n_bars:
        return Block("intro", tuple(replace(bar, melody=()) for bar in bars[:n_bars]))
    tonic = parse_chord(tune.key)
    fourth = chord_on(tonic.root + 5, "m" if is_minor(tonic) else "")
    whole = float(tune.beats_per_bar)
    spans = [ChordSpan(0.0, whole, tonic if i % 2 == 0 else fourth) for i in range(n_bars)]
    return Block("intro", tuple(Bar(-1, (), (span,)) for span in spans))


def _ending(tune: Tune, n_bars: int, rng: np.random.Generator) -> Block:
    """The last bars once more, or chords alone; then the tonic held."""
    whole = float(tune.beats_per_bar)
    tonic = parse_chord(tune.key)
    last_pitch = next((b.melody[-1].pitch for b in reversed(tune.bars) if b.melody), 60)
    held = Bar(-1, (TuneNote(0.0, whole, last_pitch),), (ChordSpan(0.0, whole, tonic),))
    before = tune.bars[-n_bars:-1] if n_bars > 1 else ()
    if rng.random() < 0.4:
        before = tuple(replace(bar, melody=()) for bar in before)
    return Block("ending", (*before, held))


def _number(blocks: Sequence[Block], beats_per_bar: int) -> tuple[TuneSection, ...]:
    """Names and indices; pick-ups go into the bars before them."""
    bars: list[Bar] = []
    edges: list[tuple[Block, int]] = []
    for block in blocks:
        if block.pickup and bars:
            bars[-1] = insert_pickup(bars[-1], block.pickup, beats_per_bar)
        edges.append((block, len(bars)))
        bars.extend(block.bars)
    numbered = [replace(bar, index=i) for i, bar in enumerate(bars)]
    names = _names([block.label for block in blocks])
    return tuple(
        TuneSection(
            name,
            block.label,
            tuple(numbered[first : first + len(block.bars)]),
            bool(block.pickup) and first > 0,
        )
        for name, (block, first) in zip(names, edges, strict=True)
    )


def _names(labels: Sequence[str]) -> list[str]:
    """verse_1, chorus_1, verse_2 ...; what comes once has no number."""
    names, counts = [], dict.fromkeys(labels, 0)
    for label in labels:
        counts[label] += 1
        names.append(f"{label}_{counts[label]}" if labels.count(label) > 1 else label)
    return names
