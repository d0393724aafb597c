"""Screening by metadata: each rule with its reason, and what speaks for a candidate."""

import dataclasses

import pytest

from catalog.rules import ScreeningRules
from catalog.strangers_text import fold_words
from ingest.screening.documents import judge_description, screening_document
from ingest.screening.metadata import Candidate, Wanted, screen_metadata
from ingest.screening.words import find_phrase, joined
from ingest.sources.facts import Facts

WANTED = Wanted(names=("Danny Boy", "Londonderry Air"), rules=ScreeningRules(), reference_s=200.0)
GOOD = Candidate(title="Danny Boy (piano cover)", duration_s=210.0, trust=0.5)


def codes(candidate: Candidate, wanted: Wanted = WANTED) -> list[str]:
    verdict = screen_metadata(candidate, wanted)
    return ["accepted"] if verdict.accepted else [each.code for each in verdict.reasons]


def with_facts(**facts: object) -> Candidate:
    return dataclasses.replace(GOOD, facts=Facts(**facts))


@pytest.mark.parametrize(
    ("candidate", "code"),
    [
        (GOOD, "accepted"),
        (dataclasses.replace(GOOD, duration_s=20), "too_short"),
        (dataclasses.replace(GOOD, duration_s=4000), "too_long"),
        (dataclasses.replace(GOOD, duration_s=None), "accepted"),
        (with_facts(live_status="is_live"), "live"),
        (with_facts(live_status="was_live"), "accepted"),
        (with_facts(media_type="short"), "short_video"),
        (with_facts(availability="subscriber_only"), "not_available"),
        (with_facts(availability="unlisted"), "accepted"),
        (with_facts(age_limit=18), "age_limit"),
        (with_facts(playable_in_embed=False), "not_embeddable"),
        (dataclasses.replace(GOOD, title="Danny Boy karaoke"), "word_karaoke"),
        (dataclasses.replace(GOOD, title="How to play Danny Boy"), "word_tutorial"),
        (dataclasses.replace(GOOD, title="Дэнни Бой РЕАКЦИЯ"), "word_reaction"),
        (dataclasses.replace(GOOD, title="Danny Boy リアクション動画"), "word_reaction"),
        (dataclasses.replace(GOOD, title="Danny Boy duvet cover"), "word_other_meaning"),
        (dataclasses.replace(GOOD, title="Reactionary Danny Boy cover"), "accepted"),
    ],
)
def test_each_rule_has_its_reason(candidate: Candidate, code: str):
    assert codes(candidate) == [code]


@pytest.mark.parametrize(
    ("rules", "candidate", "code"),
    [
        ({"accept_shorts": True}, with_facts(media_type="short"), "accepted"),
        ({"need_embeddable": False}, with_facts(playable_in_embed=False), "accepted"),
        ({"languages": ("en",)}, with_facts(language="de-AT"), "language"),
        ({"languages": ("de",)}, with_facts(language="de-AT"), "accepted"),
        ({"languages": ("de",)}, GOOD, "accepted"),
        ({"refused_words": ("piano",)}, GOOD, "word"),
        ({"max_duration_s": 100}, GOOD, "too_long"),
        (
            {"allowed_words": ("karaoke",)},
            dataclasses.replace(GOOD, title="Danny Boy karaoke"),
            "accepted",
        ),
    ],
)
def test_a_songs_rules_are_its_own(rules: dict, candidate: Candidate, code: str):
    wanted = dataclasses.replace(WANTED, rules=ScreeningRules(**rules))
    assert codes(candidate, wanted) == [code]


@pytest.mark.parametrize(
    ("candidate", "is_accepted"),
    [
        (Candidate(title="Dánny   BOY"), True),
        (Candidate(title="My take on a classic", hashtags=("dannyboycover",)), True),
        (Candidate(title="For grandma", description="Danny Boy on harp", trust=0.5), True),
        (Candidate(title="For grandma"), False),
        (Candidate(title="For grandma", trust=2.0), True),
        (
            Candidate(title="Sunday cover", duration_s=190, trust=0.5, known_performer=True),
            True,
        ),
        (Candidate(title="Hallelujah cover", duration_s=190, trust=0.5), False),
        (Candidate(title="Danny Boyle talks film", trust=0.5), False),
        (Candidate(title="Dany Boi", trust=0.5), False),
        (Candidate(title="Dany Boy", trust=0.5), True),
        (Candidate(title="Londonderryair", trust=0.5), True),
    ],
)
def test_hints_add_up(candidate: Candidate, is_accepted: bool):
    assert screen_metadata(candidate, WANTED).accepted is is_accepted


def test_the_process_that_downloads_judges_by_the_same_rules():
    document = screening_document(WANTED, trust=0.5, known_performer=False)
    fields = {"title": "Danny Boy", "duration": 3000, "live_status": "is_live"}
    assert [each["code"] for each in judge_description(document, fields)] == ["too_long", "live"]
    assert judge_description(document, {"title": "Danny Boy", "duration": 100}) == []
    fields = {"title": "For grandma", "duration": 200}
    assert judge_description(document, fields)[0]["code"] == "no_hint"
    chosen = screening_document(WANTED, trust=2.0, known_performer=False)
    assert judge_description(chosen, fields) == []


def test_words_are_whole_in_every_script():
    assert fold_words("L'Été  d'Or!") == "lete dor"
    assert joined("Danny Boy") == "dannyboy"
    assert find_phrase(fold_words("ピアノで弾いてみた"), ["弾いてみた"])
    assert find_phrase("undercover", ["cover"]) is None
    assert find_phrase("каверы", ["кавер*"])


def test_facts_that_cannot_be_used_are_dropped():
    fields = {"age_limit": "many", "language": "en", "tags": ["x" * 500] * 99, "nonsense": 1}
    facts = Facts.from_untrusted(fields)
    assert (facts.age_limit, facts.language, len(facts.tags), len(facts.tags[0])) == (
        *(None, "en", 30, 100),
    )
