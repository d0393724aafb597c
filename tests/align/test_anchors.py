"""Maps that pass through what a person has fixed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from align.alignment import CoverAlignment, Track, align_tracks
from align.anchor_files import read_anchors
from align.anchors import AnchorError, Anchors
from align.audio import Audio, load_audio
from align.knots import build_time_map
from align.runs import Run, attach_anchors
from align.stages import ACCEPTED
from catalog.errors import InputError
from catalog.lifecycle import Relation
from catalog.time_map import TimeMap
from tests.align.test_knots import linear_fine_run, placed_runs
from tests.align.tones import Note, bars, joined, make_song, noise, perform, steady

DEMO = Path("ingest/demo/londonderry-air")
VERSE, BRIDGE = make_song(8, seed=3), make_song(5, seed=4)
NOTES = joined((VERSE, 8), (BRIDGE, 5), (VERSE, 8))
FIRST_VERSE, SECOND_VERSE = 0, 13 * 4
"""The beats on which the two verses begin; they are the same, note for note."""
REFERENCE_BEAT = steady(0.5)
COVER_BEAT = steady(0.45)

Align = Callable[..., CoverAlignment]


@pytest.fixture(scope="module")
def align() -> Align:
    reference = Track.of(perform(NOTES, REFERENCE_BEAT))
    analysis = reference.analyse()

    def align_cover(cover: Track, anchors: Anchors) -> CoverAlignment:
        return align_tracks(reference, cover, analysis, anchors=anchors)

    return align_cover


@pytest.fixture(scope="module")
def cover() -> Track:
    """The verse once, then the bridge."""
    return Track.of(perform(joined((VERSE, 8), (BRIDGE, 5)), COVER_BEAT, brightness=0.3))


def anchors_at(*beats: tuple[float, float], segment: list[int] | None = None) -> Anchors:
    """Anchors from (reference beat, cover beat)."""
    reference_s = [REFERENCE_BEAT(each) for each, _ in beats]
    return Anchors.of(reference_s, [COVER_BEAT(each) for _, each in beats], segment=segment)


def off_ms(found: TimeMap, reference_beat: float, cover_beat: float) -> float:
    reference_s = found.reference_at(COVER_BEAT(cover_beat))
    return np.inf if reference_s is None else 1000 * (reference_s - REFERENCE_BEAT(reference_beat))


def check_exact(found: TimeMap, anchors: Anchors) -> None:
    written = TimeMap.from_json(found.to_json())
    for reference_s, cover_s in zip(anchors.reference_s, anchors.cover_s, strict=True):
        assert found.reference_at(cover_s) == pytest.approx(reference_s, abs=1e-9)
        assert found.confidence_at(cover_s) == 1
        assert written.reference_at(round(cover_s, 4)) == pytest.approx(reference_s, abs=2e-4)


def test_the_map_reads_exactly_what_was_fixed_also_off_the_beat(align: Align, cover: Track) -> None:
    fixed = anchors_at((10.07, 10), (20.4, 20.31), (45, 45.12))
    found = align(cover, fixed).time_map
    check_exact(found, fixed)
    near = [off_ms(found, beat, beat) for beat in range(2, 50)]
    assert np.median(np.abs(near)) < 30


def test_knots_too_near_an_anchor_give_way_to_it(align: Align, cover: Track) -> None:
    before = align(cover, Anchors.of([], [])).time_map.segments[0]
    knot = 10
    fixed = Anchors.of([before.reference_s[knot]], [before.cover_s[knot] + 0.015])
    segment = align(cover, fixed).time_map.segments[0]
    check_exact(TimeMap((segment,)), fixed)
    gaps_s = np.abs(segment.cover_s - fixed.cover_s[0])
    assert np.sort(gaps_s)[1] > 0.1


@pytest.mark.parametrize("start", [FIRST_VERSE, SECOND_VERSE], ids=["first", "second"])
def test_one_anchor_moves_a_repeated_part_to_its_verse(
    align: Align, cover: Track, start: int
) -> None:
    fixed = anchors_at((start + 16, 16))
    found = align(cover, fixed).time_map
    check_exact(found, fixed)
    verse = [off_ms(found, start + beat, beat) for beat in range(2, 17)]
    assert np.mean(np.abs(verse) < 50) > 0.9
    bridge = [off_ms(found, beat, beat) for beat in range(34, 50)]
    assert np.mean(np.abs(bridge) < 50) > 0.9


def test_anchors_that_fall_back_have_a_jump_between_them(align: Align, cover: Track) -> None:
    fixed = anchors_at((20, 20), (20, 21), (SECOND_VERSE + 10, 28), (5, 29))
    found = align(cover, fixed).time_map
    check_exact(found, fixed)
    segments = [found.segment_at(cover_s) for cover_s in fixed.cover_s]
    assert segments[0] != segments[1]
    assert segments[2] != segments[3]


def test_a_step_back_leaves_the_rest_mapped(align: Align, cover: Track) -> None:
    fixed = anchors_at((20, 20), (20, 21))
    found = align(cover, fixed).time_map
    check_exact(found, fixed)
    assert all(found.reference_at(COVER_BEAT(beat)) is not None for beat in range(2, 50))


@pytest.mark.parametrize(("start", "transposition"), [(0, 3), (8 * 4, 0)])
def test_an_anchor_tells_the_key_of_a_song_that_changes_its_key(
    start: int, transposition: int
) -> None:
    higher = [Note(note.start_beat, note.pitch + 3, note.length_beats) for note in VERSE]
    reference = Track.of(perform(joined((VERSE, 8), (higher, 8)), REFERENCE_BEAT))
    cover = Track.of(perform(higher, COVER_BEAT, brightness=0.3))
    fixed = anchors_at((start + 16, 16))
    found = align_tracks(reference, cover, reference.analyse(), anchors=fixed)
    assert found.transposition_semitones == transposition
    verse = [off_ms(found.time_map, start + beat, beat) for beat in range(2, 31)]
    assert np.mean(np.abs(verse) < 50) > 0.9


def test_anchors_of_one_segment_have_no_jump_between_them(align: Align) -> None:
    cut = joined((bars(NOTES, 0, 5), 5), (bars(NOTES, 9, 21), 12))
    cover = Track.of(perform(cut, COVER_BEAT, brightness=0.3))
    pairs = [(4.0, 4.0), (64.0, 48.0)]
    free, held = anchors_at(*pairs), anchors_at(*pairs, segment=[0, 0])
    assert len(align(cover, free).time_map.segments) == 2
    found = align(cover, held).time_map
    check_exact(found, held)
    assert found.segment_at(held.cover_s[0]) == found.segment_at(held.cover_s[1])


def test_anchors_of_one_segment_may_lie_at_any_tempo(align: Align, cover: Track) -> None:
    fixed = anchors_at((4, 4), (60, 14), (61, 40), segment=[0, 0, 0])
    found = align(cover, fixed).time_map
    check_exact(found, fixed)
    assert len({found.segment_at(cover_s) for cover_s in fixed.cover_s}) == 1


@pytest.mark.parametrize(
    "stranger", [noise(20), perform(make_song(12, seed=99), steady(0.5))], ids=["noise", "song"]
)
def test_a_cover_with_an_anchor_is_never_unrelated(align: Align, stranger: Audio) -> None:
    cover, fixed = Track.of(stranger), Anchors.of([14.0], [9.0])
    assert align(cover, Anchors.of([], [])).judgement.relation not in ACCEPTED
    found = align(cover, fixed)
    check_exact(found.time_map, fixed)
    assert found.judgement.relation is not Relation.UNRELATED
    assert sum(found.judgement.scores.values()) == pytest.approx(1)
    assert found.judgement.certainty == 1
    assert found.time_map.reference_at(8.8) is not None


def test_a_copy_goes_through_an_anchor_off_its_line(align: Align) -> None:
    copy = Track.of(perform(NOTES, REFERENCE_BEAT))
    fixed = Anchors.of([20.4], [20.0])
    found = align(copy, fixed)
    check_exact(found.time_map, fixed)
    assert found.judgement.relation is Relation.SAME_RECORDING
    slopes = [found.time_map.rate_at(20 + after_s) for after_s in np.arange(-1.5, 1.5, 0.1)]
    assert 0.5 < min(slopes) < max(slopes) < 2


def test_one_anchor_corrects_a_stretch_that_was_half_a_beat_late() -> None:
    """Bars 12 to 16 of the demo's piano, 0.35 s late by ear alone, from 45 s of both films."""
    reference, cover = (
        Track.of(Audio(load_audio(DEMO / name).samples[: 45 * 22050]))
        for name in ("reference.mp4", "solo-piano.mp4")
    )
    marks = np.loadtxt(DEMO / "solo-piano.csv", delimiter=",", skiprows=1)
    late = marks[(marks[:, 1] > 28) & (marks[:, 1] < 35)]
    fixed = Anchors.of(late[4:5, 0], late[4:5, 1])
    found = align_tracks(reference, cover, reference.analyse(), anchors=fixed).time_map
    check_exact(found, fixed)
    off_s = [float(found.reference_at(c) or np.inf) - r for r, c, _ in late]
    assert np.abs(off_s).max() < 0.05


