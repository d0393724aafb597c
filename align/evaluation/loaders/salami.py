"""SALAMI (Smith et al. 2011) and texts like its: a time and a section's label on each line.

`annotations/ID/parsed/textfile1_functions.txt` belongs to the recording ID; any other `NAME.txt`
to the recording NAME. A song has no covers here: its sections are what is scored.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from align.datasets.truth import SectionTruth
from align.evaluation.loaders.imported import (
    AudioFolder,
    ImportedSong,
    LayoutError,
    Recording,
    need_files,
)
from align.evaluation.loaders.tables import parse_seconds, read_text

NO_MUSIC = {"silence", "end"}


def load_salami(source: Path, audio: Path) -> tuple[ImportedSong, ...]:
    """A song for each annotated recording that is there.

    Raises:
        LayoutError: naming file, line and remedy.
    """
    sounds = AudioFolder(audio)
    parsed = list(source.rglob("parsed/textfile1_functions.txt"))
    files = {path.parent.parent.name: path for path in parsed}
    if not files:
        files = {path.stem: path for path in source.glob("*.txt")}
    need_files(files.values(), source, "annotations such as ID/parsed/textfile1_functions.txt")
    songs = [
        ImportedSong(
            name, Recording(sounds.find(name, asked_by=str(path)), sections=read_sections(path))
        )
        for name, path in sorted(files.items())
        if sounds.has(name)
    ]
    if not songs:
        raise LayoutError(f"{audio} holds none of the {len(files)} annotated recordings: add them")
    return tuple(songs)


def read_sections(path: Path) -> SectionTruth:
    """Sections from each line's time to the next one's; silence is none.

    Raises:
        LayoutError: naming file, line and remedy.
    """
    starts: list[tuple[float, str]] = []
    for line, text in enumerate(read_text(path).splitlines(), 1):
        if text.strip():
            time, _, label = text.strip().partition("\t" if "\t" in text else " ")
            start_s = parse_seconds(time, path, line)
            if starts and start_s <= starts[-1][0]:
                raise LayoutError(f"{path}, line {line}: {start_s} s is not later: sort the lines")
            starts.append((start_s, label.strip()))
    if len(starts) < 2:
        raise LayoutError(f"{path} has {len(starts)} lines: a first section and an end are needed")
    ends_s = [start_s for start_s, _ in starts[1:]]
    sections = [
        ((start_s, end_s), label)
        for (start_s, label), end_s in zip(starts, ends_s, strict=False)
        if label.lower() not in NO_MUSIC
    ]
    if not sections:
        raise LayoutError(f"{path} names silence only: name at least one section")
    return SectionTruth(
        np.array([span for span, _ in sections]).reshape(-1, 2),
        tuple(label for _, label in sections),
    )
