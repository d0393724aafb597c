"""covers80 (Ellis 2007): `list1.list` and `list2.list` name two recordings of each work, by line.

There are no marks, so this is a data set for screening: each recording of the second list is a
cover of the first's, and covers of other works stand beside it as negatives.
"""

from __future__ import annotations

from pathlib import Path

from align.evaluation.loaders.imported import (
    AudioFolder,
    ImportedCover,
    ImportedSong,
    LayoutError,
    Recording,
)
from align.evaluation.loaders.tables import read_text

NEGATIVES = 5


def load_covers80(source: Path, audio: Path) -> tuple[ImportedSong, ...]:
    """A song for each line.

    Raises:
        LayoutError: naming file, line and remedy.
    """
    sounds = AudioFolder(audio)
    lists = [_read_list(source / name, sounds) for name in ("list1.list", "list2.list")]
    references, covers = lists
    if len(references) != len(covers):
        raise LayoutError(
            f"{source / 'list1.list'} has {len(references)} lines and list2.list "
            f"{len(covers)}: each line of one belongs to the same line of the other"
        )
    n_others = min(NEGATIVES, len(covers) - 1)
    return tuple(
        ImportedSong(
            id=reference.parent.name if reference.parent != audio else reference.stem,
            reference=Recording(reference),
            covers=(ImportedCover(Recording(cover), "cover"),),
            negatives=tuple(
                ImportedCover(Recording(covers[(k + step) % len(covers)]), "other_song")
                for step in range(1, n_others + 1)
            ),
        )
        for k, (reference, cover) in enumerate(zip(references, covers, strict=True))
    )


def _read_list(path: Path, sounds: AudioFolder) -> list[Path]:
    names = read_text(path).splitlines()
    return [
        _find(name.strip(), f"{path}, line {line}", sounds)
        for line, name in enumerate(names, 1)
        if name.strip()
    ]


def _find(name: str, asked_by: str, sounds: AudioFolder) -> Path:
    """Lists leave the extension out, and names contain dots."""
    return sounds.find(name, asked_by=asked_by)
