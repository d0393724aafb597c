from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from align.datasets.checking import check_dataset
from align.datasets.reading import read_dataset
from align.datasets.writing import write_dataset
from align.evaluation.datasets.edited import building, songs
from align.evaluation.datasets.edited.building import SEED, SongJob, build_song, plan_jobs
from align.evaluation.datasets.edited.drawing import KINDS
from align.evaluation.datasets.edited.songs import EditedSong, edited_songs
from tests.align.evaluation.datasets.edited.clicks import (
    SAMPLE_RATE,
    click_errors_ms,
    click_track,
)

TEMPO_BPM = 120.0
FIRST_BEAT_S = 0.2
RECIPE = "84e0ba586a4e4a754e078c3adff4f02d35aa8c0efc93caa04d234b62fd27616f"


def test_the_recipe_has_every_kind_often_enough(tmp_path: Path) -> None:
    jobs = plan_jobs(tmp_path, list(edited_songs().values()), seed=SEED)
    kinds = Counter(kind for job in jobs for kind in job.kinds)
    assert set(kinds) == set(KINDS)
    assert kinds.total() >= 40
    assert min(kinds.values()) >= 3
    assert {job.song.split for job in jobs} == {"development", "test"}
    assert all(job.other.id != job.song.id for job in jobs)
    assert not any("D911-01" in file for job in jobs for file in job.song.stems.values())


def test_the_recipe_is_the_published_one(tmp_path: Path) -> None:
    jobs = plan_jobs(tmp_path, list(edited_songs().values()), seed=SEED)
    assert building.digest_plans(jobs) == RECIPE


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EditedSong:
    """Half a minute of clicks on the beats of two stems, from 2 s of the recording on."""
    beats_s = np.arange(FIRST_BEAT_S, 36, 60 / TEMPO_BPM)
    for name in ("guitar", "backing"):
        soundfile.write(tmp_path / f"{name}.wav", click_track(36.0, beats_s), SAMPLE_RATE)
    monkeypatch.setattr(songs, "fetch_material", lambda name: tmp_path)
    return EditedSong(
        id="clicks", material="schubert", stems={"guitar": "guitar.wav", "backing": "backing.wav"},
        start_s=2.0, duration_s=32.0, split="test", tempo_bpm=TEMPO_BPM,
        first_beat_s=FIRST_BEAT_S, bars=True,
    )  # fmt: skip


def test_a_song_is_laid_out_with_its_truth(song: EditedSong, tmp_path: Path) -> None:
    folder = tmp_path / "built"
    job = SongJob(folder, song, ("stretch", "repeat", "talk"), other=song, seed=3)
    write_dataset(folder, "clicks", "MIT", [build_song(job)])
    assert check_dataset(folder).problems == ()
    data = read_dataset(folder)
    assert {each.kind for each in data.negatives} == {"other_song", "interview", "background"}
    reference, *covers = data.recordings
    assert reference.beats is not None
    assert reference.beats.position[:5].tolist() == [1, 2, 3, 4, 1]  # beat 4 of the recording
    assert [cover.kind for cover in covers if cover.beats is not None] == ["stretch", "repeat"]
    for recording in data.recordings[:3]:
        samples, _ = soundfile.read(recording.file)
        assert recording.beats is not None
        errors_ms = click_errors_ms(samples, recording.beats.time_s[1:-1])
        assert np.percentile(np.abs(errors_ms), 95) < 5
