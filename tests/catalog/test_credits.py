"""What listeners are told of a recording, as a curator sets it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.account_models import AuditEntry
from catalog.audit import Actor
from catalog.credits import Credit, credit_of, set_credit
from catalog.errors import InputError
from catalog.lifecycle import Status
from catalog.models import Recording
from catalog.opt_outs import has_opted_out, opt_out
from catalog.songs import add_hashtags
from tests.catalog.covers import insert_cover

KIM = Actor("kim")
GOOD = Credit("Danny Boy", "Ada", "https://ada.example", "https://ada.example/1", "CC BY 4.0")


def change(cover_id: int, credit: Credit) -> None:
    with database.session() as session:
        set_credit(session, session.get_one(Recording, cover_id), credit, actor=KIM)


def test_a_curator_says_who_plays(any_library: Path):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    change(cover_id, replace(GOOD, performer="Ada\x1b[2J", tags=("#Piano", "ПЕСНЯ", "piano")))
    with database.reading() as session:
        told = credit_of(session.get_one(Recording, cover_id))
        (entry,) = session.scalars(select(AuditEntry))
    assert told == replace(GOOD, performer="Ada [2J", tags=("piano", "песня"))
    assert (entry.action, entry.actor) == ("recording.credit", "kim")


def test_tags_that_stay_keep_where_they_came_from(any_library: Path):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        add_hashtags(session, cover, [("live", "title"), ("old", "description")])
    change(cover_id, replace(GOOD, tags=("live", "new")))
    with database.reading() as session:
        tags = session.get_one(Recording, cover_id).hashtags
        origins = {each.hashtag.name: each.origin for each in tags}
    assert origins == {"live": "title", "new": "curator"}


@pytest.mark.parametrize(
    ("credit", "message"),
    [
        (replace(GOOD, title=" "), "needs a title"),
        (replace(GOOD, page_url="javascript:alert(1)"), "'javascript:alert.1.' is no web address"),
        (replace(GOOD, performer_url="https://a:b@ada.example"), "is no web address"),
        (replace(GOOD, tags=("two words",)), "'two words' is no hashtag"),
        (replace(GOOD, tags=("<b>",)), "is no hashtag"),
        (replace(GOOD, tags=tuple(f"t{n}" for n in range(41))), "41 hashtags are too many"),
    ],
)
def test_what_is_no_credit_is_refused(library: Path, credit: Credit, message: str):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    with pytest.raises(InputError, match=message):
        change(cover_id, credit)


def test_nobody_is_credited_who_has_opted_out(library: Path):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    with database.session() as session:
        opt_out(session, "https://ada.example/", reason="asked", actor=KIM)
    with pytest.raises(InputError, match="has opted out"):
        change(cover_id, GOOD)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://www.youtube.com/@Ada/videos", "http://youtube.com/@ada", True),
        ("https://youtube.com/%40Ada?sub=1", "https://m.youtube.com/@Ada/", True),
        ("https://youtube.com/@Ada", "https://youtube.com/@Adam", False),
        ("https://a.example/profile.php?id=7", "https://a.example/profile.php?id=8", False),
        ("https://a.example/profile.php?id=7", "https://a.example/profile.php?id=7&si=x", True),
        ("https://youtube.com/@Ada", "https://vimeo.com/@Ada", False),
    ],
)
def test_an_opt_out_holds_for_every_spelling(library: Path, one: str, other: str, is_same: bool):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    change(cover_id, replace(GOOD, performer_url=other))
    with database.session() as session:
        opt_out(session, one, reason="asked", actor=KIM)
    with database.reading() as session:
        status = session.get_one(Recording, cover_id).status
    assert (status is Status.GONE) == is_same


def test_an_address_that_is_none_opts_nobody_out_and_breaks_nothing(library: Path):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    with database.session() as session:
        session.get_one(Recording, cover_id).performer_url = "http://[::1"
    with database.session() as session:
        opt_out(session, "https://ada.example", reason="asked", actor=KIM)
        assert not has_opted_out(session, "http://[::1")
        with pytest.raises(InputError, match="no address of a performer"):
            opt_out(session, "http://[::1", reason="asked", actor=KIM)
    with database.reading() as session:
        assert session.get_one(Recording, cover_id).status is Status.PUBLISHED
