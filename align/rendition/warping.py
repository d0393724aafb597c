"""Legs -> sound: each leg is stretched by itself, and neighbours are joined where nobody hears it.

A joint lies just before a knot, because knots are beats and beats are attacks: 20 ms of crossfade
end 10 ms before it. Both sides were stretched beyond their ends, so both play the same moment of
the cover there. Two stretched sounds are alike, but not in phase: the later one is moved by up to
2 ms to where it fits the earlier best (as WSOLA does: Verhelst and Roelands, ICASSP 1993), which
nobody hears as time and everybody as tone; and the fades keep the power of their sum. No move adds
to another, because every leg begins at its own knot.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from align.audio import Samples
from align.rendition.planning import Leg, unbroken_runs
from align.stretching import stretch_channels

FADE_S = 0.02
FADED_BEFORE_S = 0.01
MARGIN_S = 0.15
"""Stretched beyond both ends of a leg: more than the stretcher's own block of 120 ms reaches."""
REACH_S = 0.002
FAR_MOVE_PRICE = 0.1
"""In correlation: where hardly anything fits better, the beat stays where it is."""
LEAST_CORRELATION = -0.5
"""Below it, what cancels out is let go: more gain would be heard as a click."""

Report = Callable[[float], None]


def warp(
    legs: tuple[Leg, ...],
    cover: Samples,
    rendition: Samples,
    *,
    sample_rate: int,
    semitones: float = 0.0,
    report: Report = lambda share: None,
) -> None:
    """Play legs of a cover into a rendition, in which everything is silent so far.

    Parameters
    ----------
    cover, rendition
        (channels, samples), both with the same channels; the rendition reaches beyond the last leg
    semitones
        how much higher the rendition sounds than the cover
    report
        takes the share that is done, 0..1
    """
    fade, reach = _samples(FADE_S, sample_rate), _samples(REACH_S, sample_rate)
    for run in unbroken_runs(legs):
        for leg in run:
            first, sound = _render_leg(leg, cover, sample_rate, semitones)
            fitting = _fit(rendition[:, max(first, 0) :], sound[:, max(-first, 0) :], fade, reach)
            _join(rendition, max(first, 0), fitting, fade)
            report(leg.end_s / legs[-1].end_s)
        _fade_out(rendition, run[-1].end_s, sample_rate)


def _samples(seconds: float, sample_rate: int) -> int:
    return round(seconds * sample_rate)


def _render_leg(
    leg: Leg, cover: Samples, sample_rate: int, semitones: float
) -> tuple[int, Samples]:
    """Where in the rendition a leg's sound begins, ahead of its knot, and the sound to its end.

    The sound has `REACH_S` more at either end, to be moved by.
    """
    start, stop = _samples(leg.start_s, sample_rate), _samples(leg.end_s, sample_rate)
    margin = _samples(MARGIN_S, sample_rate)
    wanted = stop - start + 2 * margin
    chunk = _cut(
        cover, round(leg.cover_start_s * sample_rate - margin * leg.rate), round(wanted * leg.rate)
    )
    sound = _cut(stretch_channels(chunk, leg.rate, semitones, sample_rate=sample_rate), 0, wanted)
    ahead, reach = _samples(FADE_S + FADED_BEFORE_S, sample_rate), _samples(REACH_S, sample_rate)
    end = wanted - margin - _samples(FADED_BEFORE_S, sample_rate)
    return start - ahead, sound[:, margin - ahead - reach : end + reach]


def _cut(channels: Samples, first: int, count: int) -> Samples:
    """So many samples from `first` on, with silence where there are none."""
    before = min(max(-first, 0), count)
    found = channels[:, max(first, 0) : max(first + count, 0)]
    return np.pad(found, ((0, 0), (before, count - before - found.shape[1])))


def _fit(there: Samples, sound: Samples, fade: int, reach: int) -> Samples:
    """The sound, moved by up to `reach` samples to where it fits best what is there."""
    count = sound.shape[1] - 2 * reach
    known = there[:, :fade].sum(axis=0)
    if not known.any():
        return sound[:, reach : reach + count]
    own = sound[:, : fade + 2 * reach].sum(axis=0)
    power = np.convolve(own**2, np.ones(fade), "valid") * np.sum(known**2)
    alike = np.correlate(own, known, "valid") / np.sqrt(np.maximum(power, np.finfo(float).tiny))
    price = FAR_MOVE_PRICE * np.abs(np.arange(-reach, reach + 1)) / reach
    move = int(np.argmax(alike - price))
    return sound[:, move : move + count]


def _join(rendition: Samples, first: int, sound: Samples, fade: int) -> None:
    """Lay sound into the rendition from `first` on, crossfading with what is there already."""
    there = rendition[:, first : first + fade]
    rise = np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32))
    fall = rise[::-1]
    together = 1 + 2 * _correlation(there, sound[:, :fade]) * rise * fall
    there[:] = (there * fall + sound[:, :fade] * rise) / np.sqrt(together)
    rendition[:, first + fade : first + sound.shape[1]] = sound[:, fade:]


def _correlation(one: Samples, other: Samples) -> float:
    """Of two sounds, `LEAST_CORRELATION`..1; 0 where one is silent."""
    power = float(np.sqrt(np.sum(one**2) * np.sum(other**2)))
    return max(LEAST_CORRELATION, float(np.sum(one * other)) / power) if power > 0 else 0.0


def _fade_out(rendition: Samples, end_s: float, sample_rate: int) -> None:
    """Let the last joint's length of a run end in silence instead of breaking off."""
    fade = _samples(FADE_S, sample_rate)
    end = _samples(end_s, sample_rate) - _samples(FADED_BEFORE_S, sample_rate)
    rendition[:, end - fade : end] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32))


def peak_of(rendition: Samples) -> float:
    """The largest sample, in full scale; one channel after the other, which may lie on disk."""
    peaks: npt.NDArray[np.float32] = np.abs([(each.min(), each.max()) for each in rendition])
    return float(peaks.max(initial=0.0))
