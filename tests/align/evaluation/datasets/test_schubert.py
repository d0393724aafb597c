from pathlib import Path

import pytest

from align.datasets.reading import read_dataset
from align.evaluation.datasets import schubert
from align.evaluation.datasets.registry import build_dataset

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
