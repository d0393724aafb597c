"""Sync Toolbox's multi-scale DTW with three features.

Müller, Özer, Krause, Prätzlich, Driedger, "Sync Toolbox: a Python package for efficient, robust,
and accurate music synchronization", JOSS 6(64), 2021. Its chroma and DLNCO features are its own;
`flux` puts the product's attack feature beside its chroma. synctoolbox is imported late, and
prints a dot per filter, which is swallowed.
"""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from align.evaluation.methods.local_alignment import Span, find_common_span
from align.evaluation.methods.method import Aligned
from align.evaluation.methods.normalising import (
    COARSE_RATE,
    Normalisation,
    coarsen,
    estimate_normalisation,
)
from align.evaluation.methods.paths import map_of_path
from align.evaluation.methods.recording import Recording
from catalog.errors import InputError

Matrix = npt.NDArray[np.float64]

FRAME_RATE = 50
STEP_WEIGHTS = np.array([1.5, 1.5, 2.0])
LARGEST_RECTANGLE = 10**6
SHORTEST_CUT_S = 10.0


def require_synctoolbox() -> None:
    """Raise an InputError where synctoolbox is not installed."""
    if find_spec("synctoolbox") is None:
        raise InputError(
            "the mrmsdtw methods need synctoolbox: pip install 'infinite-covers[evaluate]'"
        )


def align_by_mrmsdtw(
    reference: Recording, cover: Recording, *, onset: str | None, cuts: bool
) -> Aligned:
    """One segment over both recordings, or over the stretches of them that match.

    Parameters
    ----------
    onset
        `dlnco` or `flux` beside chroma, `None` for chroma alone
    cuts
        whether a coarse subsequence match cuts both recordings first
    """
    chroma = quantised_chroma(reference), quantised_chroma(cover)
    normalisation = estimate_normalisation(*chroma, FRAME_RATE)
    pairs = [(chroma[0], _normalised(chroma[1], normalisation))]
    if onset is not None:
        peaks = [
            _onsets(onset, each, own.shape[1])
            for each, own in zip((reference, cover), chroma, strict=True)
        ]
        pairs.append((peaks[0], _normalised(peaks[1], normalisation)))
    span = _cut(*pairs[0]) if cuts else _whole(*pairs[0])
    path = _warp([_cropped(pair, span) for pair in pairs])
    path = path + np.array([[span.reference_start], [span.cover_start]])
    return Aligned(map_of_path(path, FRAME_RATE, normalisation))


def quantised_chroma(recording: Recording) -> Matrix:
    """Sync Toolbox's chroma of a recording, (12, frames), C first, 50 frames/s."""
    return recording.workspace.keep(
        recording.file, "synctoolbox-chroma", lambda: _quantised_chroma(recording)
    )


def _quantised_chroma(recording: Recording) -> Matrix:
    from synctoolbox.feature.chroma import pitch_to_chroma, quantize_chroma
    from synctoolbox.feature.pitch import audio_to_pitch_features

    audio = recording.audio()
    with redirect_stdout(io.StringIO()):
        pitch = audio_to_pitch_features(
            f_audio=audio.samples,
            Fs=audio.sample_rate,
            tuning_offset=_tuning(recording),
            feature_rate=FRAME_RATE,
            verbose=False,
        )
    return np.asarray(quantize_chroma(f_chroma=pitch_to_chroma(f_pitch=pitch)))


def _onsets(onset: str, recording: Recording, n_frames: int) -> Matrix:
    """An onset feature, (12, frames)."""
    if onset == "flux":
        found = recording.descriptors().attack.T.astype(float)
    else:
        found = recording.workspace.keep(
            recording.file, "synctoolbox-dlnco", lambda: _dlnco(recording, n_frames)
        )
    return np.asarray(np.pad(found, ((0, 0), (0, n_frames)))[:, :n_frames])


def _dlnco(recording: Recording, n_frames: int) -> Matrix:
    from synctoolbox.feature.dlnco import pitch_onset_features_to_DLNCO
    from synctoolbox.feature.pitch_onset import audio_to_pitch_onset_features

    audio = recording.audio()
    with redirect_stdout(io.StringIO()):
        peaks = audio_to_pitch_onset_features(
            f_audio=audio.samples,
            Fs=audio.sample_rate,
            tuning_offset=_tuning(recording),
            verbose=False,
        )
    dlnco = pitch_onset_features_to_DLNCO(
        f_peaks=peaks, feature_sequence_length=n_frames, feature_rate=FRAME_RATE
    )
    return np.asarray(dlnco)


def _tuning(recording: Recording) -> int:
    """Sync Toolbox's own tuning in cents."""
    from synctoolbox.feature.utils import estimate_tuning

    audio = recording.audio()
    return recording.workspace.keep(
        recording.file,
        "synctoolbox-tuning",
        lambda: int(estimate_tuning(audio.samples, audio.sample_rate)),
    )


def _normalised(features: Matrix, normalisation: Normalisation) -> Matrix:
    return normalisation.in_key(normalisation.scaled(features))


def _whole(reference: Matrix, cover: Matrix) -> Span:
    return Span(0, reference.shape[1], 0, cover.shape[1])


def _cut(reference: Matrix, cover: Matrix) -> Span:
    """The matching stretches of both, or all of both where they are too short to be believed."""
    factor = FRAME_RATE / COARSE_RATE
    coarse = find_common_span(coarsen(reference, 1 / factor), coarsen(cover, 1 / factor))
    span = Span(
        round(coarse.reference_start * factor),
        min(round(coarse.reference_end * factor), reference.shape[1]),
        round(coarse.cover_start * factor),
        min(round(coarse.cover_end * factor), cover.shape[1]),
    )
    shortest = min(span.reference_end - span.reference_start, span.cover_end - span.cover_start)
    return span if shortest >= SHORTEST_CUT_S * FRAME_RATE else _whole(reference, cover)


def _cropped(pair: tuple[Matrix, Matrix], span: Span) -> tuple[Matrix, Matrix]:
    reference, cover = pair
    return (
        np.ascontiguousarray(reference[:, span.reference_start : span.reference_end]),
        np.ascontiguousarray(cover[:, span.cover_start : span.cover_end]),
    )


def _warp(pairs: list[tuple[Matrix, Matrix]]) -> Matrix:
    """The path through chroma and, where given, onset features, (2, steps)."""
    from synctoolbox.dtw.mrmsdtw import sync_via_mrmsdtw
    from synctoolbox.dtw.utils import make_path_strictly_monotonic

    features: dict[str, Any] = {"f_chroma1": pairs[0][0], "f_chroma2": pairs[0][1]}
    if len(pairs) > 1:
        features |= {"f_onset1": pairs[1][0], "f_onset2": pairs[1][1]}
    path = sync_via_mrmsdtw(
        **features,
        input_feature_rate=FRAME_RATE,
        step_weights=STEP_WEIGHTS,
        threshold_rec=LARGEST_RECTANGLE,
    )
    return np.asarray(make_path_strictly_monotonic(path), dtype=float)
