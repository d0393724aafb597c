"""Activation -> beats, by a hidden Markov model over (tempo, position in the beat).

madmom's implementation decodes where madmom is installed, our own numpy Viterbi elsewhere; both
run the same model: Krebs, Böck, Widmer, "An efficient state-space model for joint tempo and
meter tracking", ISMIR 2015. Only madmom's decoding code is loaded, never its networks' weights.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from align.activations import Activation
from align.features import FRAME_RATE

Seconds = npt.NDArray[np.float64]
Positions = npt.NDArray[np.float64]

SLOWEST_BPM, FASTEST_BPM = 55.0, 200.0
USUAL_BPM, USUAL_OCTAVES = 100.0, 0.6
"""Centre and spread of the tempi that people tap to."""
LEEWAY = 1.4
TEMPO_STIFFNESS = 100.0
BEAT_SHARE = 16
"""The first sixteenth of a beat's length counts as the beat itself."""
PEAK_REACH_FRAMES = 2


def decode_beats(activation: Activation, *, decoder: str | None = None) -> Seconds:
    """Times of the beats of a steady or slowly changing tempo.

    Parameters
    ----------
    activation
        likelihood of a beat at 50 frames per second, (frames,)
    decoder
        `madmom` or `own`; the one of `decoder_name` where `None`

    Returns
    -------
    beats_s
        strictly increasing, (beats,)
    """
    if len(activation) < FRAME_RATE or float(np.ptp(activation)) < 1e-6:
        return np.zeros(0)
    name = decoder or decoder_name()
    phase = _phase_by_madmom(activation) if name == "madmom" else _phase_by_viterbi(activation)
    starts = np.flatnonzero(np.diff(phase) < 0) + 1
    return _refine(starts, activation) / FRAME_RATE


@lru_cache(maxsize=1)
def decoder_name() -> str:
    """Which decoder runs here: `madmom` where it can be imported, else `own`."""
    return "madmom" if find_spec("madmom") is not None else "own"


def tempo_bpm(beats_s: Seconds) -> float | None:
    """Median tempo, `None` with fewer than two beats: [60 s/min] / [s/beat] = [beats/min]."""
    if len(beats_s) < 2:
        return None
    return float(60.0 / np.median(np.diff(beats_s)))


def _interval_range(activation: Activation) -> tuple[int, int]:
    """Shortest and longest beat around the likeliest: less than an octave, so it cannot double.

    Self-similarity at each interval and its double is weighed by how usual the tempo is.
    """
    # [frames/s] * [60 s/min] / [beats/min] = [frames/beat]
    shortest, longest = (round(FRAME_RATE * 60 / bpm) for bpm in (FASTEST_BPM, SLOWEST_BPM))
    intervals = np.arange(shortest, longest + 1)
    rises = activation - activation.mean()
    likeness = np.correlate(rises, rises, "full")[len(rises) - 1 :]
    likeness = np.pad(likeness, (0, max(0, 2 * longest + 1 - len(likeness))))
    octaves = np.log2(FRAME_RATE * 60 / intervals / USUAL_BPM)
    usual = np.exp(-0.5 * (octaves / USUAL_OCTAVES) ** 2)
    weights = np.maximum(likeness[intervals] + 0.5 * likeness[2 * intervals], 0) * usual
    likeliest = int(intervals[int(np.argmax(weights))])
    return max(shortest, round(likeliest / LEEWAY)), min(longest, round(likeliest * LEEWAY))


def _phase_by_madmom(activation: Activation) -> Positions:
    from madmom.features.beats_hmm import (
        BeatStateSpace,
        BeatTransitionModel,
        RNNBeatTrackingObservationModel,
    )
    from madmom.ml.hmm import HiddenMarkovModel

    space = BeatStateSpace(*_interval_range(activation))
    model = HiddenMarkovModel(
        BeatTransitionModel(space, TEMPO_STIFFNESS),
        RNNBeatTrackingObservationModel(space, BEAT_SHARE),
    )
    states, _ = model.viterbi(activation)
    return np.asarray(space.state_positions[states], dtype=float)


def _phase_by_viterbi(activation: Activation) -> Positions:
    """Position in the beat, 0..1, of each frame on the likeliest path, (frames,)."""
    shortest, longest = _interval_range(activation)
    intervals = np.arange(shortest, longest + 1)
    firsts = np.concatenate([[0], np.cumsum(intervals)[:-1]])
    lasts = firsts + intervals - 1
    positions = np.concatenate([np.arange(n) / n for n in intervals])
    changes = -TEMPO_STIFFNESS * np.abs(intervals[None, :] / intervals[:, None] - 1)
    changes -= np.log(np.exp(changes).sum(axis=1, keepdims=True))
    on_beat = positions < 1 / BEAT_SHARE
    off_log, on_log = np.log((1 - activation) / (BEAT_SHARE - 1)), np.log(activation)

    scores = np.zeros(len(positions))
    origins = np.zeros((len(activation), len(intervals)), dtype=np.int64)
    for frame in range(len(activation)):
        arriving = scores[lasts][:, None] + changes
        origins[frame] = arriving.argmax(axis=0)
        scores = np.concatenate([[0.0], scores[:-1]])
        scores[firsts] = arriving.max(axis=0)
        scores = scores + np.where(on_beat, on_log[frame], off_log[frame])
    return positions[_trace_states(scores, origins, firsts, lasts)]


def _trace_states(
    scores: Positions,
    origins: npt.NDArray[np.int64],
    firsts: npt.NDArray[np.int64],
    lasts: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    states = np.zeros(len(origins), dtype=np.int64)
    states[-1] = int(scores.argmax())
    interval_of_first = {int(state): index for index, state in enumerate(firsts)}
    for frame in range(len(origins) - 1, 0, -1):
        interval = interval_of_first.get(int(states[frame]))
        before = states[frame] - 1 if interval is None else lasts[origins[frame, interval]]
        states[frame - 1] = before
    return states


def _refine(frames: npt.NDArray[np.int64], activation: Activation) -> Seconds:
    """Move each beat to the nearest activation peak, between frames by a parabola."""
    refined = []
    for frame in frames:
        low = max(1, frame - PEAK_REACH_FRAMES)
        high = min(len(activation) - 1, frame + PEAK_REACH_FRAMES + 1)
        peak = low + int(np.argmax(activation[low:high])) if high > low else int(frame)
        refined.append(peak + _parabola(activation, peak))
    return np.unique(np.array(refined, dtype=float))


def _parabola(activation: Activation, peak: int) -> float:
    if not 0 < peak < len(activation) - 1:
        return 0.0
    before, here, after = activation[peak - 1 : peak + 2]
    curvature = before - 2 * here + after
    if curvature >= 0:
        return 0.0
    return float(np.clip(0.5 * (before - after) / curvature, -0.5, 0.5))
