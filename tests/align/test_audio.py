import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from align.audio import SAMPLE_RATE, _decode_with_ffmpeg, load_audio
from catalog.errors import MediaError
from catalog.ffmpeg import run_ffmpeg


def tone(seconds: float, sample_rate: int = SAMPLE_RATE) -> np.ndarray:
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * sample_rate)) / sample_rate)


def write_tone(path: Path, seconds: float = 3.0) -> Path:
    soundfile.write(path, tone(seconds), SAMPLE_RATE)
    return path


def make_video(path: Path, *, sound: bool) -> Path:
    inputs = ["-f", "lavfi", "-i", "color=size=64x64:rate=10:duration=3"]
    if sound:
        inputs += ["-f", "lavfi", "-i", "sine=frequency=440:duration=3"]
    made = run_ffmpeg("-y", *inputs, "-shortest", "-movflags", "+faststart", str(path))
    assert made.returncode == 0, made.stderr.decode()
    return path


def missing(folder: Path) -> Path:
    return folder / "missing.mp3"


def a_folder(folder: Path) -> Path:
    return folder


def empty(folder: Path) -> Path:
    path = folder / "empty.mp3"
    path.touch()
    return path


def text(folder: Path) -> Path:
    path = folder / "text.mp4"
    path.write_text("this is no video\n" * 50)
    return path


def concat_script(folder: Path) -> Path:
    target = write_tone(folder / "secret.wav")
    path = folder / "concat.mp3"
    path.write_text(f"ffconcat version 1.0\nfile '{target.name}'\n")
    return path


def playlist(folder: Path) -> Path:
    target = write_tone(folder / "secret.wav")
    path = folder / "playlist.mp3"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{target}\n#EXT-X-ENDLIST\n")
    return path


def silence(folder: Path) -> Path:
    path = folder / "silence.wav"
    soundfile.write(path, np.zeros(3 * SAMPLE_RATE), SAMPLE_RATE)
    return path


def no_samples(folder: Path) -> Path:
    path = folder / "nothing.wav"
    soundfile.write(path, np.zeros(0), SAMPLE_RATE)
    return path


def too_short(folder: Path) -> Path:
    return write_tone(folder / "short.wav", 0.3)


def silent_film(folder: Path) -> Path:
    return make_video(folder / "film.mp4", sound=False)


def without_index(folder: Path) -> Path:
    """An mp4 whose index, at its end, was cut off."""
    path = folder / "late.mp4"
    whole = folder / "whole.mp4"
    made = run_ffmpeg("-y", "-f", "lavfi", "-i", "sine=frequency=440:duration=9", str(whole))
    assert made.returncode == 0
    path.write_bytes(whole.read_bytes()[:-3000])
    return path


def cut_off(folder: Path) -> Path:
    """An mp4 with its index in front whose end is missing."""
    whole = make_video(folder / "whole.mp4", sound=True)
    path = folder / "half.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return path


def three_hours(folder: Path) -> Path:
    """A sparse wav: as long as it claims, without being decoded."""
    path = folder / "hours.wav"
    soundfile.write(path, np.zeros(8000), 8000, subtype="PCM_U8")
    n_bytes = 3 * 3600 * 8000
    with path.open("r+b") as file:
        file.seek(4)
        file.write((36 + n_bytes).to_bytes(4, "little"))
        file.seek(40)
        file.write(n_bytes.to_bytes(4, "little"))
        file.truncate(44 + n_bytes)
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (missing, "missing.mp3 does not exist: check"),
        (a_folder, "is not a file: give"),
        (empty, "empty.mp3 is empty: fetch"),
        (text, "text.mp4 is not a complete .* fetch"),
        (concat_script, "concat.mp3 is not a complete"),
        (playlist, "playlist.mp3 is not a complete"),
        (silence, "silence.wav holds no sound, only silence: use"),
        (no_samples, "nothing.wav holds no sound: use"),
        (too_short, "short.wav lasts 0.30 s: at least 1 s"),
        (silent_film, "film.mp4 holds no sound: use"),
        (without_index, "late.mp4 is not a complete .* fetch"),
        (cut_off, "half.mp4 is cut off: .* fetch it again"),
        (three_hours, "hours.wav lasts 10800 s, longer than the 1200 s accepted: cut"),
    ],
)
def test_unusable_files_are_refused_with_a_remedy(
    make: Callable[[Path], Path], message: str, tmp_path: Path
) -> None:
    with pytest.raises(MediaError, match=message) as refused:
        load_audio(make(tmp_path), max_duration_s=1200)
    assert "\n" not in str(refused.value)


