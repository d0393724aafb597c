"""Talk for renditions that do not begin with the music.

espeak-ng speaks where it is installed. Otherwise a formant synthesiser babbles syllables, which
is enough for an aligner that must learn that talk is not the song.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from align.simulation.sound.mix import master
from align.simulation.sound.synthesis import Audio
from catalog.errors import ExternalError

TALK_LUFS = -20.0
TIMEOUT_S = 60
VOWELS_HZ = ((730, 1090, 2440), (270, 2290, 3010), (530, 1840, 2480), (570, 840, 2410),
             (300, 870, 2240))  # fmt: skip


def speak(text: str, *, voice: str, sample_rate: int, rng: np.random.Generator) -> Audio:
    """A host saying `text`, with a breath of silence after it. Returns (n, 2)."""
    espeak = shutil.which("espeak-ng")
    if espeak:
        mono = run_espeak(espeak, text, voice=voice, sample_rate=sample_rate)
    else:
        mono = babble(0.19 * len(text.split()) * 2, sample_rate=sample_rate, rng=rng)
    padded = np.pad(mono, (round(0.4 * sample_rate), round(0.5 * sample_rate)))
    stereo = np.stack([padded, padded], axis=1)
    return master(stereo, sample_rate=sample_rate, target_lufs=TALK_LUFS, peak_db=-3.0)


def babble(duration_s: float, *, sample_rate: int, rng: np.random.Generator) -> Audio:
    """Syllables of a pulse train through vowel formants. Returns (n,)."""
    syllables: list[NDArray[np.float64]] = []
    while sum(map(len, syllables)) < duration_s * sample_rate:
        length = round(rng.uniform(0.12, 0.26) * sample_rate)
        pitch_hz = rng.uniform(95, 150) * np.linspace(1.08, 0.92, length)
        pulses = np.diff(np.floor(np.cumsum(pitch_hz) / sample_rate), prepend=0.0)
        sound = lfilter([1], [1, -0.95], pulses)
        vowel = VOWELS_HZ[rng.integers(len(VOWELS_HZ))]
        voiced = sum(
            sosfilt(butter(2, (f * 0.93, f * 1.07), "band", fs=sample_rate, output="sos"), sound)
            for f in vowel
        )
        syllables.append(voiced * np.hanning(length))
        syllables.append(np.zeros(round(rng.choice([0.02, 0.05, 0.25]) * sample_rate)))
    return np.concatenate(syllables).astype(np.float32)


def run_espeak(
    program: str, text: str, *, voice: str, sample_rate: int, words_per_minute: int = 150
) -> Audio:
    """What espeak-ng says. Returns (n,).

    Raises:
        ExternalError: when it does not know the voice, does not run, or does not finish.
    """
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "talk.wav"
        command = [program, "-v", voice, "-s", str(words_per_minute), "-w", str(wav), text]
        _run(command, f"espeak-ng cannot speak as voice={voice!r}")
        mono, rate = soundfile.read(wav, dtype="float32")
    return np.asarray(soxr.resample(mono, rate, sample_rate), dtype=np.float32)


def _run(command: Sequence[str], failure: str) -> None:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ExternalError(f"{failure}: not done within {TIMEOUT_S} s, try again") from error
    except OSError as error:
        raise ExternalError(f"{failure}: {error.strerror or error}") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"])[-1]
        raise ExternalError(f"{failure}: {last}")
