"""Lead sheets from files: ABC, MusicXML (also .mxl), our own notation, or folders of them.

music21 parses; `engraving` turns what it finds into bars and `strains` into sections. A tune that
cannot be used is left out, and the caller is told why.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.simulation.score.engraving import LeadSheetError, read_measures
from align.simulation.score.storing import tune_from_table, tune_to_table
from align.simulation.score.strains import build_tune
from align.simulation.score.tune import Tune, TuneError, parse_tune
from align.writing import write_atomically
from catalog.errors import InputError

READER_VERSION = 1
PARSED = (".abc", ".mxl", ".musicxml", ".xml")
OWN = ".txt"


@dataclass(frozen=True)
class SkippedTune:
    """A tune that was left out, and the reason in one sentence."""

    file: Path
    title: str
    reason: str


@dataclass(frozen=True)
class _Sheets:
    tunes: tuple[Tune, ...]
    skipped: tuple[SkippedTune, ...]


def read_lead_sheets(
    path: Path,
    *,
    on_skip: Callable[[SkippedTune], None] | None = None,
    cache_folder: Path | None = None,
) -> tuple[Tune, ...]:
    """All usable tunes of a file or a folder, in order of file names.

    Parameters
    ----------
    on_skip
        called with every tune that is left out
    cache_folder
        where what was read is kept under the file's hash, because parsing takes 0.1 s a tune;
        None keeps nothing

    Raises
    ------
    InputError
        when there is no such file, or it is of no known kind
    """
    if not path.exists():
        raise InputError(f"path={str(path)!r} does not exist: name a file or folder of lead sheets")
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    wanted = [file for file in files if file.suffix.lower() in (*PARSED, OWN)]
    if not wanted:
        raise InputError(f"path={str(path)!r} holds no lead sheet: give {(*PARSED, OWN)}")
    tunes: list[Tune] = []
    for file in wanted:
        sheets = _read_cached(file, cache_folder)
        tunes.extend(sheets.tunes)
        for skipped in sheets.skipped if on_skip else ():
            on_skip(skipped)  # type: ignore[misc]
    return tuple(tunes)


def _read_cached(file: Path, folder: Path | None) -> _Sheets:
    if folder is None:
        return _read_file(file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    kept = folder / f"{digest}-{READER_VERSION}.json"
    if kept.is_file():
        return _from_table(json.loads(kept.read_text(encoding="utf-8")), file)
    sheets = _read_file(file)
    _keep(kept, json.dumps(_to_table(sheets)))
    return sheets


def _keep(path: Path, text: str) -> None:
    def write(temporary: Path) -> None:
        temporary.write_text(text, encoding="utf-8")

    write_atomically(path, write)


def _read_file(file: Path) -> _Sheets:
    if file.suffix.lower() == OWN:
        try:
            return _Sheets((parse_tune(file.read_text(encoding="utf-8")),), ())
        except (TuneError, KeyError, ValueError) as error:
            return _Sheets((), (SkippedTune(file, file.stem, str(error)),))
    tunes: list[Tune] = []
    skipped: list[SkippedTune] = []
    for number, score in enumerate(_parse(file, skipped), 1):
        title = _title(score) or f"{file.stem} {number}"
        try:
            tunes.append(build_tune(title, read_measures(score)))
        except (LeadSheetError, TuneError) as error:
            skipped.append(SkippedTune(file, title, str(error)))
    return _Sheets(tuple(tunes), tuple(skipped))


def _parse(file: Path, skipped: list[SkippedTune]) -> list[Any]:
    """The scores of a file; what music21 cannot read is added to `skipped`."""
    from music21 import converter, stream

    if file.suffix.lower() == ".abc":
        return _parse_abc(file, skipped)
    try:
        found: Any = converter.parse(file, forceSource=True)
    except Exception as error:  # noqa: BLE001  music21 raises whatever its parsers meet
        skipped.append(SkippedTune(file, file.stem, f"music21 cannot read it: {error}"))
        return []
    return list(found.scores) if isinstance(found, stream.Opus) else [found]


def _parse_abc(file: Path, skipped: list[SkippedTune]) -> list[Any]:
    """Tune by tune, so that one damaged tune spoils no other."""
    from music21 import converter

    text = _decode(file.read_bytes())
    scores = []
    for block in _abc_tunes(text):
        try:
            scores.append(converter.parse(block, format="abc", forceSource=True))
        except Exception as error:  # noqa: BLE001  music21 raises whatever its parsers meet
            title = next((x[2:].strip() for x in block.splitlines() if x[:2] == "T:"), file.stem)
            skipped.append(SkippedTune(file, title, f"music21 cannot read it: {error}"))
    return scores


def _decode(content: bytes) -> str:
    """UTF-8, or Latin-1 as older collections are written."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _abc_tunes(text: str) -> list[str]:
    """Parts of a file that begin with X:, without what stands before the first."""
    tunes: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("X:"):
            tunes.append([])
        if tunes and not line.startswith("%"):
            tunes[-1].append(line)
    return ["\n".join(lines) + "\n" for lines in tunes]


def _title(score: Any) -> str:
    metadata = score.metadata
    return str(metadata.title or metadata.movementName or "") if metadata else ""


def _to_table(sheets: _Sheets) -> dict[str, Any]:
    return {
        "tunes": [tune_to_table(tune) for tune in sheets.tunes],
        "skipped": [[skipped.title, skipped.reason] for skipped in sheets.skipped],
    }


def _from_table(table: dict[str, Any], file: Path) -> _Sheets:
    tunes = tuple(tune_from_table(each) for each in table["tunes"])
    return _Sheets(tunes, tuple(SkippedTune(file, t, reason) for t, reason in table["skipped"]))
