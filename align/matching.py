"""Which stretch of a Cover is which stretch of its Reference, and in which key.

Works on what a likeness says of every pair of moments at a few frames per second, in units of
evidence: positive where the song is heard, so that one path with jumps and an outside state
decides between song and not the song, between going on and going elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from align.anchors import NO_ANCHORS, Anchors
from align.likeness import Boundaries, Likeness, halved
from align.path import OUTSIDE, JumpPath, PathModel, find_path
from align.steering import find_path_through, steer

Matrix = npt.NDArray[np.float32]

LOWEST_TRANSPOSITION, HIGHEST_TRANSPOSITION = -6, 5


@dataclass(frozen=True)
class MatchingConfig:
    """Prices of the coarse match, in evidence.

    Attributes:
        weight: share of a frame's evidence that is its own and not its neighbours'
        jump, leave, enter: of going on elsewhere, leaving the song and entering it
        tempo_change: of another of the `n_tempos` ratios between `slowest` and `fastest`
        odd_tempo: of beginning a factor of two away from an equal tempo
        straying: of each second that is a factor of two beyond what is `usual`, a factor as well,
            faster or slower than most of the recording
        landing, breaking: of going on where no section of the reference begins, and of leaving
            what goes on where none of the cover does
        keys_tried: of the twelve, those in which moments alone find most places of the song
    """

    weight: float = 0.05
    jump: float = 9.0
    leave: float = 6.0
    enter: float = 4.0
    landing: float = 2.0
    breaking: float = 1.5
    tempo_change: float = 0.8
    odd_tempo: float = 2.0
    straying: float = 2.0
    usual: float = 1.06
    slowest: float = 0.45
    fastest: float = 2.2
    n_tempos: int = 24
    keys_tried: int = 3


@dataclass(frozen=True)
class Match:
    """A coarse match.

    Attributes:
        path: reference position of each coarse cover frame
        transposition_semitones: positive where the cover sounds higher
        key_lead: how much likelier moments find their place in this key than in the usual one
        similarity: what the path was found in, (cover frames, reference frames)
        frame_rate: coarse frames per second
    """

    path: JumpPath
    transposition_semitones: int
    key_lead: float
    similarity: Matrix
    frame_rate: float


@dataclass(frozen=True)
class _Key:
    """The key of a cover; see `Match`."""

    semitones: int
    lead: float
    similarity: Matrix
    rough: JumpPath


def match_recordings(
    likeness: Likeness, *, config: MatchingConfig | None = None, anchors: Anchors = NO_ANCHORS
) -> Match:
    """Find the key, then the path with jumps, of a cover on its reference, through the anchors."""
    config, rate = config or MatchingConfig(), likeness.coarse_rate
    key = _find_key(likeness, config, anchors)
    model = _keeping_tempo(path_model(config, likeness.boundaries()), key.rough, config, rate)
    path = find_path_through(key.similarity, model, anchors, rate)
    return Match(path, key.semitones, key.lead, key.similarity, rate)


def path_model(config: MatchingConfig, boundaries: Boundaries) -> PathModel:
    """The prices as a path sees them: cheaper where a section begins, in either recording."""
    return PathModel(
        tempo_ratios=np.geomspace(config.slowest, config.fastest, config.n_tempos),
        tempo_change=config.tempo_change,
        jump=config.jump,
        leave=config.leave,
        enter=config.enter,
        odd_tempo=config.odd_tempo,
        landing=config.landing * (1 - boundaries.reference.astype(float)),
        breaking=config.breaking * (1 - boundaries.cover.astype(float)),
    )


def _find_key(likeness: Likeness, config: MatchingConfig, anchors: Anchors) -> _Key:
    """The key with the best rough path, of those in which moments alone find most places.

    A matrix of two long recordings takes hundreds of megabytes, so one that will not be tried is
    let go at once, and the others before the path is searched in full.
    """
    likely: dict[int, float] = {}
    odds: dict[int, Matrix] = {}
    for semitones in range(LOWEST_TRANSPOSITION, HIGHEST_TRANSPOSITION + 1):
        odds[semitones] = likeness.log_odds(semitones)
        likely[semitones] = float(odds[semitones].max(axis=1).mean())
        if len(odds) > config.keys_tried:
            del odds[min(odds, key=lambda each: likely[each])]
    rough = {
        semitones: _rough_path(
            steer(config.weight * odds[semitones], anchors, likeness.coarse_rate), config
        )
        for semitones in sorted(odds, key=lambda each: likely[each])
    }
    best = max(rough, key=lambda each: rough[each].score)
    lead = likely[best] - float(np.median(list(likely.values())))
    return _Key(best, lead, config.weight * odds[best], rough[best])


def _rough_path(similarity: Matrix, config: MatchingConfig) -> JumpPath:
    """The best path at half the frame rate."""
    coarser = halved(halved(similarity).T).T
    nothing_known = Boundaries(*(np.ones(n, np.float32) for n in coarser.shape[::-1]))
    return find_path(2 * coarser, path_model(config, nothing_known))


def _keeping_tempo(
    model: PathModel, rough: JumpPath, config: MatchingConfig, frame_rate: float
) -> PathModel:
    """The model with a price on tempi that are far from that of most of a rough path."""
    tempos = rough.tempos[rough.positions != OUTSIDE]
    if not len(tempos):
        return model
    octaves = np.abs(np.log2(model.tempo_ratios / model.tempo_ratios[int(np.median(tempos))]))
    beyond = np.maximum(octaves - np.log2(config.usual), 0)
    return replace(model, straying=config.straying / frame_rate * beyond)
