"""The committed demo library is complete, playable everywhere, small, and says what it is."""

import csv
import json
import re
import subprocess
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from align.simulation.demo.library import describe_dataset, describe_folder, read_library
from catalog.ffmpeg import ffmpeg_path

FOLDER = Path(__file__).parents[3] / "ingest" / "demo" / "londonderry-air"
LIBRARY = read_library()
STEMS = [item.stem for item in LIBRARY.items]


def read_rows(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def media_report(path):
    command = [ffmpeg_path(), "-hide_banner", "-i", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def duration_s(report):
    hours, minutes, seconds = re.search(r"Duration: (\d+):(\d+):([\d.]+)", report).groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def box_order(path):
    content, position, names = path.read_bytes(), 0, []
    while position < len(content):
        names.append(content[position + 4 : position + 8].decode())
        position += int.from_bytes(content[position : position + 4], "big")
    return names


def test_dataset_names_exactly_the_files_that_are_there():
    dataset = json.loads((FOLDER / "dataset.json").read_text())
    assert dataset == describe_dataset(LIBRARY)
    song = dataset["songs"][0]
    films = {song["reference"], *(cover["file"] for cover in song["covers"])}
    assert films == {path.name for path in FOLDER.glob("*.mp4")}
    assert all((FOLDER / cover["annotation"]).is_file() for cover in song["covers"])
    assert len(song["covers"]) >= 8


def test_readme_credits_every_film():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert text == describe_folder(LIBRARY)
    assert all(f"`{stem}.mp4`" in text for stem in STEMS)


def test_library_stays_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 19_000_000


@pytest.mark.parametrize("stem", STEMS)
def test_film_is_h264_aac_360p30_and_starts_with_its_index(stem):
    path = FOLDER / f"{stem}.mp4"
    report = media_report(path)
    assert path.stat().st_size <= 2_000_000
    assert 60 <= duration_s(report) <= 120
    assert re.search(r"Video: h264 \((High|Main)\).*yuv420p.*640x360.* 30 fps", report)
    assert re.search(r"Audio: aac .*(44100|48000) Hz, stereo", report)
    names = box_order(path)
    assert names.index("moov") < names.index("mdat")


@pytest.mark.parametrize("stem", STEMS)
def test_keyframes_are_at_most_two_seconds_apart(stem):
    command = [ffmpeg_path(), "-v", "error", "-skip_frame", "nokey", "-i",
               str(FOLDER / f"{stem}.mp4"), "-an", "-vf", "showinfo", "-loglevel", "info",
               "-f", "null", "-"]  # fmt: skip
    log = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    times_s = [float(t) for t in re.findall(r"pts_time:([\d.]+)", log)]
    assert times_s[0] == 0
    gaps_s = [after - before for before, after in pairwise(times_s)]
    assert max(gaps_s) <= 2.001


@pytest.mark.parametrize("stem", STEMS)
def test_truth_fits_the_film(stem):
    length_s = duration_s(media_report(FOLDER / f"{stem}.mp4"))
    info = json.loads((FOLDER / f"{stem}.info.json").read_text(encoding="utf-8"))
    truth = json.loads((FOLDER / f"{stem}.truth.json").read_text(encoding="utf-8"))
    beats = read_rows(FOLDER / f"{stem}.beats.csv")
    sections = read_rows(FOLDER / f"{stem}.sections.csv")
    assert info["duration"] == pytest.approx(length_s, abs=0.1)
    assert re.findall(r"#\w+", info["description"])
    assert truth["relation"] in ("performance", "same_recording")
    times_s = [float(row["time_s"]) for row in beats]
    assert times_s == sorted(times_s)
    assert times_s[-1] < length_s
    assert {row["position"] for row in beats} in ({"1", "2", "3", "4"}, {"1", "2", "3"})
    assert {row["label"] for row in sections} <= {"intro", "verse", "chorus", "ending"}


@pytest.mark.parametrize("stem", STEMS[1:])
def test_annotation_leads_beats_to_reference_beats(stem):
    rows = read_rows(FOLDER / f"{stem}.csv")
    reference = {row["time_s"] for row in read_rows(FOLDER / "reference.beats.csv")}
    own = {row["time_s"] for row in read_rows(FOLDER / f"{stem}.beats.csv")}
    assert {row["reference_s"] for row in rows} <= reference
    assert {row["cover_s"] for row in rows} <= own
    by_segment = {}
    for row in rows:
        by_segment.setdefault(row["segment"], []).append(float(row["reference_s"]))
    assert all(times_s == sorted(set(times_s)) for times_s in by_segment.values())


def test_the_library_holds_a_repeat_a_cut_talk_and_a_copy():
    dataset = json.loads((FOLDER / "dataset.json").read_text())
    relations = [cover["relation"] for cover in dataset["songs"][0]["covers"]]
    assert relations.count("same_recording") == 1
    talk = json.loads((FOLDER / "brass-band.truth.json").read_text())["foreign"][0]
    assert talk[1] - talk[0] > 8
    rock = [row["reference_s"] for row in read_rows(FOLDER / "rock-band.csv")]
    assert len(rock) > len(set(rock))
    quartet = read_rows(FOLDER / "string-quartet.csv")
    assert {row["segment"] for row in quartet} == {"0", "1"}
