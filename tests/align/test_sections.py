from itertools import pairwise

import numpy as np
import pytest

from align.alignment import Track
from align.section_labels import label_sections, letter, likeness
from tests.align.tones import bars, joined, make_song, perform, steady


def test_sections_cover_the_recording_without_gaps_and_begin_on_downbeats() -> None:
    first, second = make_song(8, seed=5), make_song(8, seed=6)
    song = joined((first, 8), (second, 8), (bars(first, 0, 8), 8))
    track = Track.of(perform(song, steady(0.4)))
    analysis = track.analyse()
    sections = analysis.sections
    assert sections[0].start_s == 0
    assert sections[-1].end_s == track.features.duration_s
    for earlier, later in pairwise(sections):
        assert earlier.end_s == later.start_s
        assert later.start_s in analysis.downbeats_s
    assert all(0 <= section.confidence <= 1 for section in sections)


def test_parts_that_run_alike_share_a_letter() -> None:
    rng = np.random.default_rng(0)
    verse, chorus = rng.standard_normal((2, 32, 16))
    embedding = np.concatenate([verse, chorus, verse]) + 0.1 * rng.standard_normal((96, 16))
    edges_s = np.arange(25) * 4.0
    labels = label_sections(embedding, edges_s, np.array([0, 8, 16]), frame_rate=1.0)
    assert labels == ["A", "B", "A"]


def test_parts_that_are_copies_of_each_other_share_a_letter() -> None:
    edges_s = np.arange(17.0)
    for seed in range(200):  # in some of them rounding makes copies liker than like
        verse, chorus = np.random.default_rng(seed).standard_normal((2, 200, 16), dtype=np.float32)
        embedding = np.concatenate([verse, chorus, verse, chorus])
        labels = label_sections(embedding, edges_s, np.array([0, 4, 8, 12]), frame_rate=50)
        assert labels == ["A", "B", "A", "B"]


def test_likeness_finds_a_part_that_begins_later() -> None:
    part = np.random.default_rng(1).standard_normal((8, 16))
    unit = part / np.linalg.norm(part, axis=1, keepdims=True)
    assert likeness(unit, unit[2:7]) == pytest.approx(1.0)
    assert likeness(unit[:6], unit[2:]) == pytest.approx(1.0)
    assert likeness(unit, unit[:3]) == -1.0
    assert likeness(unit, unit[::-1]) < 0.6


def test_letters_go_on_after_z() -> None:
    assert [letter(index) for index in (0, 25, 26, 27, 51, 52)] == [
        "A",
        "Z",
        "AA",
        "AB",
        "AZ",
        "BA",
    ]
