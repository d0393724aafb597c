import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pytest

from align.activations import beat_activation
from align.analysis import analyse_features
from align.audio import SAMPLE_RATE, Audio
from align.beats import decode_beats, tempo_bpm
from align.features import FRAME_RATE, compute_features
from tests.align.tones import bars, joined, make_song, perform, steady

DECODERS = ["own", *(["madmom"] if find_spec("madmom") else [])]


def clicks(beat_s: float, seconds: float, accent_every: int = 4) -> Audio:
    samples = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    shape = np.exp(-np.arange(4000) / 3000) * np.sin(np.arange(4000) * 0.3)
    for beat, start_s in enumerate(np.arange(0.5, seconds - 0.2, beat_s)):
        first = round(start_s * SAMPLE_RATE)
        samples[first : first + 4000] += shape * (0.8 if beat % accent_every == 0 else 0.5)
    return Audio(samples)


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("beat_s", [0.45, 0.5, 0.63])
def test_beats_of_a_click_track_are_found(beat_s: float, decoder: str) -> None:
    activation = beat_activation(compute_features(clicks(beat_s, 15.0)))
    beats_s = decode_beats(activation, decoder=decoder)
    truth_s = np.arange(0.5, 14.8, beat_s)
    nearest_s = np.abs(beats_s[:, None] - truth_s[None, :]).min(axis=1)
    assert np.mean(nearest_s < 0.03) > 0.9  # a sudden onset enters the window up to 23 ms early
    assert tempo_bpm(beats_s) == pytest.approx(60 / beat_s, rel=0.02)


@pytest.mark.skipif(find_spec("madmom") is None, reason="madmom is not installed")
def test_both_decoders_agree() -> None:
    activation = beat_activation(compute_features(perform(make_song(8, seed=3), steady(0.55))))
    own, madmom = (decode_beats(activation, decoder=name) for name in ("own", "madmom"))
    assert np.allclose(own, madmom, atol=1 / FRAME_RATE)


def test_an_activation_that_says_nothing_has_no_beats() -> None:
    assert len(decode_beats(np.full(500, 0.02))) == 0
    assert tempo_bpm(np.zeros(0)) is None


def test_downbeats_are_beats_and_four_apart() -> None:
    analysis = analyse_features(compute_features(perform(make_song(12, seed=4), steady(0.5))))
    assert set(analysis.downbeats_s) <= set(analysis.beats_s)
    gaps_s = np.diff(analysis.downbeats_s)
    assert np.median(gaps_s) == pytest.approx(2.0, abs=0.1)


def test_sections_cover_the_recording_without_gaps() -> None:
    first, second = make_song(8, seed=5), make_song(8, seed=6)
    song = joined((first, 8), (second, 8), (bars(first, 0, 8), 8))
    sections = analyse_features(compute_features(perform(song, steady(0.4)))).sections
    assert sections[0].start_s == 0
    for earlier, later in pairwise(sections):
        assert earlier.end_s == later.start_s
    assert all(0 <= section.confidence <= 1 for section in sections)


WATCH = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import numpy as np
from align.beats import decode_beats
activation = np.full(1000, 0.02)
activation[::25] = 0.9
assert len(decode_beats(activation)) > 30
models = [name for name in opened if "madmom/models" in name and not name.endswith((".py", ".pyc"))]
# onnxruntime opens files past Python's audit; this module is what makes it do so.
runtime = "madmom.ml.nn.onnx_runtime" in sys.modules
sys.exit(f"opened {models}, runtime {runtime}" if models or runtime else 0)
"""


def test_no_model_of_madmom_is_opened() -> None:
    watched = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, text=True)
    assert watched.returncode == 0, watched.stderr
