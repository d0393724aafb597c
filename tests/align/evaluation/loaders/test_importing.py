import json
import math
from pathlib import Path

import pytest

from align.datasets.checking import check_dataset
from align.datasets.reading import Dataset, read_dataset
from align.evaluation.loaders.imported import LayoutError
from align.evaluation.loaders.importing import LOADERS, import_layout
from catalog.errors import InputError
from tests.align.evaluation.loaders.layouts import jams, svl, write_pairs, write_sound, write_text


def imported(layout: str, source: Path, folder: Path, **options) -> Dataset:
    """Import, and have the result checked."""
    output = import_layout(layout, source, folder / "imported", **options)
    report = check_dataset(output)
    assert report.problems == ()
    return read_dataset(output)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    for name in ("original.wav", "covers/punk.flac", "covers/choir.ogg"):
        write_sound(folder / name)
    return folder


def test_one_table_with_both_times(source: Path, tmp_path: Path) -> None:
    table = write_text(
        source / "marks.csv",
        "Reference;Cover;Ref_Time;Cover_Time;Kind\n"
        "original.wav;covers/punk.flac;1,0;0,5;punk\n"
        "original.wav;covers/punk.flac;2,0;1,0;punk\n"
        "original.wav;covers/punk.flac;1,0;1,5;punk\n"
        "original.wav;covers/punk.flac;2,0;2,0;punk\n"
        "original.wav;choir;1,0;2,5;choir\n"
        "original.wav;choir;3,0;4,5;choir\n",
    )
    punk, choir = imported("csv", table, tmp_path).covers
    assert (punk.song, punk.kind, choir.kind) == ("original", "punk", "choir")
    assert punk.annotation is not None and choir.annotation is not None
    assert punk.annotation.segment.tolist() == [0, 0, 1, 1]
    assert punk.annotation.cover_s.tolist() == [0.5, 1.0, 1.5, 2.0]
    assert choir.annotation.reference_s.tolist() == [1.0, 3.0]
    assert punk.annotation.beats_per_mark is None


def test_recordings_are_linked_and_left_alone(source: Path, tmp_path: Path) -> None:
    before = {p: p.read_bytes() for p in source.rglob("*.*")}
    write_pairs(source, "song,original.wav,punk.flac,punk")
    for name in ("original", "punk"):
        write_text(source / f"{name}.csv", "time,measure,position\n1,1,1\n2,2,2\n3,3,1\n")
    data = imported("csv", source, tmp_path)
    assert data.covers[0].file.is_symlink()
    assert data.covers[0].file.resolve() == source / "covers/punk.flac"
    assert {p: p.read_bytes() for p in before} == before
    assert [each.beats.position.tolist() for each in data.recordings] == [[1, 2, 1]] * 2
    assert data.covers[0].annotation.beats_per_mark == 1


def test_measures_are_matched_by_name_and_what_is_left_out_is_a_cut(
    source: Path, tmp_path: Path
) -> None:
    write_pairs(source, "song,original.wav,punk.flac,punk")
    write_text(source / "original.csv", "start\tmeasure\n1\t1\n2\t2\n3\t3\n4\t4\n5\t5\n")
    write_text(source / "punk.csv", "start\tmeasure\n0.5\t1\n1\t2\n1.5\t4\n2\t5\n2.5\t1\n3\t2\n")
    annotation = imported("csv", source, tmp_path).covers[0].annotation
    assert annotation is not None
    assert annotation.reference_s.tolist() == [1, 2, 4, 5, 1, 2]
    assert annotation.segment.tolist() == [0, 0, 1, 1, 2, 2]
    assert annotation.beats_per_mark is None


def test_what_only_the_cover_has_ends_a_segment(source: Path, tmp_path: Path) -> None:
    write_text(source / "pairs.csv", "reference,cover,beats_per_mark\noriginal,punk,4\n")
    write_text(source / "original.csv", "start,measure\n1,1\n2,2\n3,3\n4,4\n")
    write_text(source / "punk.csv", "start,measure\n1,1\n2,2\n3,vamp\n4,3\n5,4\n")
    annotation = imported("csv", source, tmp_path).covers[0].annotation
    assert annotation is not None
    assert annotation.segment.tolist() == [0, 0, 1, 1]
    assert annotation.beats_per_mark == 4


def test_labels_that_come_back_are_matched_by_number_where_they_agree(
    source: Path, tmp_path: Path
) -> None:
    write_pairs(source, "song,original.wav,punk.flac,punk")
    for name in ("original", "punk"):
        write_text(source / f"{name}.csv", "time,label\n1,a\n2,b\n3,a\n")
    annotation = imported("csv", source, tmp_path).covers[0].annotation
    assert annotation is not None
    assert annotation.cover_s.tolist() == [1, 2, 3]