@example(placed=([], []), pairs=[(0.0, 0.0), (0.5, 0.03125)], beats=[])
@given(
    placed_runs(),
    st.lists(st.tuples(st.floats(0, 130), st.floats(0, 40)), min_size=1, max_size=12),
    st.lists(st.floats(0, 130), max_size=60),
)
def test_every_map_is_exact_wherever_runs_and_anchors_lie(
    placed: tuple[list[Run], list], pairs: list[tuple[float, float]], beats: list[float]
) -> None:
    fixed = consistent(pairs)
    fine_of = {float(run.start_s): fine for run, fine in zip(*placed, strict=True)}
    runs = attach_anchors(placed[0], fixed, frame_rate=6.25)
    fine_runs = [fine_of.get(float(run.start_s)) or linear_fine_run(run) for run in runs]
    check_exact(build_time_map(runs, fine_runs, np.unique(np.array(beats, dtype=float))), fixed)


def consistent(pairs: list[tuple[float, float]]) -> Anchors:
    """Anchors of (reference, cover) times, those that contradict earlier ones left out."""
    kept = Anchors.of([], [])
    for reference_s, cover_s in pairs:
        try:
            kept = Anchors.of([*kept.reference_s, reference_s], [*kept.cover_s, cover_s])
        except AnchorError:
            continue
    return kept


