"""From engraved measures to a tune: repeats written out, pick-ups set apart, sections named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from align.simulation.score.chords import Chord, chord_on
from align.simulation.score.engraving import Engraving, LeadSheetError, Measure
from align.simulation.score.key import find_key
from align.simulation.score.tune import Bar, ChordSpan, Tune, TuneNote, TuneSection, insert_pickup

TOLERANCE_BEATS = 0.02
MIN_BARS, MAX_BARS = 8, 160
PHRASE_BARS, SHORT_BARS = 8, 3
LIKE = 0.7
LABELS = ("verse", "chorus", "bridge", "interlude")
KNOWN_MARKS = {
    "verse": "verse", "chorus": "chorus", "refrain": "chorus", "bridge": "bridge",
    "intro": "intro", "interlude": "interlude", "coda": "ending", "outro": "ending",
    "verso": "verse", "strofa": "verse", "ritornello": "chorus", "trio": "bridge",
}  # fmt: skip


@dataclass(frozen=True)
class _Strain:
    """Bars that belong together, with the notes that lead into them."""

    pickup: tuple[TuneNote, ...]
    bars: tuple[Bar, ...]
    mark: str


def build_tune(title: str, engraving: Engraving) -> Tune:
    """Make a tune of an engraving.

    Raises
    ------
    LeadSheetError
        when bars do not add up, or there are too few or too many
    """
    groups = _split(engraving.measures, engraving.beats_per_bar)
    strains = [_build_strain(group, engraving.beats_per_bar) for group in groups]
    strains = _merge_short([strain for strain in strains if strain.bars])
    n_bars = sum(len(strain.bars) for strain in strains)
    if not MIN_BARS <= n_bars <= MAX_BARS:
        raise LeadSheetError(f"it has {n_bars} bars, not {MIN_BARS} to {MAX_BARS}")
    if len(strains) == 1:
        strains = _phrases(strains[0])
    sections = _number(_carry_chords(_labelled(strains), engraving.beats_per_bar))
    tune = Tune(title, "C", engraving.beats_per_bar, sections, engraving.subdivision)
    tune = replace(tune, tempo_bpm=engraving.tempo_bpm)
    tonic, is_minor = find_key(tune, written=engraving.key)
    return replace(tune, key=chord_on(tonic, "m" if is_minor else "").symbol)


def _split(measures: Sequence[Measure], beats_per_bar: int) -> list[list[Measure]]:
    """Measures of each strain: between repeat signs, double bars and marks."""
    groups: list[list[Measure]] = [[]]
    for i, measure in enumerate(measures):
        is_led_in = len(groups[-1]) == 1 and _is_incomplete(groups[-1][0], beats_per_bar)
        if groups[-1] and not is_led_in and (measure.opens_repeat or (measure.mark and i)):
            groups.append([])
        groups[-1].append(measure)
        following = measures[i + 1] if i + 1 < len(measures) else None
        goes_on = following is not None and following.ending > 1
        if (measure.closes_repeat or measure.closes_strain) and not goes_on:
            groups.append([])
    return [group for group in groups if group]


def _build_strain(group: Sequence[Measure], beats_per_bar: int) -> _Strain:
    """Write the repeat out; an incomplete first measure leads into it."""
    first = group[0]
    has_pickup = _is_incomplete(first, beats_per_bar) and len(group) > 1
    pickup = _lead_in(first) if has_pickup else ()
    body = group[1:] if has_pickup else group
    common = [measure for measure in body if measure.ending == 0]
    once = _bars([*common, *(m for m in body if m.ending == 1)], beats_per_bar)
    bars = once
    if any(measure.closes_repeat for measure in group):
        later = [m for m in body if m.ending > 1]
        again = _bars([*common, *later], beats_per_bar) if later else once
        bars = [*_led_on(once, pickup, beats_per_bar), *again]
    return _Strain(pickup, tuple(bars), first.mark or (body[0].mark if body else ""))


def _is_incomplete(measure: Measure, beats_per_bar: int) -> bool:
    return measure.length_beats < beats_per_bar - TOLERANCE_BEATS


def _led_on(bars: list[Bar], pickup: tuple[TuneNote, ...], beats_per_bar: int) -> list[Bar]:
    """Bars whose last has room for the pick-up get it; others have one of their own."""
    if not pickup or not bars:
        return bars
    first = beats_per_bar + pickup[0].start_beat - TOLERANCE_BEATS
    if any(note.start_beat >= first for note in bars[-1].melody):
        return bars
    return [*bars[:-1], insert_pickup(bars[-1], pickup, beats_per_bar)]


def _lead_in(measure: Measure) -> tuple[TuneNote, ...]:
    length = measure.length_beats
    return tuple(replace(note, start_beat=note.start_beat - length) for note in measure.melody)


def _bars(measures: Sequence[Measure], beats_per_bar: int) -> list[Bar]:
    """Complete bars; measures that were parted by a bar line in their middle are joined."""
    bars: list[Bar] = []
    open_measure: Measure | None = None
    for measure in measures:
        whole = _join(open_measure, measure) if open_measure else measure
        missing = beats_per_bar - whole.length_beats
        if missing < -TOLERANCE_BEATS:
            if open_measure is None or measure.length_beats > beats_per_bar + TOLERANCE_BEATS:
                raise LeadSheetError(f"a bar has {whole.length_beats:g} beats, not {beats_per_bar}")
            bars.append(_bar(open_measure))
            whole, missing = measure, beats_per_bar - measure.length_beats
        open_measure = whole if missing > TOLERANCE_BEATS else None
        if open_measure is None:
            bars.append(_bar(whole))
    if open_measure is not None:
        bars.append(_bar(open_measure))
    return bars


def _join(first: Measure, second: Measure) -> Measure:
    shift = first.length_beats
    moved = tuple(replace(n, start_beat=n.start_beat + shift) for n in second.melody)
    chords = tuple((beat + shift, chord) for beat, chord in second.chords)
    return replace(
        first,
        length_beats=shift + second.length_beats,
        melody=first.melody + moved,
        chords=first.chords + chords,
    )


def _bar(measure: Measure) -> Bar:
    """A bar whose chords have no length yet."""
    return Bar(-1, measure.melody, tuple(ChordSpan(b, 0.0, c) for b, c in measure.chords))


def _merge_short(strains: list[_Strain]) -> list[_Strain]:
    """Strains of less than a phrase belong to the one before."""
    merged: list[_Strain] = []
    for strain in strains:
        if merged and len(strain.bars) <= SHORT_BARS and not strain.mark:
            merged[-1] = replace(merged[-1], bars=merged[-1].bars + strain.bars)
        else:
            merged.append(strain)
    return merged


def _phrases(strain: _Strain) -> list[_Strain]:
    """A long strain in phrases of eight bars; like ones that follow each other stay together."""
    if len(strain.bars) < 2 * PHRASE_BARS:
        return [strain]
    bars = strain.bars
    edges = [*range(0, len(bars) - PHRASE_BARS // 2, PHRASE_BARS), len(bars)]
    phrases = [bars[a:b] for a, b in pairwise(edges)]
    groups: list[tuple[Bar, ...]] = []
    for i, phrase in enumerate(phrases):
        if i and _likeness(phrases[i - 1], phrase) > LIKE:
            groups[-1] = groups[-1] + phrase
        else:
            groups.append(phrase)
    return [_Strain(strain.pickup if i == 0 else (), g, "") for i, g in enumerate(groups)]


def _likeness(one: Sequence[Bar], other: Sequence[Bar]) -> float:
    """Share of bars whose melody is the same."""
    same = sum(a.melody == b.melody for a, b in zip(one, other, strict=False))
    return same / max(len(one), len(other))


def _labelled(strains: Sequence[_Strain]) -> list[tuple[str, _Strain]]:
    """By their marks, else the same label for the same music, new ones in the order of LABELS."""
    named: list[tuple[str, _Strain]] = []
    for strain in strains:
        word = strain.mark.split()[0].lower().strip(".:123456789") if strain.mark.split() else ""
        label = KNOWN_MARKS.get(word, "")
        if not label:
            like = [n for n, s in named if _likeness(s.bars, strain.bars) > LIKE]
            used = {n for n, _ in named}
            free = [n for n in LABELS if n not in used]
            label = like[0] if like else free[0] if free else LABELS[-1]
        named.append((label, strain))
    return named


def _carry_chords(
    named: list[tuple[str, _Strain]], beats_per_bar: int
) -> list[tuple[str, _Strain]]:
    """Every chord sounds until the next; a bar without one keeps the last."""
    all_chords = [c.chord for _, s in named for bar in s.bars for c in bar.chords]
    if not all_chords:
        return named
    current = all_chords[0]
    carried = []
    for label, strain in named:
        bars = []
        for bar in strain.bars:
            starts = {c.start_beat: c.chord for c in bar.chords if c.start_beat < beats_per_bar}
            starts = {0.0: starts.get(0.0, current)} | starts
            bars.append(replace(bar, chords=_spans(starts, beats_per_bar)))
            current = bars[-1].chords[-1].chord
        carried.append((label, replace(strain, bars=tuple(bars))))
    return carried


def _spans(starts: dict[float, Chord], beats_per_bar: int) -> tuple[ChordSpan, ...]:
    beats = sorted(starts)
    ends = [*beats[1:], float(beats_per_bar)]
    return tuple(ChordSpan(a, b - a, starts[a]) for a, b in zip(beats, ends, strict=True))


def _number(named: Sequence[tuple[str, _Strain]]) -> tuple[TuneSection, ...]:
    sections, index = [], 0
    labels = [label for label, _ in named]
    for k, (label, strain) in enumerate(named):
        number = labels[: k + 1].count(label)
        name = f"{label}_{number}" if labels.count(label) > 1 else label
        bars = tuple(replace(bar, index=index + i) for i, bar in enumerate(strain.bars))
        sections.append(TuneSection(name, label, bars, False, strain.pickup))
        index += len(bars)
    return tuple(sections)
