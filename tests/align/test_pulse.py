import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import pytest

from align.pulse import Pulse, decode_pulse
from tests.align.activations_of_truth import FRAME_RATE, Flaws, activation_of, bars_of

DECODERS = ["own", *(["madmom"] if find_spec("madmom") else [])]
Seconds = npt.NDArray[np.float64]


def decode(
    beats_s: Seconds, positions: npt.NDArray[np.int64], *, flaws: Flaws | None = None
) -> Pulse:
    duration_s = float(beats_s[-1]) + 2.0
    return decode_pulse(
        activation_of(beats_s, duration_s, flaws=flaws),
        activation_of(beats_s[positions == 1], duration_s, flaws=flaws),
        frame_rate=FRAME_RATE,
        decoder="own",
    )


def share_found(truth_s: Seconds, found_s: Seconds) -> float:
    """Share of true and of found events with a partner within 30 ms, the smaller of both."""
    near = np.abs(truth_s[:, None] - found_s) < 0.03
    return float(min(near.any(axis=1).mean(), near.any(axis=0).mean()))


@pytest.mark.parametrize("bpm", [41, 63, 97, 131, 178, 239])
def test_the_tempo_is_the_network_s_at_any_octave(bpm: float) -> None:
    beats_s, positions = bars_of([4] * 16, 60 / bpm)
    pulse = decode(beats_s, positions)
    assert pulse.tempo_bpm == pytest.approx(bpm, rel=0.01)
    assert share_found(beats_s, pulse.beats_s) == 1.0


def test_ghosts_between_beats_and_missed_beats_keep_the_octave() -> None:
    beats_s, positions = bars_of([4] * 30, 0.55)
    pulse = decode(beats_s, positions, flaws=Flaws(missed=0.1, ghost=0.25, noise=0.03, seed=1))
    assert share_found(beats_s, pulse.beats_s) > 0.98


@pytest.mark.parametrize("meter", [2, 3, 4, 6])
def test_every_meter_is_found(meter: int) -> None:
    beats_s, positions = bars_of([meter] * 16, 0.47)
    pulse = decode(beats_s, positions, flaws=Flaws(missed=0.1, seed=2))
    assert pulse.positions.tolist() == positions.tolist()


def test_the_meter_may_change_within_a_recording() -> None:
    beats_s, positions = bars_of([3] * 8 + [4] * 8 + [2] * 12, 0.5)
    pulse = decode(beats_s, positions)
    assert pulse.positions.tolist() == positions.tolist()
    assert np.array_equal(pulse.downbeats_s, pulse.beats_s[pulse.positions == 1])


def test_a_slowing_and_quickening_tempo_is_followed() -> None:
    beat_s = 0.5 * 1.5 ** np.sin(np.arange(120) / 8)
    beats_s = 0.5 + np.cumsum(beat_s)
    _, positions = bars_of([4] * 30, 1.0)
    assert share_found(beats_s, decode(beats_s, positions).beats_s) > 0.98


def test_a_fermata_does_not_upset_what_follows() -> None:
    beats_s, positions = bars_of([3] * 20, 0.5)
    beats_s[30:] += 0.83
    pulse = decode(beats_s, positions)
    nearest = np.abs(beats_s[:, None] - pulse.beats_s).argmin(axis=1)
    assert np.abs(pulse.beats_s[nearest] - beats_s).max() < 0.03
    assert pulse.positions[nearest].tolist() == positions.tolist()
    assert len(pulse.beats_s) <= len(beats_s) + 2


def test_nobody_beats_time_to_talk() -> None:
    before_s, positions = bars_of([4] * 10, 0.5, start_s=10.0)
    after_s = before_s + 33.3
    beats_s = np.concatenate([before_s, after_s])
    pulse = decode(beats_s, np.tile(positions, 2))
    assert share_found(beats_s, pulse.beats_s) == 1.0
    assert pulse.positions.tolist() == np.tile(positions, 2).tolist()


def test_beats_fall_between_frames() -> None:
    beats_s, positions = bars_of([4] * 20, 0.5037)
    pulse = decode(beats_s, positions, flaws=Flaws(noise=0.0))
    assert np.abs(pulse.beats_s - beats_s).max() < 0.001


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("n_frames", [0, 1, 7, 500])
def test_an_activation_that_says_nothing_has_no_beats(n_frames: int, decoder: str) -> None:
    quiet = np.full(n_frames, 0.02)
    pulse = decode_pulse(quiet, quiet, decoder=decoder)
    assert len(pulse.beats_s) == len(pulse.positions) == 0
    assert pulse.tempo_bpm is None


@pytest.mark.skipif(find_spec("madmom") is None, reason="madmom is not installed")
@pytest.mark.parametrize("seed", range(4))
def test_both_decoders_find_the_same(seed: int) -> None:
    rng = np.random.default_rng(seed)
    beats_s = rng.uniform(0, 3) + np.cumsum(rng.uniform(0.3, 0.8) * rng.uniform(0.9, 1.1, 80))
    beats_s[40:] += rng.uniform(0, 12)
    flaws = Flaws(missed=0.3, ghost=0.4, noise=0.1, seed=seed)
    beat = activation_of(beats_s, float(beats_s[-1]) + rng.uniform(0, 5), flaws=flaws)
    own, madmom = (decode_pulse(beat, beat, decoder=name) for name in ("own", "madmom"))
    assert len(own.beats_s) > 20
    assert np.array_equal(own.beats_s, madmom.beats_s)
    assert np.array_equal(own.positions, madmom.positions)


WATCH = """
import sys
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
import numpy as np
from align.pulse import decode_pulse
activation = np.full(1000, 0.02)
activation[::25] = 0.9
assert len(decode_pulse(activation, activation).beats_s) > 30
models = [name for name in opened if "madmom/models" in name and not name.endswith((".py", ".pyc"))]
# onnxruntime opens files past Python's audit; this module is what makes it do so.
runtime = "madmom.ml.nn.onnx_runtime" in sys.modules
sys.exit(f"opened {models}, runtime {runtime}" if models or runtime else 0)
"""


def test_no_model_of_madmom_is_opened() -> None:
    watched = subprocess.run([sys.executable, "-c", WATCH], capture_output=True, text=True)
    assert watched.returncode == 0, watched.stderr