@pytest.mark.parametrize(
    "table",
    [
        "reference_s,cover_s\n12.5,10\n3,2\n",
        "cover_s;segment;reference_s\n10;1;12,5\n2;0;3\n",
        "\ufeffReference_s\tcover_s\n3\t2\n\n12.5\t10\n",
    ],
    ids=["comma", "semicolon", "tab"],
)
def test_tables_are_read_in_any_order_of_lines(tmp_path: Path, table: str) -> None:
    path = tmp_path / "fixed.csv"
    path.write_text(table, encoding="utf-8")
    fixed = read_anchors(path)
    assert fixed.reference_s.tolist() == [3, 12.5]
    assert fixed.cover_s.tolist() == [2, 10]
    assert not fixed.held.any()


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("reference_s,cover_s\n3,2\n9,2\n", r"line 3: cover_s 2 with reference_s 9 is the moment "
         r"of .*line 2 with reference_s 3: keep one"),
        ("reference_s,cover_s\n3,2\n3,2\n", "line 3: .*: keep one of them"),
        ("reference_s,cover_s\n3,2\n40,2.1\n", r"line 3: reference_s 40 is a jump by 37 s only "
         r"0.1 s after .*line 2: correct or remove"),
        ("reference_s,cover_s,segment\n9,2,1\n3,5,1\n", r"line 3: reference_s 3 does not rise "
         r"from .*line 2 in one segment: begin a new"),
        ("reference_s,cover_s,segment\n3,2,1\n9,5,0\n", "line 3: segment 0 follows segment 1"),
        ("reference_s,cover_s,segment\n3,2,x\n", "line 2: 'x' is no whole number: write"),
        ("reference_s,cover_s\n3,2\nnan,5\n", "line 3: 'nan' is no time: write seconds"),
        ("reference_s,cover_s\n3,-2\n", "line 2: '-2' is no time: write seconds"),
        ("reference_s,cover_s\n3\n", "line 2: '' is no time: write seconds"),
        ("start,end\n3,2\n", "line 1: no column reference_s .*: rename the column"),
        ("reference_s\n3\n", "line 1: no column cover_s .*: rename the column"),
        ("reference_s,cover_s\n", "fixed.csv has no rows: a header and one line"),
        ("", "fixed.csv has no rows: a header and one line"),
    ],
)  # fmt: skip
def test_tables_are_refused_with_line_value_and_remedy(
    tmp_path: Path, table: str, message: str
) -> None:
    path = tmp_path / "fixed.csv"
    path.write_text(table)
    with pytest.raises(InputError, match=message) as refused:
        read_anchors(path)
    assert refused.value.exit_code == 2
    assert "\n" not in str(refused.value)


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv is no file: give a table"):
        read_anchors(tmp_path / "none.csv")


@pytest.mark.parametrize("time_s", [np.nan, np.inf])
def test_times_that_are_not_finite_are_refused(time_s: float) -> None:
    with pytest.raises(AnchorError, match=r"anchor 2: 1\.0, (nan|inf) are no times: give seconds"):
        Anchors.of([5, 1.0], [4, time_s])


@pytest.mark.parametrize(
    ("reference_s", "cover_s", "message"),
    [
        (99, 2, r"anchor 1: reference_s 99 lies outside the reference, which lasts 4\d\.\d{3} s"),
        (9, 70, r"anchor 1: cover_s 70 lies outside the cover, which lasts 2\d\.\d{3} s"),
        (9, -1, "anchor 1: cover_s -1 lies outside the cover"),
    ],
)
def test_anchors_outside_a_recording_are_refused(
    align: Align, cover: Track, reference_s: float, cover_s: float, message: str
) -> None:
    with pytest.raises(AnchorError, match=message):
        align(cover, Anchors.of([reference_s], [cover_s]))


def test_the_ends_of_both_recordings_can_be_fixed(align: Align, cover: Track) -> None:
    end_s = round(cover.features.duration_s, 4)
    fixed = Anchors.of([0.0, 43.0], [0.0, end_s])
    check_exact(align(cover, fixed).time_map, fixed)
