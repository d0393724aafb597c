"""What a person has corrected holds in the stages: fixed beats, and a Reference's timeline."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from align import stages
from catalog import database
from catalog.audit import COMMAND
from catalog.correction_models import Anchor
from catalog.errors import PostponedError
from catalog.jobs import Outcome
from catalog.lifecycle import Role
from catalog.models import Alignment, Analysis, Recording, utc_now
from catalog.withdrawal import is_withdrawn, take_down
from tests.align.test_stages import NOTES, insert, quietly
from tests.align.test_stages import reference_id as reference_id
from tests.align.test_stages import song_id as song_id
from tests.align.tones import perform, steady


def test_the_map_passes_through_what_a_person_has_fixed(
    library: Path, song_id: int, reference_id: int
) -> None:
    cover_id = insert(song_id, Role.COVER, "cover", perform(NOTES, steady(0.45), brightness=0.3))
    assert stages.align_recording(cover_id, quietly) == Outcome()
    with database.session() as session:
        found_s = session.scalars(select(Alignment)).one().time_map.reference_at(6.0)
        assert found_s is not None
        fixed_s = round(found_s + 0.11, 3)
        session.add(Anchor(recording_id=cover_id, reference_s=fixed_s, cover_s=6.0, made_by="kim"))
    assert stages.align_recording(cover_id, quietly) == Outcome()
    with database.reading() as session:
        corrected = session.scalars(select(Alignment)).one().time_map
    assert corrected.reference_at(6.0) == pytest.approx(fixed_s, abs=1e-3)


def test_a_corrected_timeline_is_not_found_anew(
    library: Path, song_id: int, reference_id: int
) -> None:
    stages.analyse_recording(reference_id, quietly)
    beats_s = [0.25 + 0.5 * beat for beat in range(80)]
    with database.session() as session:
        analysis = session.scalars(select(Analysis)).one()
        analysis.beats_s, analysis.corrected_at = beats_s, utc_now()
        analysis.model = "an earlier model"
    stages.analyse_recording(reference_id, quietly)
    cover_id = insert(song_id, Role.COVER, "cover", perform(NOTES, steady(0.45), brightness=0.3))
    stages.align_recording(cover_id, quietly)
    with database.reading() as session:
        assert list(session.scalars(select(Analysis.beats_s).limit(1)).one()) == beats_s
        segment = session.scalars(select(Alignment)).one().time_map.segments[0]
    inner_s = segment.reference_s[1:-1]
    assert np.all(np.min(np.abs(inner_s[:, None] - np.array(beats_s)), axis=1) < 1e-3)


def test_a_map_onto_a_timeline_that_was_corrected_meanwhile_is_not_stored(
    library: Path, song_id: int, reference_id: int
) -> None:
    stages.analyse_recording(reference_id, quietly)
    cover_id = insert(song_id, Role.COVER, "cover", perform(NOTES, steady(0.45), brightness=0.3))

    def correct(share: float) -> None:
        with database.session() as session:
            session.scalars(select(Analysis)).one().corrected_at = utc_now()

    with pytest.raises(PostponedError, match="timeline was corrected"):
        stages.align_recording(cover_id, correct)
    with database.reading() as session:
        assert session.scalars(select(Alignment)).all() == []


def test_a_map_that_ignores_beats_which_were_fixed_meanwhile_is_not_stored(
    library: Path, song_id: int, reference_id: int
) -> None:
    cover_id = insert(song_id, Role.COVER, "cover", perform(NOTES, steady(0.45), brightness=0.3))

    def fix(share: float) -> None:
        if share > 0.8:
            anchor = Anchor(recording_id=cover_id, reference_s=6.0, cover_s=5.4, made_by="kim")
            with database.session() as session:
                session.add(anchor)

    with pytest.raises(PostponedError, match="fixed otherwise"):
        stages.align_recording(cover_id, fix)
    with database.reading() as session:
        assert session.scalars(select(Alignment)).all() == []


def test_a_timeline_that_is_corrected_while_it_is_analysed_stays(
    library: Path, song_id: int, reference_id: int
) -> None:
    stages.analyse_recording(reference_id, quietly)

    def correct(share: float) -> None:
        with database.session() as session:
            analysis = session.scalars(select(Analysis)).one()
            analysis.beats_s, analysis.corrected_at = [1.0, 2.0], utc_now()

    stages.analyse_recording(reference_id, correct)
    with database.reading() as session:
        assert session.scalars(select(Analysis)).one().beats_s == [1.0, 2.0]


def test_a_cover_that_was_taken_down_meanwhile_gets_no_map(
    library: Path, song_id: int, reference_id: int
) -> None:
    cover_id = insert(song_id, Role.COVER, "cover", perform(NOTES, steady(0.45), brightness=0.3))

    def take_it_down(share: float) -> None:
        with database.session() as session:
            cover = session.get_one(Recording, cover_id)
            if not is_withdrawn(session, cover.id):
                take_down(session, cover, reason="asked", actor=COMMAND)

    stages.align_recording(cover_id, take_it_down)
    with database.reading() as session:
        assert session.scalars(select(Alignment)).all() == []
        of_cover = select(Analysis).where(Analysis.recording_id == cover_id)
        assert session.scalars(of_cover).all() == []


def test_a_map_onto_a_reference_that_was_replaced_meanwhile_is_not_stored(
    library: Path, song_id: int, reference_id: int
) -> None:
    sound = perform(NOTES, steady(0.45), brightness=0.3)
    cover_id = insert(song_id, Role.COVER, "cover", sound)

    def replace(share: float) -> None:
        with database.session() as session:
            reference = session.get_one(Recording, reference_id)
            if share > 0.8 and reference.role is Role.REFERENCE:
                reference.role = Role.COVER
                session.flush()
                session.get_one(Recording, cover_id).role = Role.REFERENCE

    with pytest.raises(PostponedError, match="another reference"):
        stages.align_recording(cover_id, replace)
    with database.reading() as session:
        assert session.scalars(select(Alignment)).all() == []
