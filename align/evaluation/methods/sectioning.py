"""Sections without learning: a novelty curve, and segments of equal length.

Foote, "Automatic audio segmentation using a measure of audio novelty", ICME 2000, on chroma and
MFCC; parts whose mean sounds are alike share a label.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.signal

from align.evaluation.methods.method import FoundSections
from align.evaluation.methods.recording import Recording
from align.features import FRAME_RATE

Matrix = npt.NDArray[np.float64]

ROW_S = 0.5
KERNEL_S = 12.0
SHORTEST_S = 6.0
SAME_LABEL = 0.5
EQUAL_LENGTH_S = 16.0


def find_sections_by_novelty(recording: Recording) -> FoundSections:
    """Boundaries at peaks of the checkerboard novelty of chroma and MFCC."""
    rows = _standardised(_rows(recording))
    novelty = _novelty(rows @ rows.T)
    peaks, _ = scipy.signal.find_peaks(
        novelty, distance=round(SHORTEST_S / ROW_S), prominence=0.1 * float(novelty.max()) + 1e-9
    )
    starts = [0, *(int(each) for each in peaks)]
    ends = [*starts[1:], len(rows)]
    means = [rows[start:end].mean(axis=0) for start, end in zip(starts, ends, strict=True)]
    edges_s = np.array([*starts, len(rows)]) * ROW_S
    edges_s[-1] = recording.audio().duration_s
    return _sections(edges_s, _labels(means))


def find_sections_of_equal_length(recording: Recording) -> FoundSections:
    """A boundary every 16 s, and one label for all, which beats one for each."""
    duration_s = recording.audio().duration_s
    count = max(1, round(duration_s / EQUAL_LENGTH_S))
    return _sections(np.linspace(0, duration_s, count + 1), ["A"] * count)


def _sections(edges_s: npt.NDArray[np.float64], labels: list[str]) -> FoundSections:
    return FoundSections(np.column_stack([edges_s[:-1], edges_s[1:]]), tuple(labels))


def _rows(recording: Recording) -> Matrix:
    """Mean chroma and MFCC of each half second, (rows, 24)."""
    return recording.workspace.keep(recording.file, "chroma-mfcc", lambda: _computed(recording))


def _computed(recording: Recording) -> Matrix:
    import librosa

    audio = recording.audio()
    row = round(ROW_S * audio.sample_rate)
    mfcc = librosa.feature.mfcc(
        y=audio.samples, sr=audio.sample_rate, n_mfcc=13, n_fft=row, hop_length=row, center=False
    )
    chroma = recording.descriptors().harmony.T
    step = round(ROW_S * FRAME_RATE)
    averaged = np.array(
        [chroma[:, at * step : (at + 1) * step + 1].mean(axis=1) for at in range(mfcc.shape[1])]
    )
    return np.column_stack([averaged, mfcc.T[:, 1:]])


def _standardised(rows: Matrix) -> Matrix:
    """Columns of equal spread, rows of norm 1."""
    scaled = (rows - rows.mean(axis=0)) / (rows.std(axis=0) + 1e-9)
    return np.asarray(scaled / (np.linalg.norm(scaled, axis=1, keepdims=True) + 1e-9))


def _novelty(similarity: Matrix) -> npt.NDArray[np.float64]:
    half = round(KERNEL_S / ROW_S)
    side = np.repeat([-1.0, 1.0], half) * scipy.signal.windows.gaussian(2 * half, half / 2)
    padded = np.pad(similarity, half, mode="reflect") if len(similarity) > half else similarity
    curve = [
        side @ padded[row : row + 2 * half, row : row + 2 * half] @ side
        for row in range(len(padded) - 2 * half)
    ]
    return np.asarray(np.maximum(np.array([*curve, 0.0]), 0))


def _labels(means: list[Matrix]) -> list[str]:
    """The label of the first earlier part that sounds alike, else a new one."""
    labels: list[int] = []
    for index, mean in enumerate(means):
        alike = [
            labels[other]
            for other in range(index)
            if float(mean @ means[other])
            >= SAME_LABEL * float(np.linalg.norm(mean) * np.linalg.norm(means[other]))
        ]
        labels.append(alike[0] if alike else max(labels, default=-1) + 1)
    return [f"S{label}" for label in labels]
