"""Fingerprints of sound, by which a re-upload is known in another file, codec or length.

After Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System" (ISMIR 2002): 32 bits for
every eighth of a second, each the sign of how the difference between two neighbouring bands of
300 to 2000 Hz changes. Two recordings of one performance differ in few bits; two performances,
also by the same player, in nearly half.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from catalog.ffmpeg import SAFE_INPUT, run_ffmpeg

SAMPLE_RATE = 5000
FRAME = 2048
HOP = SAMPLE_RATE // 8
BANDS = 33
LOWEST_HZ, HIGHEST_HZ = 300.0, 2000.0
LONGEST_S = 600
MIN_WORDS = 160
"""20 s: shorter ones tell too little."""
BITS = 32
MAX_ERROR = 0.32
"""Share of bits that may differ. Other codecs and a bad offset come to 0.27, other recordings of
the song to 0.43 and more: `tests/ingest/test_fingerprint.py`."""
MIN_OVERLAP = 0.7
"""Share of the shorter one that must be found in the longer one."""

Words = npt.NDArray[np.uint32]


def fingerprint_of(path: Path) -> bytes:
    """The fingerprint of a file's sound, empty where it is too short to tell anything."""
    decoded = run_ffmpeg(
        *("-loglevel", "error", *SAFE_INPUT, "-i", f"file:{path}", "-vn", "-t", str(LONGEST_S)),
        *("-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "f32le", "-"),
    )
    samples = np.frombuffer(decoded.stdout[: len(decoded.stdout) // 4 * 4], dtype="<f4")
    words = fingerprint(samples)
    return b"" if len(words) < MIN_WORDS else words.astype("<u4").tobytes()


def fingerprint(samples: npt.NDArray[np.float32]) -> Words:
    """Words of 32 bits, eight a second, from mono samples at 5000 Hz."""
    count = (len(samples) - FRAME) // HOP + 1
    if count < 2:
        return np.zeros(0, dtype=np.uint32)
    windows = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP][:count]
    energy = _band_energy(windows)  # (frames, bands)
    between_bands = np.diff(energy, axis=1)
    bits = np.diff(between_bands, axis=0) > 0  # (frames - 1, 32)
    return np.asarray(bits @ (np.uint32(1) << np.arange(32, dtype=np.uint32)), dtype=np.uint32)


def _band_energy(windows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Logarithmic energy in 33 bands that are equally wide in pitch."""
    edges_hz = np.geomspace(LOWEST_HZ, HIGHEST_HZ, BANDS + 1)
    edges = np.round(edges_hz * FRAME / SAMPLE_RATE).astype(int)
    shape = np.hanning(FRAME).astype(np.float32)
    found = np.empty((len(windows), BANDS))
    for start in range(0, len(windows), 256):
        spectrum = np.abs(np.fft.rfft(windows[start : start + 256] * shape, axis=1)) ** 2
        found[start : start + 256] = np.add.reduceat(spectrum[:, : edges[-1]], edges[:-1], axis=1)
    return np.asarray(np.log(found + 1e-9))


def is_same_sound(one: bytes, other: bytes) -> bool:
    """Whether two fingerprints are of one performance, wherever one begins or ends."""
    shorter, longer = sorted((_bits(one), _bits(other)), key=len)
    if len(shorter) < MIN_WORDS:
        return False
    return bool(np.min(_errors(shorter, longer)) <= MAX_ERROR)


def _bits(kept: bytes) -> npt.NDArray[np.float32]:
    """One row for each word, its bits as -1 and 1."""
    rows = np.unpackbits(np.frombuffer(kept, dtype=np.uint8).reshape(-1, 4), axis=1)
    return np.asarray(2.0 * rows - 1.0, dtype=np.float32)


def _errors(
    shorter: npt.NDArray[np.float32], longer: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Share of bits that differ, for every shift at which the two overlap enough.

    All shifts at once: a correlation by the Fourier transform, summed over the 32 bits.
    """
    count, size = len(shorter), len(shorter) + len(longer) - 1
    spectra = np.fft.rfft(longer, size, axis=0) * np.fft.rfft(shorter[::-1], size, axis=0)
    agreeing = np.fft.irfft(spectra.sum(axis=1), size)  # place p: shift p - (count - 1)
    place = np.arange(size)
    overlap = np.minimum.reduce(
        [place + 1, np.full(size, count), size - place, np.full(size, len(longer))]
    )
    errors = (1 - agreeing / (BITS * overlap)) / 2
    return np.asarray(errors[overlap >= MIN_OVERLAP * count])
