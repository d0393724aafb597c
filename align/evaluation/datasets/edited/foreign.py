"""Sound that is not the song: made by the simulator, or other music from recordings."""

from __future__ import annotations

import numpy as np

from align.audio import SAMPLE_RATE, Samples
from align.materials import fetch_material, known_materials

MUSIC = "asterisk-music"


def make_foreign(kind: str, duration_s: float, seed: int) -> Samples:
    """Foreign sound at `SAMPLE_RATE`.

    Parameters
    ----------
    kind
        talk, applause, silence, crowd or other_music

    Returns
    -------
    (round(duration_s * SAMPLE_RATE),)
    """
    n_samples = round(duration_s * SAMPLE_RATE)
    if kind == "other_music":
        sound = _other_music(duration_s, seed)
    else:
        from align.simulation.sound.foreign import make_foreign as make_stereo

        stereo = make_stereo(kind, duration_s, sample_rate=SAMPLE_RATE, seed=seed)
        sound = np.asarray(stereo.mean(axis=1), dtype=np.float32)
    return np.pad(sound, (0, max(0, n_samples - len(sound))))[:n_samples]


def _other_music(duration_s: float, seed: int) -> Samples:
    """A stretch of one of the recordings on hold."""
    import soundfile
    import soxr

    rng = np.random.default_rng(seed)
    parts = known_materials()[MUSIC].parts
    path = fetch_material(MUSIC) / parts[int(rng.integers(len(parts)))].path
    found = soundfile.info(path)
    latest = max(0, found.frames - round((duration_s + 1) * found.samplerate))
    samples, rate = soundfile.read(
        path,
        start=int(rng.integers(latest + 1)),
        frames=round((duration_s + 0.5) * found.samplerate),
        dtype="float32",
        always_2d=True,
    )
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE), dtype=np.float32)
