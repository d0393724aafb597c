"""Published methods on the same pairs: Sync Toolbox's multi-scale DTW with three features.

Müller, Özer, Krause, Prätzlich, Driedger, "Sync Toolbox: a Python package for efficient, robust,
and accurate music synchronization", JOSS 6(64), 2021. Tuning and transposition are normalised by
its own functions, tempo is not. synctoolbox is needed only here, and imported late.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from align.audio import Audio
from align.descriptors import describe
from align.features import compute_features
from catalog.errors import InputError
from catalog.time_map import Segment, TimeMap

Matrix = npt.NDArray[np.float64]

FRAME_RATE = 50
STEP_WEIGHTS = np.array([1.5, 1.5, 2.0])
LARGEST_RECTANGLE = 10**6
BASELINES = ("mrmsdtw-chroma", "mrmsdtw-dlnco", "mrmsdtw-flux")


def align_by_mrmsdtw(method: str, reference: Audio, cover: Audio) -> TimeMap:
    """One segment over both whole recordings.

    Parameters
    ----------
    method
        one of `BASELINES`: which onset feature stands beside chroma

    Raises
    ------
    InputError
        when synctoolbox is not installed
    """
    try:
        from synctoolbox.dtw.mrmsdtw import sync_via_mrmsdtw
        from synctoolbox.dtw.utils import make_path_strictly_monotonic
    except ImportError as error:
        raise InputError(
            f"{method} needs synctoolbox: pip install 'infinite-covers[evaluate]'"
        ) from error
    chroma, shift = _chroma_pair(reference, cover)
    onsets = [
        _onsets(method, each, chroma[0 if each is reference else 1].shape[1])
        for each in (reference, cover)
    ]
    features: dict[str, Any] = {
        "f_chroma1": np.roll(chroma[0], shift, axis=0),
        "f_chroma2": chroma[1],
    }
    if onsets[0] is not None:
        features |= {"f_onset1": np.roll(onsets[0], shift, axis=0), "f_onset2": onsets[1]}
    path = sync_via_mrmsdtw(
        **features,
        input_feature_rate=FRAME_RATE,
        step_weights=STEP_WEIGHTS,
        threshold_rec=LARGEST_RECTANGLE,
    )
    path = make_path_strictly_monotonic(path) / FRAME_RATE
    return TimeMap((Segment.of(path[0], path[1]),))


def _chroma_pair(reference: Audio, cover: Audio) -> tuple[list[Matrix], int]:
    """Quantised chroma of both, (12, frames), and the shift that brings the first to the second."""
    from synctoolbox.dtw.utils import compute_optimal_chroma_shift
    from synctoolbox.feature.chroma import quantized_chroma_to_CENS

    chroma = [_chroma(each) for each in (reference, cover)]
    smooth = [quantized_chroma_to_CENS(each, 201, 50, FRAME_RATE)[0] for each in chroma]
    shift = compute_optimal_chroma_shift(smooth[1], smooth[0])
    return chroma, int(shift)


def _chroma(audio: Audio) -> Matrix:
    from synctoolbox.feature.chroma import pitch_to_chroma, quantize_chroma
    from synctoolbox.feature.pitch import audio_to_pitch_features

    pitch = audio_to_pitch_features(
        f_audio=audio.samples,
        Fs=audio.sample_rate,
        tuning_offset=_tuning(audio),
        feature_rate=FRAME_RATE,
        verbose=False,
    )
    return np.asarray(quantize_chroma(f_chroma=pitch_to_chroma(f_pitch=pitch)))


def _onsets(method: str, audio: Audio, n_frames: int) -> Matrix | None:
    """The onset feature of a method, (12, frames), `None` for chroma alone."""
    if method == "mrmsdtw-chroma":
        return None
    if method == "mrmsdtw-flux":
        attack = describe(compute_features(audio)).attack.T.astype(float)
        return np.asarray(np.pad(attack, ((0, 0), (0, n_frames)))[:, :n_frames])
    from synctoolbox.feature.dlnco import pitch_onset_features_to_DLNCO
    from synctoolbox.feature.pitch_onset import audio_to_pitch_onset_features

    peaks = audio_to_pitch_onset_features(
        f_audio=audio.samples, Fs=audio.sample_rate, tuning_offset=_tuning(audio), verbose=False
    )
    return np.asarray(
        pitch_onset_features_to_DLNCO(
            f_peaks=peaks, feature_sequence_length=n_frames, feature_rate=FRAME_RATE
        )
    )


def _tuning(audio: Audio) -> int:
    from synctoolbox.feature.utils import estimate_tuning

    return int(estimate_tuning(audio.samples, audio.sample_rate))
