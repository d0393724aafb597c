"""Where the parts of a song begin, and which of them are alike.

A recurrent network says of every bar how likely a part begins with it; the best division weighs
that with how long parts usually are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.bars import measure_bars
from align.descriptors import Descriptors
from align.features import Features
from align.likeness import Heard
from align.network.inputs import PLACE_RATE
from align.section_labels import label_sections

Seconds = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

LEAST_BARS = 8
"""Shorter recordings are one part."""
READINESS = 2.0
"""Log odds in favour of beginning: lengths alone make the fewest parts the likeliest."""


@dataclass(frozen=True)
class Section:
    """A part of a song; equal labels mean alike, `confidence` that its start is right."""

    start_s: float
    end_s: float
    label: str
    confidence: float


@dataclass(frozen=True)
class Begins:
    """How likely a part begins with each bar; no bars where too few are heard.

    Attributes:
        bars_s: where they begin, increasing, (bars,)
        likelihood: (bars,)
    """

    bars_s: Seconds
    likelihood: Vector

    @classmethod
    def unknown(cls) -> Begins:
        """Of a recording without bars."""
        return cls(np.zeros(0), np.zeros(0))


def find_sections(
    downbeats_s: Seconds, features: Features, descriptors: Descriptors, heard: Heard
) -> tuple[tuple[Section, ...], Begins]:
    """Parts that cover the whole recording without gaps; one part where bars are unknown."""
    if len(downbeats_s) < LEAST_BARS:
        return (Section(0.0, features.duration_s, "A", 0.0),), Begins.unknown()
    bars = measure_bars(downbeats_s, features, descriptors, heard)
    log_odds, log_lengths = heard.listener.begins(bars.traits)
    starts = divide(log_odds, log_lengths)
    edges_s = bars.edges_s
    labels = label_sections(heard.places.embedding, edges_s, starts, frame_rate=PLACE_RATE)
    likelihood = 1 / (1 + np.exp(-log_odds))
    sections = tuple(
        Section(float(edges_s[start]), float(edges_s[end]), label, float(likelihood[start]))
        for start, end, label in zip(starts, [*starts[1:], -1], labels, strict=True)
    )
    return sections, Begins(edges_s[:-1], 1 / (1 + np.exp(-log_odds - READINESS)))


def divide(log_odds: Vector, log_lengths: Vector) -> Indices:
    """The likeliest bars that parts begin with, 0 first.

    Parameters
    ----------
    log_odds
        that a part begins with each bar, (bars,)
    log_lengths
        log probability of a part of so many bars, (longest + 1,); longer ones are as likely as
        the longest

    Returns
    -------
    (parts,), increasing
    """
    n_bars = len(log_odds)
    gains = np.append(log_odds + READINESS, 0.0)
    lengths = np.concatenate([log_lengths, np.full(n_bars, log_lengths[-1])])
    scores = np.full(n_bars + 1, -np.inf)
    scores[0] = 0.0
    came_from = np.zeros(n_bars + 1, dtype=np.int64)
    for end in range(1, n_bars + 1):
        candidates = scores[:end] + lengths[end - np.arange(end)]
        came_from[end] = candidates.argmax()
        scores[end] = candidates.max() + gains[end]
    starts = [int(came_from[n_bars])]
    while starts[-1] > 0:
        starts.append(int(came_from[starts[-1]]))
    return np.array(starts[::-1])
