from dataclasses import replace
from pathlib import Path

from align.datasets.reading import CoverEntry
from align.evaluation.naming import file_stems, place_of

REFERENCE = Path("/data/reference.wav")
FIRST = CoverEntry("tones", REFERENCE, Path("/data/first.wav"), "solo", "performance", None)


def test_files_of_one_name_in_two_songs_are_told_apart() -> None:
    evil = replace(FIRST, song="../../b", file=Path("/data/b/first.wav"))
    stems = file_stems([FIRST, evil, replace(FIRST, file=Path("/data/...wav"))])
    assert stems[place_of(FIRST)] == "tones-first"
    assert stems[place_of(evil)] == "b-first"
    assert all("/" not in each and not each.startswith(".") for each in stems.values())


def test_one_recording_in_two_songs_has_two_names() -> None:
    again = replace(FIRST, song="medley")
    stems = file_stems([FIRST, again])
    assert stems == {place_of(FIRST): "tones-first", place_of(again): "medley-first"}


def test_names_do_not_depend_on_the_order() -> None:
    entries = [replace(FIRST, file=Path(f"/data/{each}/first.wav")) for each in "abc"]
    assert file_stems(entries) == file_stems(entries[::-1])
