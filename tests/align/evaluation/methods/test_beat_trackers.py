import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from align.evaluation.methods.beat_trackers import (
    find_beats_by_librosa,
    find_beats_by_madmom,
    require_madmom_weights,
)
from align.evaluation.methods.recording import Recording
from align.evaluation.methods.registry import get_method, runnable_methods
from align.evaluation.methods.workspace import Workspace
from catalog.errors import InputError
from catalog.settings import get_settings
from tests.align.evaluation.small_dataset import N_BEATS, REFERENCE_BEAT_S, START_S, write_dataset

BEATS_S = START_S + REFERENCE_BEAT_S * np.arange(N_BEATS)
needs_madmom = pytest.mark.skipif(find_spec("madmom") is None, reason="madmom is not installed")


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    return Recording(write_dataset(tmp_path / "small") / "reference.wav", Workspace(workspace))


def share_found(beats_s: np.ndarray) -> float:
    inner_s = BEATS_S[4:-4]
    return float(np.mean(np.abs(beats_s[:, None] - inner_s).min(axis=0) < 0.07))


def test_librosa_finds_beats_and_no_downbeats(recording: Recording) -> None:
    found = find_beats_by_librosa(recording)
    assert share_found(found.beats_s) > 0.45  # it may settle on half or double tempo
    assert found.downbeats_s is None


@needs_madmom
def test_madmom_finds_beats_once_its_weights_are_allowed(
    library: Path, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "madmom-beats" not in [each.name for each in runnable_methods()]
    monkeypatch.setenv("COVERS_MADMOM_WEIGHTS", "1")
    get_settings.cache_clear()
    assert "madmom-beats" in [each.name for each in runnable_methods()]
    found = find_beats_by_madmom(recording)
    assert share_found(found.beats_s) > 0.45
    assert found.downbeats_s is not None
    assert set(found.downbeats_s) <= set(found.beats_s)


@needs_madmom
def test_madmom_says_what_its_weights_need(library: Path) -> None:
    for refused in (require_madmom_weights, lambda: get_method("madmom-beats")):
        with pytest.raises(InputError, match=r"CC BY-NC-SA.*COVERS_MADMOM_WEIGHTS=1"):
            refused()


WATCH = """
import sys
from pathlib import Path
opened = []
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
from align.evaluation.evaluating import evaluate_dataset
from align.evaluation.methods.beat_trackers import find_beats_by_madmom
from align.evaluation.methods.recording import Recording
from align.evaluation.methods.workspace import Workspace
from catalog.errors import InputError
folder = Path(sys.argv[1])
evaluate_dataset(folder, ["tracker"], report=lambda _: None, cost=False)
try:
    find_beats_by_madmom(Recording(folder / "reference.wav", Workspace(folder)))
except InputError:
    pass
models = [name for name in opened if "madmom/models" in name and not name.endswith((".py", ".pyc"))]
# onnxruntime opens files past Python's audit; this module is what makes it do so.
runtime = "madmom.ml.nn.onnx_runtime" in sys.modules
sys.exit(f"opened {models}, runtime {runtime}" if models or runtime else 0)
"""


@needs_madmom
def test_no_model_of_madmom_is_opened_without_the_setting(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "small")
    environment = {key: value for key, value in os.environ.items() if "MADMOM" not in key}
    watched = subprocess.run(
        [sys.executable, "-c", WATCH, str(folder)],
        capture_output=True,
        text=True,
        env={**environment, "PYTHONPATH": str(Path.cwd())},
    )
    assert watched.returncode == 0, watched.stderr
