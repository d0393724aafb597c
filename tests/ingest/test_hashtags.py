import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.strangers_text import fold_hashtag
from ingest.hashtags import MAX_LENGTH, MAX_NUMBER, find_hashtags


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("#Folk and #folk", ["folk"]),
        ("#Café #CAFE\u0301", ["café"]),
        ("#日本の歌 #Ирландия", ["日本の歌", "ирландия"]),
        ("#ｆｕｌｌ", ["full"]),
        ("#Straße", ["strasse"]),
        ("no.#1 hit #2024", []),
        ("https://example.org/page#part and a#b", []),
        ("&#39; ##double", []),
        ("#rock'n'roll #lo-fi", ["rock", "lo"]),
        ("# alone", []),
        ("", []),
    ],
)
def test_hashtags_of_a_title(text: str, names: list[str]):
    assert [name for name, _ in find_hashtags(text, None)] == names


def test_each_tag_keeps_the_place_where_it_came_first():
    found = find_hashtags("Air #Folk", "played on a #flute #folk")
    assert found == (("folk", "title"), ("flute", "description"))


def test_walls_of_tags_are_cut():
    wall = " ".join(f"#tag{number}" for number in range(100))
    assert len(find_hashtags(wall, wall)) == MAX_NUMBER
    assert find_hashtags(f"#{'a' * (MAX_LENGTH + 1)} #{'b' * MAX_LENGTH}", None) == (
        ("b" * MAX_LENGTH, "title"),
    )


@given(st.text(), st.text())
def test_any_text_gives_folded_unique_limited_names(title: str, description: str):
    found = find_hashtags(title, description)
    names = [name for name, _ in found]
    assert len(names) == len(set(names)) <= MAX_NUMBER
    for name in names:
        assert name == fold_hashtag(name)
        assert 0 < len(name) <= MAX_LENGTH
        assert "#" not in name


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=10))
def test_a_tag_is_found_however_it_is_composed_and_cased(word: str):
    forms = {unicodedata.normalize(form, word) for form in ("NFC", "NFD")}
    found = {find_hashtags(f"a #{form} b", None) for form in forms}
    assert len(found) == 1
