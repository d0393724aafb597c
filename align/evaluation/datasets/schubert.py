"""The data set schubert-d911-03: two real singers, 57 measures marked by hand in each.

Schubert, Winterreise no. 3, by Hüsch (1933) and Scarlata (2006), as distributed in the source
archive of Sync Toolbox. Neither may be committed or redistributed changed. The other song of the
same cycle in the archive is never unpacked: it is kept for evaluation by others.

The song is written in 2/2 (alla breve), so a measure has two beats: the half notes that its metre
counts, as the time signature names them. Sung at
about 48 half notes a minute, a listener may tap quarters, twice as fast; half a beat, which
decides whether a mark is on the wrong one, is then 0.6 s instead of 0.3 s.
"""

from __future__ import annotations

import csv
from pathlib import Path
from shutil import copyfile

import numpy as np

from align.datasets.truth import Annotation
from align.datasets.writing import write_annotation, write_dataset, write_truth
from align.materials import fetch_material, known_materials
from catalog.lifecycle import Relation

REFERENCE, COVER = "Schubert_D911-03_HU33", "Schubert_D911-03_SC06"
BEATS_PER_MEASURE = 2


def build_schubert(folder: Path) -> None:
    """Lay out the data set in an empty folder.

    Raises:
        SourceError: when the recordings cannot be fetched.
    """
    material = fetch_material("schubert")
    for stem in (REFERENCE, COVER):
        copyfile(material / f"{stem}.wav", folder / f"{stem}.wav")
    marks = [read_measures(material / f"{stem}.csv") for stem in (REFERENCE, COVER)]
    write_annotation(folder / f"{COVER}.csv", pair_measures(*marks))
    truth = {
        "relation": Relation.PERFORMANCE.value,
        "foreign": [],
        "beats_per_mark": BEATS_PER_MEASURE,
    }
    write_truth(folder / f"{COVER}.wav", truth)
    cover = {
        "file": f"{COVER}.wav",
        "annotation": f"{COVER}.csv",
        "kind": "voice_and_piano",
        "split": "development",
    }
    song = {
        "id": "winterreise-03",
        "reference": f"{REFERENCE}.wav",
        "covers": [cover],
        "negatives": [],
    }
    write_dataset(folder, "schubert-d911-03", known_materials()["schubert"].licence, [song])


def read_measures(path: Path) -> dict[str, float]:
    """Measure -> onset in seconds."""
    with path.open(newline="", encoding="utf-8") as source:
        return {
            row["measure"]: float(row["start"]) for row in csv.DictReader(source, delimiter=";")
        }


def pair_measures(reference: dict[str, float], cover: dict[str, float]) -> Annotation:
    """The measures that both have, in the order of the cover."""
    shared = sorted(set(reference) & set(cover), key=lambda measure: cover[measure])
    return Annotation(
        reference_s=np.array([reference[measure] for measure in shared]),
        cover_s=np.array([cover[measure] for measure in shared]),
        segment=np.zeros(len(shared), dtype=np.int64),
        foreign_s=np.zeros((0, 2)),
        beats_per_mark=BEATS_PER_MEASURE,
    )