def test_jams_beats_are_matched_by_number(source: Path, tmp_path: Path) -> None:
    beats = [(0.5 * k, float(k % 4 + 1)) for k in range(1, 13)]
    sections = [(0.0, 3.0, "verse"), (3.0, 3.0, "chorus")]
    write_text(source / "original.jams", jams(beats, sections))
    write_text(source / "punk.jams", jams([(0.4 * k, None) for k in range(1, 13)], []))
    write_text(
        source / "pairs.csv",
        "song,reference,cover,reference_first,cover_first,count\n"
        "song,original.wav,punk.flac,8,6,4\n"
        "song,original.wav,punk.flac,0,0,6\n",
    )
    data = imported("jams", source, tmp_path)
    reference, cover = data.recordings
    assert reference.beats is not None and reference.sections is not None
    assert reference.beats.position.tolist()[:4] == [2, 3, 4, 1]
    assert reference.sections.labels == ("verse", "chorus")
    assert cover.beats is None
    annotation = data.covers[0].annotation
    assert annotation is not None
    assert annotation.segment.tolist() == [0] * 6 + [1] * 4
    assert annotation.reference_s[6:].tolist() == [4.5, 5.0, 5.5, 6.0]
    assert annotation.cover_s[6:].tolist() == pytest.approx([2.8, 3.2, 3.6, 4.0])


def test_svl_points_are_frames_of_their_own_rate(source: Path, tmp_path: Path) -> None:
    write_pairs(source, "song,original,punk,punk")
    write_text(source / "original.svl", svl([(1, "1"), (2, "2"), (3, "3")]))
    write_text(source / "punk.svl", svl([(2, "2"), (1.5, "1"), (2.5, "3")], rate=48000))
    annotation = imported("svl", source, tmp_path).covers[0].annotation
    assert annotation is not None
    assert annotation.cover_s.tolist() == [1.5, 2.0, 2.5]
    assert annotation.reference_s.tolist() == [1.0, 2.0, 3.0]