def test_a_video_is_decoded_to_mono_at_one_rate(tmp_path: Path) -> None:
    audio = load_audio(make_video(tmp_path / "film.mp4", sound=True))
    assert audio.samples.dtype == np.float32
    assert audio.duration_s == pytest.approx(3.0, abs=0.1)


def test_a_sound_track_that_starts_late_stays_late(tmp_path: Path) -> None:
    path = tmp_path / "late.mkv"
    made = run_ffmpeg(
        "-y", "-f", "lavfi", "-i", "color=size=64x64:rate=10:duration=4",
        "-itsoffset", "1.0", "-f", "lavfi", "-i", "sine=frequency=440:duration=2", str(path),
    )  # fmt: skip
    assert made.returncode == 0
    loud = np.flatnonzero(np.abs(load_audio(path).samples) > 0.02)
    assert loud[0] / SAMPLE_RATE == pytest.approx(1.0, abs=0.05)


def test_other_rates_and_channels_are_brought_to_one(tmp_path: Path) -> None:
    path = tmp_path / "stereo.flac"
    soundfile.write(path, np.stack([tone(2, 48000), tone(2, 48000)], axis=1), 48000)
    assert len(load_audio(path).samples) == pytest.approx(2 * SAMPLE_RATE, abs=2)


def write_mp3(path: Path, *options: str) -> Path:
    """Four seconds of noise, then eight of near silence: its frames are of very unequal size."""
    noise = "aevalsrc=exprs='(random(0)-.5)*if(lt(t,4),.5,.001)':d=12:s=44100"
    made = run_ffmpeg("-y", "-f", "lavfi", "-i", noise, "-q:a", "4", *options, str(path))
    assert made.returncode == 0, made.stderr.decode()
    return path


def test_an_mp3_without_a_header_for_its_length_is_read_to_its_end(tmp_path: Path) -> None:
    audio = load_audio(write_mp3(tmp_path / "a.mp3", "-write_xing", "0"), max_duration_s=13)
    assert audio.duration_s == pytest.approx(12, abs=0.1)


def test_an_mp3_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = write_mp3(tmp_path / "a.mp3")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaError, match=r"a.mp3 is cut off: .* of its 12.0 s"):
        load_audio(path)


def test_channels_that_cancel_each_other_out_are_heard(tmp_path: Path) -> None:
    path = tmp_path / "karaoke.flac"
    soundfile.write(path, np.stack([tone(3), -tone(3)], axis=1), SAMPLE_RATE)
    audio = load_audio(path)
    assert audio.duration_s == pytest.approx(3, abs=0.01)
    assert np.abs(audio.samples).max() == pytest.approx(0.3, abs=0.01)


def test_values_that_are_no_numbers_become_silence(tmp_path: Path) -> None:
    path = tmp_path / "broken.wav"
    samples = tone(2)
    samples[100:200] = np.nan
    soundfile.write(path, samples, SAMPLE_RATE, subtype="FLOAT")
    assert np.isfinite(load_audio(path).samples).all()


@pytest.mark.parametrize("make", [concat_script, playlist])
def test_decoding_itself_opens_no_other_file(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="cannot be decoded"):
        _decode_with_ffmpeg(make(tmp_path), 1200)


def test_a_stream_that_does_not_say_its_length_is_read_to_its_end(tmp_path: Path) -> None:
    source, piped = tmp_path / "a.wav", tmp_path / "piped.flac"
    soundfile.write(source, 0.1 * np.sin(np.arange(44100 * 3) / 20), 44100)
    result = run_ffmpeg("-i", str(source), "-f", "flac", "pipe:1")
    piped.write_bytes(result.stdout)
    assert load_audio(piped).duration_s == pytest.approx(3, abs=0.05)


def test_a_file_of_an_absurd_rate_takes_no_more_memory_than_its_length(tmp_path: Path) -> None:
    path = tmp_path / "dense.flac"
    with soundfile.SoundFile(path, "w", 655350, 1) as file:
        for _ in range(30):
            file.write(0.1 * np.random.default_rng(0).standard_normal(655350))
    tracemalloc.start()
    assert load_audio(path).duration_s == pytest.approx(30, abs=0.1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40e6
