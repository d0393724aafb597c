"""What every loader gives: songs, recordings and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from align.datasets.truth import Annotation, BeatTruth, SectionTruth
from align.datasets.validating import path_problem
from catalog.errors import InputError

SOUNDS = (
    ".wav",
    ".flac",
    ".mp3",
    ".ogg",
    ".m4a",
    ".opus",
    ".aac",
    ".mp4",
    ".webm",
)


class LayoutError(InputError):
    """A file that is not laid out as its layout says: names the file, the line and a remedy."""


@dataclass(frozen=True)
class Recording:
    """One file of sound with what was annotated in it alone."""

    file: Path
    beats: BeatTruth | None = None
    sections: SectionTruth | None = None


@dataclass(frozen=True)
class ImportedCover:
    """One cover, or a negative where it is listed among these."""

    recording: Recording
    kind: str
    relation: str | None = None
    split: str | None = None
    annotation: Annotation | None = None


@dataclass(frozen=True)
class ImportedSong:
    """A Reference and what stands beside it."""

    id: str
    reference: Recording
    covers: tuple[ImportedCover, ...] = ()
    negatives: tuple[ImportedCover, ...] = ()


class AudioFolder:
    """Recordings below a folder, found by path or by stem in any known format."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by_stem: dict[str, list[Path]] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in SOUNDS:
                self._by_stem.setdefault(path.stem, []).append(path)

    def find(self, name: str, *, asked_by: str) -> Path:
        """The recording of a name, which may be a path, a file name, or one without extension.

        Raises:
            LayoutError: when there is none, more than one, or the name leads elsewhere.
        """
        problem = path_problem(name)
        if problem:
            raise LayoutError(f"{asked_by}: {problem}")
        if (self._folder / name).is_file():
            return self._folder / name
        found = self._by_stem.get(Path(name).name, []) or self._by_stem.get(Path(name).stem, [])
        if not found:
            raise LayoutError(
                f"{asked_by}: no recording {name!r} below {self._folder}: "
                "put it there, or name its folder with --audio"
            )
        if len(found) > 1:
            raise LayoutError(
                f"{asked_by}: {name!r} is {' and '.join(map(str, found[:2]))}: "
                "give the path below the audio folder"
            )
        return found[0]

    def has(self, name: str) -> bool:
        """Whether a recording of this name is there."""
        inside = path_problem(name) is None and (self._folder / name).is_file()
        return inside or Path(name).stem in self._by_stem


def need_files(paths: Iterable[Path], folder: Path, what: str) -> Sequence[Path]:
    """The files in order of name.

    Raises:
        LayoutError: when there are none.
    """
    found = sorted(paths)
    if not found:
        raise LayoutError(f"{folder} holds no {what}: is it the right folder for this layout?")
    return found
