"""Which simulator made a data set, so that a frozen one can be told from a changed one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from align.simulation.playing.performance import Played
from align.simulation.truth import Truth, annotate

GENERATOR = "covers-simulator/1"
FOLDER = Path(__file__).parent
FIXED = ("score", "arranging", "playing", "sound", "plan.py", "simulator.py", "truth.py")
"""What a recording follows from, given its plan."""


@cache
def describe_generator() -> dict[str, str]:
    """Name of the simulator and SHA-256 over the code and data that recordings follow from."""
    digest = hashlib.sha256()
    for path in sorted(_files()):
        digest.update(path.relative_to(FOLDER).as_posix().encode())
        digest.update(path.read_bytes())
    return {"name": GENERATOR, "sha256": digest.hexdigest()}


def digest_recording(played: Played, truth: Truth, reference: Truth) -> str:
    """SHA-256 of what is played and of all its truth, to a tenth of a millisecond."""
    digest = hashlib.sha256()
    for note in played.notes:
        times = f"{note.start_s:.4f} {note.end_s:.4f}"
        instrument = played.parts[note.part].instrument
        digest.update(f"{times} {note.pitch} {note.velocity:.3f} {instrument}\n".encode())
    for time_s, position in zip(truth.beats_s, truth.positions, strict=True):
        digest.update(f"{time_s:.4f} {position}\n".encode())
    for row in annotate(truth, reference):
        digest.update(f"{row.reference_s:.4f} {row.cover_s:.4f} {row.segment}\n".encode())
    for span in (*truth.sections, *truth.foreign):
        digest.update(f"{span.start_s:.4f} {span.end_s:.4f} {span.label}\n".encode())
    digest.update(f"{truth.transposition_semitones} {truth.beats_per_mark:g}".encode())
    return digest.hexdigest()


def _files() -> list[Path]:
    roots = [FOLDER / name for name in FIXED]
    inside = [
        path
        for root in roots
        for path in (root.rglob("*") if root.is_dir() else [root])
        if path.suffix in {".py", ".toml", ".txt", ".abc"}
    ]
    return inside
