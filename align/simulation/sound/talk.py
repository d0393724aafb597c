"""Somebody talking, as long as wanted: espeak-ng, or recorded announcements in random order."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from align.materials import fetch_material, known_materials
from align.simulation.sound.speech import run_espeak
from catalog.errors import SourceError

SENTENCES_FILE = Path(__file__).parent / "talk.txt"
LANGUAGES = ("en-us", "en-gb", "en-gb-scotland", "de", "fr-fr", "es", "it", "pl", "sv", "pt-br")
SPEAKERS = ("m1", "m3", "m5", "m7", "f1", "f2", "f3", "f4", "f5")
LONGEST_ANNOUNCEMENT_S = 12.0


def talking(n_samples: int, *, sample_rate: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Speech with pauses, cut off at the end. Returns (n_samples,), peaks at 1."""
    espeak = shutil.which("espeak-ng")
    voice = f"{rng.choice(LANGUAGES)}+{rng.choice(SPEAKERS)}"
    words_per_minute = int(rng.integers(125, 190))
    heard = np.zeros(n_samples, dtype=np.float32)
    position = 0
    while position < n_samples:
        if espeak:
            text = _draw_text(rng, (n_samples - position) / sample_rate, words_per_minute)
            piece = run_espeak(
                espeak,
                text,
                voice=voice,
                sample_rate=sample_rate,
                words_per_minute=words_per_minute,
            )
        else:
            piece = _announcement(sample_rate, rng)
        end = min(n_samples, position + len(piece))
        heard[position:end] = piece[: end - position]
        position = end + round(rng.uniform(0.25, 0.8) * sample_rate)
    return heard / max(1e-6, float(np.abs(heard).max()))


def _draw_text(rng: np.random.Generator, length_s: float, words_per_minute: int) -> str:
    """Sentences for a little more than `length_s`, so that one call is mostly enough."""
    # [s] * [words/min] / [60 s/min] = [words]
    wanted = 1.2 * length_s * words_per_minute / 60 + 4
    sentences: list[str] = []
    while sum(len(each.split()) for each in sentences) < min(wanted, 250):
        sentences.append(str(rng.choice(_sentences())))
    return " ".join(sentences)


@cache
def _sentences() -> tuple[str, ...]:
    return tuple(SENTENCES_FILE.read_text(encoding="utf-8").splitlines())


def _announcement(sample_rate: int, rng: np.random.Generator) -> NDArray[np.float32]:
    files = _announcements()
    path = files[rng.integers(len(files))]
    speech, own_rate = soundfile.read(path, dtype="float32")
    speech = speech[: round(LONGEST_ANNOUNCEMENT_S * own_rate)]
    return np.asarray(soxr.resample(speech, own_rate, sample_rate), dtype=np.float32)


@cache
def _announcements() -> tuple[Path, ...]:
    try:
        folder = fetch_material("asterisk-speech")
    except SourceError as error:
        raise SourceError(
            f"no talk: install espeak-ng, or have recorded speech: {error}"
        ) from error
    # Short files are single words and beeps.
    return tuple(p for p in sorted(folder.rglob("*.wav")) if p.stat().st_size > 30_000)


def describe_speech() -> str:
    """Who talks on this machine, and under which terms."""
    if shutil.which("espeak-ng"):
        return "espeak-ng, a program's output"
    material = known_materials()["asterisk-speech"]
    return f"{material.title} ({material.licence})"
