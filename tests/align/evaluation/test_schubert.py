import io
import subprocess
import tarfile
from pathlib import Path

import pytest

from align.evaluation import schubert
from align.evaluation.building import build_dataset
from align.evaluation.dataset import read_dataset
from catalog.errors import NotFoundError, SourceError

MEASURES = {"HU33": "start;measure\n0.5;1\n1.5;2\n", "SC06": "start;measure\n0.7;1\n1.9;2\n2.5;3\n"}


def make_archive(folder: Path) -> Path:
    """An archive laid out like the real one, with another song that must stay inside."""
    path = folder / "archive.tar.gz"
    with tarfile.open(path, "w:gz") as target:
        for song in ("D911-01", "D911-03"):
            for singer, measures in MEASURES.items():
                stem = f"Schubert_{song}_{singer}"
                add(target, f"{schubert.ROOT}/data_music/{stem}.wav", b"sound")
                add(target, f"{schubert.ROOT}/data_csv/{stem}.csv", measures.encode())
    return path


def add(target: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    target.addfile(entry, io.BytesIO(content))


def test_the_data_set_is_laid_out_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched: list[Path] = []

    def fetch(work: Path) -> Path:
        fetched.append(work)
        return make_archive(work)

    monkeypatch.setattr(schubert, "_fetch_archive", fetch)
    folder = tmp_path / "schubert"
    for _ in range(2):
        assert build_dataset("schubert-d911-03", folder) == folder
    assert len(fetched) == 1
    entry = read_dataset(folder).covers[0]
    assert entry.annotation is not None
    assert entry.annotation.reference_s.tolist() == [0.5, 1.5]
    assert entry.annotation.cover_s.tolist() == [0.7, 1.9]
    assert not any("D911-01" in path.name for path in tmp_path.rglob("*"))
    assert [path.name for path in tmp_path.iterdir()] == ["schubert"]


def test_a_failed_fetch_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: list[str], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(SourceError, match="could not be fetched with pip: check the network"):
        schubert.build_schubert(tmp_path / "schubert")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="choose from schubert-d911-03"):
        build_dataset("greatest-hits", tmp_path / "new")
