"""A data set of seconds: a reference, a cover of it with a repeat-free truth, and what is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import soundfile

from align.audio import Audio
from tests.align.tones import BEATS_PER_BAR, make_song, noise, perform, steady

N_BARS = 12
N_BEATS = N_BARS * BEATS_PER_BAR
REFERENCE_BEAT_S, COVER_BEAT_S, START_S = 0.5, 0.4, 0.5
SEMITONES = 3


def write_dataset(folder: Path) -> Path:
    """Two songs; the second has a reference only, that is another song to the first."""
    folder.mkdir(parents=True, exist_ok=True)
    song, other = make_song(N_BARS, seed=21), make_song(N_BARS, seed=77)
    _write(folder / "reference.wav", perform(song, steady(REFERENCE_BEAT_S)))
    cover = perform(song, steady(COVER_BEAT_S), transposition=SEMITONES, brightness=0.35)
    _write(folder / "cover.wav", cover)
    _write(folder / "other.wav", perform(other, steady(0.45)))
    _write(folder / "hiss.wav", noise(15.0))
    _write_truth(folder)
    document = {
        "name": "small",
        "licence": "CC0-1.0",
        "songs": [
            {
                "id": "tones",
                "reference": "reference.wav",
                "covers": [{"file": "cover.wav", "annotation": "cover.csv", "kind": "solo"}],
                "negatives": [
                    {"file": "other.wav", "kind": "other_song"},
                    {"file": "hiss.wav", "kind": "interview"},
                ],
            },
            {"id": "alone", "reference": "other.wav", "covers": []},
        ],
    }
    (folder / "dataset.json").write_text(json.dumps(document))
    return folder


def add_cover(folder: Path, file: str, content: bytes) -> None:
    """List another cover with the first one's annotation, whatever its file holds."""
    path = folder / "dataset.json"
    document = json.loads(path.read_text())
    entry = {"file": file, "annotation": "cover.csv", "kind": "broken"}
    document["songs"][0]["covers"].append(entry)
    path.write_text(json.dumps(document))
    (folder / file).write_bytes(content)
    _mark_beats(folder / file)


def _write_truth(folder: Path) -> None:
    beats = np.arange(N_BEATS)
    reference_s, cover_s = START_S + beats * REFERENCE_BEAT_S, START_S + beats * COVER_BEAT_S
    rows = [f"{r:.4f},{c:.4f},0" for r, c in zip(reference_s, cover_s, strict=True)]
    (folder / "cover.csv").write_text("\n".join(["reference_s,cover_s,segment", *rows]) + "\n")
    _mark_beats(folder / "cover.wav")
    beat_rows = [f"{r:.4f},{1 + at % BEATS_PER_BAR}" for at, r in enumerate(reference_s)]
    (folder / "reference.beats.csv").write_text("\n".join(["time_s,position", *beat_rows]) + "\n")
    half_s, end_s = reference_s[N_BEATS // 2], reference_s[-1] + REFERENCE_BEAT_S
    sections = [f"{START_S},{half_s},A", f"{half_s},{end_s},B"]
    text = "\n".join(["start_s,end_s,label", *sections]) + "\n"
    (folder / "reference.sections.csv").write_text(text)


def _mark_beats(media: Path) -> None:
    media.with_suffix(".truth.json").write_text('{"beats_per_mark": 1}')


def _write(path: Path, audio: Audio) -> None:
    soundfile.write(path, audio.samples, audio.sample_rate)
