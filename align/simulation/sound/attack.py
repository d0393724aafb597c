"""When a sound is heard to begin.

A note of slow strings is heard as late as it swells. What counts is when the sound has risen to
nearly half of the loudest it gets soon; for a plucked or struck sound that is its start.
J. Vos, R. Rasch, The perceptual onset of musical tones (1981), found 6 to 15 dB below the top.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

ATTACK_LIMIT_S = 0.25
SMOOTHING_S = 0.004
AUDIBLE = 0.01
HEARD = 0.45


def find_attack(sound: NDArray[np.float32], *, sample_rate: int) -> int:
    """Samples from the beginning of one note until it is heard.

    Parameters
    ----------
    sound
        (n,) or (n, channels); one note from its start
    """
    power = sound.astype(np.float64) ** 2
    if power.ndim == 2:
        power = power.sum(axis=1)
    smooth = uniform_filter1d(power, max(1, round(SMOOTHING_S * sample_rate)))
    envelope = np.sqrt(np.maximum(smooth, 0))
    if not len(envelope) or envelope.max() <= 0:
        return 0
    audible = int(np.argmax(envelope > AUDIBLE * envelope.max()))
    soon = envelope[audible : audible + round(ATTACK_LIMIT_S * sample_rate)]
    return audible + int(np.argmax(soon >= HEARD * soon.max()))
