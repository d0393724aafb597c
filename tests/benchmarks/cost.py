"""What aligning a cover of four minutes costs, part by part, beside others' parts, in one run.

    python tests/benchmarks/cost.py FOLDER

FOLDER is a data set such as `simulated-test`: recordings of its first songs are joined to a
reference and a cover of four minutes each. Everything runs on one thread; seconds are processor
time, so that other programs disturb them little. `cold` is `covers align` in a fresh process with
empty caches; `warm` is what a worker does that has the reference's analysis at hand. Beside them
Sync Toolbox's features and path, and madmom's beats where COVERS_MADMOM_WEIGHTS=1.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import TypeVar

import numpy as np
import soundfile

from align.alignment import Track, align_tracks
from align.audio import SAMPLE_RATE, load_audio
from align.datasets.reading import read_dataset
from align.evaluation.methods.beat_trackers import find_beats_by_madmom
from align.evaluation.methods.mrmsdtw import align_by_mrmsdtw
from align.evaluation.methods.recording import Recording
from align.evaluation.methods.workspace import Workspace
from align.features import compute_features
from align.threads import one_thread
from catalog.console import print_table
from catalog.errors import CoversError
from catalog.settings import get_settings

LENGTH_S = 240.0
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "MKL", "OPENBLAS", "NUMBA", "TORCH")}
COLD = """
import resource, sys
from catalog.commands import main
sys.argv = ["covers", "align", *sys.argv[1:]]
try:
    main()
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, file=sys.stderr)
"""
Result = TypeVar("Result")


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="covers-cost-") as kept, one_thread():
        reference, cover = join_recordings(folder, Path(kept))
        rows = [*_cold(reference, cover, Path(kept)), *_warm(reference, cover)]
        rows += _others(Recording(reference, Workspace(Path(kept))), cover, Path(kept))
        print_table(["part", "CPU s", "peak MiB"], rows)


def join_recordings(folder: Path, kept: Path) -> tuple[Path, Path]:
    """A reference and a cover of four minutes, of as many songs as that takes."""
    pairs = {each.song: (each.reference, each.file) for each in read_dataset(folder).covers}
    joined = []
    for side, name in enumerate(("reference", "cover")):
        pieces, n_samples = [], 0
        for pair in pairs.values():
            pieces.append(load_audio(pair[side]).samples)
            n_samples += len(pieces[-1])
            if n_samples > LENGTH_S * SAMPLE_RATE:
                break
        path = kept / f"{name}.flac"
        soundfile.write(path, np.concatenate(pieces)[: int(LENGTH_S * SAMPLE_RATE)], SAMPLE_RATE)
        joined.append(path)
    return joined[0], joined[1]


def _cold(reference: Path, cover: Path, kept: Path) -> list[list[str]]:
    output = kept / "alignment.json"
    done = subprocess.run(
        [sys.executable, "-c", COLD, str(reference), str(cover), "--output", str(output)],
        env={**os.environ, **ONE_THREAD, "XDG_CACHE_HOME": str(kept / "empty")},
        capture_output=True,
        text=True,
        check=False,
    )
    if not output.exists():
        raise SystemExit(done.stderr)
    seconds, mib = done.stderr.split()[-2:]
    return [["cold: covers align of two files", f"{float(seconds):.1f}", f"{float(mib):.0f}"]]


def _warm(reference: Path, cover: Path) -> list[list[str]]:
    known = Track.read(reference)
    analysis = known.analyse()
    known.boundaries()
    clock = Clock()
    audio = clock.take("decode", lambda: load_audio(cover))
    features = clock.take("features", lambda: compute_features(audio))
    track = clock.take("networks", lambda: Track.of(audio, features))
    clock.take("beats and sections", track.analyse)
    clock.take("match, refine, judge", lambda: align_tracks(known, track, analysis))
    return [*clock.rows("warm: "), ["warm: all of it", f"{clock.total_s:.1f}", ""]]


def _others(reference: Recording, cover: Path, kept: Path) -> list[list[str]]:
    clock = Clock()
    other = Recording(cover, reference.workspace)
    _ = reference.audio(), other.audio()
    for onset in ("dlnco", None):
        name = f"Sync Toolbox chroma{' + DLNCO' if onset else ' (DLNCO run before)'}"
        clock.take(name, lambda onset=onset: align_by_mrmsdtw(  # type: ignore[misc]
            reference, other, onset=onset, cuts=False))  # fmt: skip
    if get_settings().madmom_weights:
        try:
            clock.take("madmom beats of the cover", lambda: find_beats_by_madmom(other))
        except CoversError as error:
            print(error)
    return clock.rows("")


class Clock:
    """Processor time of one part after another."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, float]] = []

    def take(self, name: str, do: Callable[[], Result]) -> Result:
        began = process_time()
        done = do()
        self.parts.append((name, process_time() - began))
        return done

    @property
    def total_s(self) -> float:
        return sum(seconds for _, seconds in self.parts)

    def rows(self, prefix: str) -> Sequence[list[str]]:
        return [[prefix + name, f"{seconds:.1f}", ""] for name, seconds in self.parts]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