def test_xml_entities_are_refused(source: Path, tmp_path: Path) -> None:
    write_pairs(source, "song,original,punk,punk")
    bomb = ' [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]'
    write_text(source / "original.svl", svl([(1, "&b;"), (2, "2")], head=bomb))
    write_text(source / "punk.svl", svl([(1, "1"), (2, "2")]))
    with pytest.raises(LayoutError, match=r"original\.svl declares XML entities"):
        import_layout("svl", source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_winterreise_measures(tmp_path: Path) -> None:
    source, measures = tmp_path / "SWD", '"start";"measure"\n1.0;1\n2.0;2\n3.5;3\n'
    for name in ("D911-03_HU33", "D911-03_SC06", "D911-04_SC06", "D911-05_AL98"):
        write_text(source / f"02_Annotations/ann_audio_measure/Schubert_{name}.csv", measures)
    for name in ("D911-03_HU33", "D911-03_SC06", "D911-04_SC06"):
        write_sound(source / f"01_RawData/audio_wav/Schubert_{name}.wav")
    data = imported("winterreise", source, tmp_path)
    assert [(each.song, each.file.stem) for each in data.covers] == [
        ("D911-03", "Schubert_D911-03_SC06")
    ]
    assert data.covers[0].annotation is not None
    assert len(data.covers[0].annotation.cover_s) == 3
    assert data.covers[0].annotation.beats_per_mark is None


@pytest.mark.parametrize("with_json", [True, False])
def test_asap_beats(tmp_path: Path, with_json: bool) -> None:
    source = tmp_path / "asap"
    performances = {"Ann01": [1.0, 2.0, 3.0, 4.0], "Bob02": [0.5, 1.0, 2.0, 2.5], "Cy03": [1.0]}
    lines, notes = ["composer,title,folder,midi_performance,audio_performance"], {}
    for name, beats_s in performances.items():
        midi, audio = f"Bach/Fugue/{name}.mid", f"Bach/Fugue/{name}.wav"
        lines.append(f"Bach,Fugue,Bach/Fugue,{midi},{audio}")
        write_sound(source / audio)
        notes[midi] = {
            "performance_beats": beats_s,
            "performance_downbeats": beats_s[1::2],
            "score_and_performance_aligned": name != "Cy03",
        }
        text = "".join(f"{t}\t{t}\t{'db,3/4,0' if k % 2 else 'b'}\n" for k, t in enumerate(beats_s))
        write_text(source / f"Bach/Fugue/{name}_annotations.txt", text)
    write_text(source / "metadata.csv", "\n".join(lines))
    if with_json:
        write_text(source / "asap_annotations.json", json.dumps(notes))
    data = imported("asap", source, tmp_path)
    (cover,) = data.covers
    assert (cover.song, cover.file.stem) == ("Bach-Fugue", "Bob02")
    assert cover.annotation is not None
    assert cover.annotation.cover_s.tolist() == [0.5, 1.0, 2.0, 2.5]
    assert cover.annotation.beats_per_mark == 1
    assert data.recordings[0].beats is not None
    assert data.recordings[0].beats.downbeats_s.tolist() == [2.0, 4.0]


@pytest.mark.parametrize(
    "name", ["annotations/958/parsed/textfile1_functions.txt", "annotations/958.txt"]
)
def test_salami_sections(tmp_path: Path, name: str) -> None:
    source = tmp_path / "salami"
    write_text(source / name, "0.0\tSilence\n0.4\tIntro\n3.0\tVerse\n6.0\tno_function\n7.5\tEnd\n")
    write_sound(source / "audio/958.wav")
    data = imported("salami", source / "annotations", tmp_path, audio=source / "audio")
    assert data.covers == ()
    (reference,) = data.recordings
    assert reference.sections is not None
    assert reference.sections.labels == ("Intro", "Verse", "no_function")
    assert reference.sections.spans_s.tolist() == [[0.4, 3.0], [3.0, 6.0], [6.0, 7.5]]


def test_covers80_becomes_a_data_set_for_screening(tmp_path: Path) -> None:
    source = tmp_path / "covers80"
    works = ("Abracadabra", "Blue_Collar", "Cecilia")
    lists: dict[str, list[str]] = {"list1.list": [], "list2.list": []}
    for work in works:
        for name, artist in (("list1.list", "first"), ("list2.list", "second.band")):
            lists[name].append(f"{work}/{artist}+Vol._2+01-{work}")
            write_sound(source / f"covers32k/{work}/{artist}+Vol._2+01-{work}.flac")
    for name, lines in lists.items():
        write_text(source / name, "\n".join(lines) + "\n")
    data = imported("covers80", source, tmp_path)
    assert [each.song for each in data.covers] == list(works)
    assert all(each.annotation is None for each in data.covers)
    assert len(data.negatives) == 6
    for negative in data.negatives:
        assert negative.kind == "other_song"
        assert negative.song not in negative.file.stem


RUN = "reference_first,cover_first,count"
MARKS = "time,measure\n1,1\n2,2\n"
BAD_INPUT = {
    "csv": [
        (
            {"original.csv": "time,measure\n1,1\nsoon,2\n"},
            r"original\.csv, line 3: 'soon' is no time",
        ),
        ({"original.csv": "time,measure\n2,1\n1,2\n"}, r"entry 3: 1.000 s does not come after"),
        ({"original.csv": "when,measure\n1,1\n"}, r"line 1: no column time_s or time"),
        ({"original.csv": ""}, r"original\.csv has no rows"),
        ({"original.csv": "time,measure\n1,7\n2,8\n"}, "shares 0 labels"),
        ({"original.csv": "time\n1\n2\n3\n"}, "has 2 events and .* has 3: label the events"),
        ({"pairs.csv": "song,reference,cover\na,original.wav,\n"}, "line 2: no cover"),
        (
            {"pairs.csv": "song,reference,cover\na,original.wav,reggae\n"},
            r"reggae\.csv does not ex",
        ),
        (
            {"pairs.csv": f"reference,cover,{RUN}\noriginal,punk,1,0,2\n"},
            "2 from number 1 on are not there",
        ),
        (
            {"pairs.csv": "song,reference,cover,relation\na,original,punk,cousin\n"},
            "relation 'cousin' is none of same_recording",
        ),
        (
            {
                "original.csv": "time,label\n1,a\n2,b\n3,a\n",
                "punk.csv": "time,label\n1,b\n2,a\n3,b\n",
            },
            r"event 1 is 'a' in .*original\.csv and 'b' in .*punk\.csv: give every event",
        ),
        (
            {"punk.csv": "time,measure,position\n1,1,1\n2,2,99999999999999999999\n"},
            r"punk\.csv, line 3: '9+' is no whole number",
        ),
        (
            {"punk.csv": "time,measure,position\n1,1,0\n2,2,1\n"},
            "position 0 is no place in a bar: count from 1",
        ),
        (
            {"pairs.csv": "reference,cover,beats_per_mark\noriginal,punk,four\n"},
            "line 2: beats_per_mark 'four': write a number",
        ),
        (
            {"pairs.csv": f"reference,cover,{RUN}\noriginal,punk,0,0,2\noriginal,punk,0,1,1\n"},
            "line 2: marks are not sorted by cover time at 2.000 s",
        ),
        (
            {"pairs.csv": "reference,cover\n../original,punk\n", "../original.csv": MARKS},
            r"line 2: '\.\./original' is no file below the folder: put it there",
        ),
        (
            {"pairs.csv": "reference,cover\n/dev/null,punk\n", "null.csv": MARKS},
            "line 2: '/dev/null' is no file below the folder",
        ),
    ],
    "jams": [
        ({"original.jams": "{"}, "not laid out like a JAMS file"),
        ({"original.jams": '{"annotations": []}'}, "annotates nothing: beat or segment_open"),
        (
            {"original.jams": jams([(math.nan, None), (1.0, None)], [])},
            r"original\.jams: nan s is no time in a recording: write seconds from 0 on",
        ),
        (
            {"original.jams": jams([(-3.0, None), (1.0, None)], [])},
            r"original\.jams: -3 s is no time in a recording",
        ),
        (
            {"original.jams": jams([], [(0.0, math.nan, "verse")])},
            r"original\.jams: nan s is no time",
        ),
    ],
    "svl": [
        ({"original.svl": "<sv>"}, "no layer of Sonic Visualiser"),
        ({"original.svl": svl([])}, "has no points"),
        (
            {"original.svl": svl([(1, "1")]).replace('Rate="44100"', 'Rate="nan"')},
            r"original\.svl has sampleRate nan: export the layer again",
        ),
    ],
    "salami": [({"original.txt": "0 Intro\n0 Verse\n9 End\n"}, "line 2: 0.0 s is not later")],
    "covers80": [({"list1.list": "original\npunk\n", "list2.list": "punk\n"}, "2 lines and list2")],
    "asap": [({"metadata.csv": "folder\nBach\n"}, "no two recordings of one score")],
    "winterreise": [({}, r"no Schubert_D911-\*\.csv")],
}


@pytest.mark.parametrize(
    ("layout", "files", "message"),
    [(layout, *case) for layout, cases in BAD_INPUT.items() for case in cases],
)
def test_bad_input_is_one_sentence(
    source: Path, tmp_path: Path, layout: str, files: dict[str, str], message: str
) -> None:
    if layout in ("csv", "jams", "svl"):
        write_pairs(source, "song,original.wav,punk.flac,punk")
        for name in ("original", "punk"):
            write_text(source / f"{name}.csv", MARKS)
    for name, text in files.items():
        write_text(source / name, text)
    with pytest.raises(LayoutError, match=message) as caught:
        import_layout(layout, source, tmp_path / "new")
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_a_missing_and_an_ambiguous_recording_are_named(source: Path, tmp_path: Path) -> None:
    write_text(source / "polka.csv", MARKS)
    write_text(source / "original.csv", MARKS)
    write_pairs(source, "song,original.wav,polka.mp3,polka")
    with pytest.raises(LayoutError, match=r"pairs\.csv, line 2: no recording 'polka\.mp3' below"):
        import_layout("csv", source, tmp_path / "new")
    write_sound(source / "a/polka.wav")
    write_sound(source / "b/polka.wav")
    with pytest.raises(LayoutError, match="give the path below the audio folder"):
        import_layout("csv", source, tmp_path / "new")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no layout 'xls': choose from csv, jams"):
        import_layout("xls", tmp_path, tmp_path / "new")
    with pytest.raises(LayoutError, match="nothing does not exist: name a file or folder"):
        import_layout("csv", tmp_path / "nothing", tmp_path / "new")


def test_an_output_with_other_things_is_left_alone(source: Path, tmp_path: Path) -> None:
    table = write_text(
        source / "marks.csv",
        "reference,cover,reference_s,cover_s\noriginal,punk,1,1\noriginal,punk,2,2\n",
    )
    with pytest.raises(InputError, match="is not empty"):
        import_layout("csv", table, source)
    assert table.exists()


def test_every_layout_is_named_in_the_help_and_the_manual() -> None:
    root = Path(__file__).parents[4]
    manual = (root / "docs/datasets.md").read_text(encoding="utf-8")
    commands = (root / "align/evaluation/dataset_commands.py").read_text(encoding="utf-8")
    for layout in LOADERS:
        assert f"`{layout}`" in manual
        assert layout in commands
