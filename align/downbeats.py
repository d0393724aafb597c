"""Which beats begin a bar: where chords change and the bass enters.

Not learned. Every meter of 3 or 4 beats and every phase is scored by how far its downbeats stand
out; the whole recording is given one meter, and may slip a beat where the evidence insists.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.descriptors import Descriptors
from align.features import FRAME_RATE, PITCH, Features, magnitudes

Seconds = npt.NDArray[np.float64]
Evidence = npt.NDArray[np.float64]

BEATS_PER_BAR = (4, 3)
SLIP_PRICE = 4.0
METER_PREFERENCE = {4: 0.05, 3: 0.0}
BASS_SEMITONES = 24


def find_downbeats(beats_s: Seconds, features: Features, descriptors: Descriptors) -> Seconds:
    """The beats that begin a bar, (downbeats,); empty with fewer than two bars of beats."""
    if len(beats_s) < 2 * max(BEATS_PER_BAR):
        return np.zeros(0)
    evidence = _downbeat_evidence(beats_s, features, descriptors)
    candidates = []
    for beats_per_bar in BEATS_PER_BAR:
        positions, score = _best_phase(evidence, beats_per_bar)
        # A random choice of every n-th beat gains sqrt(n - 1) of its spread by chance alone.
        fair = score / np.sqrt(beats_per_bar - 1) + METER_PREFERENCE[beats_per_bar]
        candidates.append((fair, positions))
    _, positions = max(candidates, key=lambda each: each[0])
    return np.asarray(beats_s[positions == 0])


def _downbeat_evidence(beats_s: Seconds, features: Features, descriptors: Descriptors) -> Evidence:
    """Standardised harmonic change plus bass entry at each beat, (beats,)."""
    bass = np.log1p(100 * magnitudes(features.pitch))[:, : BASS_SEMITONES * PITCH.bins_per_semitone]
    changes = _change_at(beats_s, descriptors.harmony, span_s=0.5)
    entries = _rise_at(beats_s, bass.mean(axis=1))
    return _standardised(changes) + 0.5 * _standardised(entries)


def _change_at(beats_s: Seconds, rows: npt.NDArray[np.float32], *, span_s: float) -> Evidence:
    """Distance between the means after and before each beat."""
    reach = max(1, round(span_s * FRAME_RATE))
    changes = []
    for frame in _frames(beats_s, len(rows)):
        before = rows[max(0, frame - reach) : max(1, frame)].mean(axis=0)
        after = rows[frame : frame + reach].mean(axis=0)
        changes.append(float(np.linalg.norm(after - before)))
    return np.array(changes)


def _rise_at(beats_s: Seconds, level: npt.NDArray[np.float32]) -> Evidence:
    reach = FRAME_RATE // 10
    return np.array(
        [
            level[frame : frame + reach].mean() - level[max(0, frame - reach) : frame + 1].mean()
            for frame in _frames(beats_s, len(level))
        ]
    )


def _frames(beats_s: Seconds, n_frames: int) -> npt.NDArray[np.int64]:
    return np.clip(np.round(beats_s * FRAME_RATE).astype(np.int64), 0, n_frames - 1)


def _standardised(values: Evidence) -> Evidence:
    return np.asarray((values - values.mean()) / (values.std() + 1e-9))


def _best_phase(evidence: Evidence, beats_per_bar: int) -> tuple[npt.NDArray[np.int64], float]:
    """Viterbi over the position in the bar; returns 0-based positions and the mean evidence."""
    reward = np.zeros(beats_per_bar)
    reward[0] = beats_per_bar - 1.0
    reward[1:] = -1.0
    scores = evidence[0] * reward
    origins = np.zeros((len(evidence), beats_per_bar), dtype=np.int64)
    for beat in range(1, len(evidence)):
        stepped = np.roll(scores, 1)
        slipped = int(scores.argmax())
        slips = scores[slipped] - SLIP_PRICE * beats_per_bar > stepped
        origin = np.roll(np.arange(beats_per_bar), 1)
        origins[beat] = np.where(slips, slipped, origin)
        scores = np.where(slips, scores[slipped] - SLIP_PRICE * beats_per_bar, stepped)
        scores = scores + evidence[beat] * reward
    positions = np.zeros(len(evidence), dtype=np.int64)
    positions[-1] = int(scores.argmax())
    for beat in range(len(evidence) - 1, 0, -1):
        positions[beat - 1] = origins[beat, positions[beat]]
    return positions, float(scores.max() / len(evidence))
