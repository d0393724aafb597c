"""Beat trackers of others: librosa's, and madmom's where the owner has switched it on.

Ellis, "Beat tracking by dynamic programming", J. New Music Research 36, 2007 (librosa); Böck,
Krebs, Widmer, "Joint beat and downbeat tracking with recurrent neural networks", ISMIR 2016
(madmom). madmom's weights are CC BY-NC-SA: no file of them is opened without the setting.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from align.evaluation.methods.method import FoundBeats
from align.evaluation.methods.recording import Recording
from catalog.errors import InputError, MediaError
from catalog.ffmpeg import SAFE_INPUT, run_ffmpeg
from catalog.settings import get_settings

MADMOM_SAMPLE_RATE = 44100
MADMOM_FRAME_RATE = 100
BEATS_PER_BAR = (2, 3, 4)
ONNX_ERRORS_ONLY = 3


def find_beats_by_librosa(recording: Recording) -> FoundBeats:
    """Beats without downbeats."""
    import librosa

    audio = recording.audio()
    _, beats_s = librosa.beat.beat_track(y=audio.samples, sr=audio.sample_rate, units="time")
    return FoundBeats(np.asarray(beats_s, dtype=float), None)


def require_madmom_weights() -> None:
    """Raise an InputError unless madmom is installed and its weights are switched on."""
    if find_spec("madmom") is None:
        raise InputError("madmom-beats needs madmom: pip install 'infinite-covers[align]'")
    if not get_settings().madmom_weights:
        raise InputError(
            "madmom-beats uses weights that are licensed CC BY-NC-SA, for non-commercial use "
            "only: set COVERS_MADMOM_WEIGHTS=1 if your use is"
        )


def find_beats_by_madmom(recording: Recording) -> FoundBeats:
    """Beats and downbeats of a recurrent network and a dynamic Bayesian network.

    Raises:
        InputError: unless the owner has switched the weights on.
        MediaError: when the recording cannot be decoded.
    """
    require_madmom_weights()
    import onnxruntime  # type: ignore[import-untyped]
    from madmom.features.downbeats import DBNDownBeatTrackingProcessor, RNNDownBeatProcessor

    onnxruntime.set_default_logger_severity(ONNX_ERRORS_ONLY)  # it warns of each network's inputs
    samples = recording.workspace.keep(recording.file, "audio-44100", lambda: _decoded(recording))
    activations = RNNDownBeatProcessor(num_threads=1)(_signal(samples))
    decode = DBNDownBeatTrackingProcessor(
        beats_per_bar=list(BEATS_PER_BAR), fps=MADMOM_FRAME_RATE, num_threads=1
    )
    beats = np.asarray(decode(activations), dtype=float).reshape(-1, 2)  # (time, position)
    return FoundBeats(beats[:, 0], beats[beats[:, 1] == 1, 0])


def _signal(samples: npt.NDArray[np.float32]) -> object:
    from madmom.audio.signal import Signal

    return Signal(samples, sample_rate=MADMOM_SAMPLE_RATE, num_channels=1)


def _decoded(recording: Recording) -> npt.NDArray[np.float32]:
    """Mono sound at the rate that the networks were trained with, (samples,)."""
    recording.audio()  # refuses what is no usable recording
    decoded = run_ffmpeg(
        "-v", "error", *SAFE_INPUT, "-i", f"file:{recording.file}", "-map", "0:a:0", "-vn",
        "-af", "aresample=first_pts=0", "-ac", "1", "-ar", str(MADMOM_SAMPLE_RATE),
        "-f", "f32le", "pipe:1",
    )  # fmt: skip
    if decoded.returncode != 0:
        raise MediaError(f"{recording.file.name} cannot be decoded: convert it to wav")
    return np.frombuffer(decoded.stdout, dtype="<f4").astype(np.float32)
