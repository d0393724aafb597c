"""Schubert Winterreise Dataset (Weiß et al. 2021): measures of each song in nine performances.

Laid out as `02_Annotations/ann_audio_measure/Schubert_D911-NN_PERFORMANCE.csv` with the columns
`start;measure` and `01_RawData/audio_wav/` with recordings of the same names. A whole measure
number is a mark; the performance that comes first by name is the Reference of a song.
"""

from __future__ import annotations

import re
from pathlib import Path

from align.evaluation.loaders.imported import (
    AudioFolder,
    ImportedCover,
    ImportedSong,
    LayoutError,
    Recording,
    need_files,
)
from align.evaluation.loaders.marks import read_csv_marks
from align.evaluation.loaders.pairing import pair_events

NAME = re.compile(r"Schubert_(D911-\d\d)_(\w+)")


def load_winterreise(source: Path, audio: Path) -> tuple[ImportedSong, ...]:
    """A song for each number of the cycle of which at least two recordings are there.

    Raises:
        LayoutError: naming file, line and remedy.
    """
    sounds = AudioFolder(audio)
    songs: dict[str, list[Path]] = {}
    folder = next(iter(sorted(source.rglob("ann_audio_measure"))), source)
    tables = need_files(folder.glob("Schubert_D911-*.csv"), folder, "Schubert_D911-*.csv")
    for path in tables:
        found = NAME.fullmatch(path.stem)
        if found and sounds.has(path.stem):
            songs.setdefault(found[1], []).append(path)
    pairs = {name: paths for name, paths in songs.items() if len(paths) > 1}
    if not pairs:
        raise LayoutError(
            f"{audio} holds no two recordings of one song of {folder}: "
            "name the folder with the wav files with --audio"
        )
    return tuple(_song(name, paths, sounds) for name, paths in pairs.items())


def _song(name: str, paths: list[Path], sounds: AudioFolder) -> ImportedSong:
    first, *others = [read_csv_marks(path) for path in paths]
    recordings = [Recording(sounds.find(path.stem, asked_by=str(path))) for path in paths]
    covers = [
        ImportedCover(recording, "voice_and_piano", annotation=pair_events(first, events))
        for recording, events in zip(recordings[1:], others, strict=True)
    ]
    return ImportedSong(name, recordings[0], tuple(covers))
