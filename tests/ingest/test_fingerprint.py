"""One performance is known in other files; other performances are told apart."""

import itertools
from pathlib import Path

import numpy as np
import pytest

import ingest.demo
from ingest.fingerprint import fingerprint, fingerprint_of, is_same_sound
from tests.ingest.noises import encoded, melody

DEMO = Path(ingest.demo.__file__).parent / "londonderry-air"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return keep(tmp_path_factory.mktemp("sound"), encoded(melody(0)))


def keep(folder: Path, content: bytes, kind: str = "ogg") -> bytes:
    path = folder / f"sound.{kind}"
    path.write_bytes(content)
    return fingerprint_of(path)


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        (("-b:a", "64k"), "mp3"),
        (("-ar", "22050", "-b:a", "64k"), "m4a"),
        (("-af", "volume=0.3"), "ogg"),
        (("-af", "treble=g=6,bass=g=-6"), "ogg"),
        (("-af", "adelay=1060"), "ogg"),
        (("-ss", "5"), "ogg"),
    ],
)
def test_one_sound_is_known_in_another_file(original, tmp_path, options, kind):
    other = keep(tmp_path, encoded(melody(0), *options, kind=kind), kind)
    assert is_same_sound(original, other)
    assert is_same_sound(other, original)


def test_another_sound_is_not(original: bytes, tmp_path: Path):
    for seed in (1, 2, 3):
        assert not is_same_sound(original, keep(tmp_path, encoded(melody(seed))))


def test_ten_recordings_of_one_song_are_ten_but_for_the_copy():
    kept = {path.stem: fingerprint_of(path) for path in sorted(DEMO.glob("*.mp4"))}
    pairs = itertools.combinations(kept, 2)
    same = [pair for pair in pairs if is_same_sound(*(kept[name] for name in pair))]
    assert same == [("notation-video", "reference")]  # the reference under other pictures


def test_what_is_too_short_tells_nothing(tmp_path: Path):
    short = keep(tmp_path, encoded(melody(0, duration_s=10)))
    assert short == b""
    assert not is_same_sound(short, short)
    assert len(fingerprint(np.zeros(100, dtype=np.float32))) == 0
