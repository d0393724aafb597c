"""Lead sheets become bars of the right length, with repeats written out and pick-ups set apart."""

import json

import pytest

from align.simulation.score.leadsheets import read_lead_sheets
from align.simulation.score.storing import tune_from_table, tune_to_table
from catalog.errors import InputError

REEL = """X:1
T:Two Endings
M:4/4
L:1/4
Q:1/4=96
K:G
D|:"G"GABc|"D7"dcBA|"G"GABc|1 "D7"d3 D:|2 "G"G4||
"C"eeee|"G"dddd|"D"cccc|"G"B4-|B4|]
"""
JIG = """X:2
T:A Jig
M:6/8
L:1/8
K:Em
|:"Em"EFG GFE|"D"DEF FED|"Em"EFG GFE|"B7"B3 B3:|
"""
ODD = """X:3
T:Five
M:5/4
L:1/4
K:C
"C"CDEFG|CDEFG|CDEFG|CDEFG|CDEFG|CDEFG|CDEFG|CDEFG|]
"""
CHANGING = """X:4
T:Changing
M:3/4
L:1/4
K:C
CDE|CDE|CDE|CDE|
M:4/4
CDEF|CDEF|CDEF|CDEF|]
"""
XML = """<?xml version="1.0"?><score-partwise version="3.1"><movement-title>Xml</movement-title>
<part-list><score-part id="P1"><part-name>M</part-name></score-part></part-list><part id="P1">
{bars}</part></score-partwise>"""


def note(step, octave, duration):
    pitch = f"<pitch><step>{step}</step><octave>{octave}</octave></pitch>"
    return f"<note>{pitch}<duration>{duration}</duration></note>"


def xml_bar(number, attributes=""):
    harmony = "<harmony><root><root-step>C</root-step></root><kind>major-seventh</kind></harmony>"
    notes = note("C", 5, 1) + note("E", 5, 2)
    return (
        f'<measure number="{number}">{attributes}{harmony if number == 1 else ""}{notes}</measure>'
    )


@pytest.fixture(scope="module")
def collection(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "a.abc").write_text("% a collection\n\n" + "\n".join([REEL, JIG, ODD, CHANGING]))
    return folder


def test_a_collection_gives_its_tunes_and_says_why_others_are_left_out(collection):
    skipped = []
    tunes = read_lead_sheets(collection, on_skip=skipped.append)
    assert [tune.title for tune in tunes] == ["Two Endings", "A Jig"]
    assert {each.title for each in skipped} == {"Five", "Changing"}
    assert any("5/4" in each.reason for each in skipped)
    assert any("changes" in each.reason for each in skipped)


def test_repeats_are_written_out_with_their_endings(collection):
    reel = read_lead_sheets(collection)[0]
    verse, chorus = reel.sections
    assert (len(verse.bars), len(chorus.bars)) == (8, 5)
    pitches = [[n.pitch for n in bar.melody] for bar in verse.bars]
    assert pitches[3] == [74, 62]
    assert pitches[7] == [67]
    assert [bar.index for bar in reel.bars] == list(range(13))
    assert (reel.key, reel.tempo_bpm, reel.beats_per_bar) == ("G", 96, 4)


def test_a_pickup_leads_in_and_is_no_bar(collection):
    verse = read_lead_sheets(collection)[0].sections[0]
    assert [(n.start_beat, n.pitch) for n in verse.pickup] == [(-1.0, 62)]
    assert verse.bars[0].melody[0].start_beat == 0


def test_ties_over_bar_lines_are_one_note(collection):
    last = read_lead_sheets(collection)[0].sections[1].bars
    assert [n.length_beats for n in last[3].melody] == [8.0]
    assert last[4].melody == ()


def test_chords_fill_every_bar(collection):
    for tune in read_lead_sheets(collection):
        for bar in tune.bars:
            assert bar.chords[0].start_beat == 0
            assert sum(c.length_beats for c in bar.chords) == pytest.approx(tune.beats_per_bar)


def test_compound_metre_counts_dotted_quarters(collection):
    jig = read_lead_sheets(collection)[1]
    assert (jig.beats_per_bar, jig.subdivision, jig.key) == (2, 3, "Em")
    starts = [note.start_beat for note in jig.bars[0].melody]
    assert starts == pytest.approx([0, 1 / 3, 2 / 3, 1, 4 / 3, 5 / 3])


def test_musicxml_is_read(tmp_path):
    sign = "<time><beats>3</beats><beat-type>4</beat-type></time>"
    first = f"<attributes><divisions>1</divisions>{sign}</attributes>"
    bars = xml_bar(1, first) + "".join(xml_bar(k) for k in range(2, 10))
    (tmp_path / "a.musicxml").write_text(XML.format(bars=bars))
    (tune,) = read_lead_sheets(tmp_path)
    assert (tune.beats_per_bar, len(tune.bars)) == (3, 9)
    assert tune.bars[5].chords[0].chord.symbol == "Cmaj7"


def test_what_was_read_is_kept_and_read_again(collection, tmp_path):
    first = read_lead_sheets(collection, cache_folder=tmp_path)
    (kept,) = tmp_path.iterdir()
    table = json.loads(kept.read_text())
    table["tunes"][0]["title"] = "From the cache"
    kept.write_text(json.dumps(table))
    again, skipped = [], []
    again = read_lead_sheets(collection, cache_folder=tmp_path, on_skip=skipped.append)
    assert again[0].title == "From the cache"
    assert again[1:] == first[1:]
    assert len(skipped) == 2


def test_tunes_survive_the_way_through_tables(collection):
    for tune in read_lead_sheets(collection):
        assert tune_from_table(json.loads(json.dumps(tune_to_table(tune)))) == tune


def test_missing_paths_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"none\.abc"):
        read_lead_sheets(tmp_path / "none.abc")
    with pytest.raises(InputError, match="no lead sheet"):
        read_lead_sheets(tmp_path)
