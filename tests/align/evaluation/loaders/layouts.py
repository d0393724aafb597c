"""Tiny data sets in published layouts, written after their descriptions, with real sounds."""

import json
from pathlib import Path

import numpy as np
import soundfile

RATE = 8000


def write_sound(path: Path, duration_s: float = 8.0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    time_s = np.arange(round(duration_s * RATE)) / RATE
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 440 * time_s), RATE)
    return path


def write_text(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_pairs(folder: Path, *lines: str) -> None:
    write_text(folder / "pairs.csv", "\n".join(("song,reference,cover,kind", *lines)) + "\n")


def jams(beats: list[tuple[float, float | None]], sections: list[tuple[float, float, str]]) -> str:
    annotations = [
        {
            "namespace": "beat",
            "data": [
                {"time": t, "duration": 0.0, "value": v, "confidence": None} for t, v in beats
            ],
        },
        {
            "namespace": "segment_open",
            "data": {
                "time": [t for t, _, _ in sections],
                "duration": [d for _, d, _ in sections],
                "value": [label for _, _, label in sections],
                "confidence": [None] * len(sections),
            },
        },
    ]
    return json.dumps({"annotations": annotations, "file_metadata": {}, "sandbox": {}})


def svl(points: list[tuple[float, str]], *, rate: int = 44100, head: str = "") -> str:
    inner = "".join(f'<point frame="{round(t * rate)}" label="{label}" />\n' for t, label in points)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE sonic-visualiser{head}>
<sv><data>
<model id="1" name="" sampleRate="{rate}" type="sparse" dimensions="1" dataset="0" />
<dataset id="0" dimensions="1">
{inner}</dataset>
</data><display><layer id="2" type="timeinstants" model="1" /></display></sv>
"""
