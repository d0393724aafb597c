"""Thresholds and rules of a song."""

from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.decisions import decide
from catalog.errors import InputError
from catalog.lifecycle import DecisionStep, Stage, Status
from catalog.models import Recording, Song
from catalog.reviewing import approve
from catalog.rules import Thresholds, rules_of, set_rules, set_thresholds, thresholds_of
from catalog.songs import add_song
from tests.catalog.covers import insert_cover, status_of, waiting_stages


def test_a_song_without_thresholds_has_those_of_the_settings(library: Path):
    with database.session() as session:
        song = add_song(session, "air")
        assert thresholds_of(song) == Thresholds(publish_above=0.5, reject_below=0.05)
        set_thresholds(session, song, publish_above=0.8, reject_below=0.2)
        assert thresholds_of(song) == Thresholds(publish_above=0.8, reject_below=0.2)


@pytest.mark.parametrize(("above", "below"), [(0.2, 0.4), (1.5, 0.1), (None, 0.9)])
def test_thresholds_the_wrong_way_round_are_refused(library: Path, above, below):
    with database.session() as session:
        song = add_song(session, "air")
        with pytest.raises(InputError, match="not usable"):
            set_thresholds(session, song, publish_above=above, reject_below=below)


def test_new_thresholds_decide_again_what_a_threshold_decided(any_library: Path):
    by_threshold = insert_cover(Status.ALIGNED, confidence=0.4)
    by_hand = insert_cover(Status.ALIGNED, confidence=0.4, name="b")
    with database.session() as session:
        for cover_id in (by_threshold, by_hand):
            cover = session.get_one(Recording, cover_id)
            decide(session, cover, Status.IN_REVIEW, step=DecisionStep.THRESHOLD)
        approve(session, by_hand, made_by="ada")
        song = session.scalars(select(Song)).one()
        set_thresholds(session, song, publish_above=0.3, reject_below=0.1)
    assert (status_of(by_threshold), waiting_stages(by_threshold)) == (
        *(Status.IN_REVIEW, [Stage.DECIDE]),
    )
    assert (status_of(by_hand), waiting_stages(by_hand)) == (Status.PUBLISHED, [])


def test_thresholds_that_stay_decide_nothing_again(library: Path):
    cover_id = insert_cover(Status.ALIGNED, confidence=0.4)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        decide(session, cover, Status.IN_REVIEW, step=DecisionStep.THRESHOLD)
        set_thresholds(session, cover.song, publish_above=None, reject_below=None)
    assert waiting_stages(cover_id) == []


def test_rules_that_are_not_named_stay(library: Path):
    with database.session() as session:
        song = add_song(session, "air")
        set_rules(song, {"names": ["Danny Boy"]})
        set_rules(song, {"min_duration_s": 90})
        assert rules_of(song).names == ("Danny Boy",)
        assert rules_of(song).min_duration_s == 90
        with pytest.raises(InputError, match=r"min_duration_s=-1 is not usable"):
            set_rules(song, {"min_duration_s": -1})
        with pytest.raises(InputError, match="nonsense"):
            set_rules(song, {"nonsense": 1})
