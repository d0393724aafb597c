import json
from pathlib import Path

import numpy as np
import pytest

from align.datasets.reading import read_dataset
from align.evaluation.datasets import schubert
from align.evaluation.datasets.registry import build_dataset
from tests.materials import needs_material

MEASURES = {"HU33": "start;measure\n0.5;1\n1.5;2\n", "SC06": "start;measure\n0.7;1\n1.9;2\n2.5;3\n"}


def test_measures_that_both_singers_have_become_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    material = tmp_path / "material"
    material.mkdir()
    for singer, measures in MEASURES.items():
        (material / f"Schubert_D911-03_{singer}.wav").write_bytes(b"sound")
        (material / f"Schubert_D911-03_{singer}.csv").write_text(measures)
    monkeypatch.setattr(schubert, "fetch_material", lambda name: material)
    folder = build_dataset("schubert-d911-03", tmp_path / "schubert")
    entry = read_dataset(folder).covers[0]
    assert entry.split == "development"
    assert entry.annotation is not None
    assert entry.annotation.reference_s.tolist() == [0.5, 1.5]
    assert entry.annotation.cover_s.tolist() == [0.7, 1.9]
    assert entry.annotation.beats_per_mark == 2
    assert entry.annotation.foreign_s.shape == (0, 2)
    truth = json.loads(entry.file.with_name("Schubert_D911-03_SC06.truth.json").read_text())
    assert truth == {"relation": "performance", "foreign": [], "beats_per_mark": 2}
    assert truth["relation"] == entry.relation


def test_the_real_recordings_have_57_measures_of_two_slow_beats(tmp_path: Path) -> None:
    needs_material("schubert")
    entry = read_dataset(build_dataset("schubert-d911-03", tmp_path / "schubert")).covers[0]
    assert entry.annotation is not None
    assert len(entry.annotation.cover_s) == 57
    measure_s = float(np.median(np.diff(entry.annotation.cover_s)))
    assert 60 / measure_s * entry.annotation.beats_per_mark == pytest.approx(49, abs=1)
