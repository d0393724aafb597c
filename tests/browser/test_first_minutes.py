"""From an empty library to a published cover that plays, through the pages and the real worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from catalog import database
from catalog.lifecycle import Role, Status
from catalog.models import Recording
from tests.browser.first_minutes import COVERS, Tour

pytestmark = pytest.mark.browser


def test_a_curator_publishes_the_first_covers(
    page: Page, library: Path, tmp_path: Path, complaints: list[str]
) -> None:
    Tour(page, tmp_path, look=lambda step: None).walk()
    with database.reading() as session:
        covers = session.scalars(select(Recording).where(Recording.role == Role.COVER)).all()
        ends = {each.title: each.status for each in covers}
    assert len(ends) == len(COVERS) + 1
    assert [title for title, status in ends.items() if status is Status.REJECTED] == ["other song"]
    assert sum(status is Status.PUBLISHED for status in ends.values()) == len(COVERS)
    assert complaints == []
