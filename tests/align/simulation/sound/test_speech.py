"""Talk, and a program that does not talk."""

import shutil

import numpy as np
import pytest

from align.simulation.sound import speech
from align.simulation.sound.speech import babble, run_espeak
from catalog.errors import ExternalError

SAMPLE_RATE = 16000


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no espeak-ng here")
def test_espeak_talks_and_an_unknown_voice_is_one_sentence():
    assert len(run_espeak("espeak-ng", "Hello", voice="en-gb", sample_rate=SAMPLE_RATE)) > 4000
    with pytest.raises(ExternalError, match=r"voice='nobody': .*voice does not exist"):
        run_espeak("espeak-ng", "Hello", voice="nobody", sample_rate=SAMPLE_RATE)


def test_a_program_that_hangs_or_is_missing_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(speech, "TIMEOUT_S", 0.2)
    hangs = tmp_path / "espeak-ng"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n")
    hangs.chmod(0o755)
    with pytest.raises(ExternalError, match=r"not done within 0\.2 s, try again"):
        run_espeak(str(hangs), "Hello", voice="en-gb", sample_rate=SAMPLE_RATE)
    with pytest.raises(ExternalError, match="voice='en-gb': No such file"):
        run_espeak(str(tmp_path / "none"), "Hello", voice="en-gb", sample_rate=SAMPLE_RATE)


def test_babble_is_as_long_as_wanted_and_sounds():
    heard = babble(1.0, sample_rate=SAMPLE_RATE, rng=np.random.default_rng(1))
    assert len(heard) >= SAMPLE_RATE
    assert np.abs(heard).max() > 0.01
