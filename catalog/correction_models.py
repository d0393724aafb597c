"""The tables of what people correct and ask for: fixed beats, and performers who opted out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.orm import Base, utc_now


class Anchor(Base):
    """A beat that a person has fixed: at this time of the cover, the Reference is there."""

    __tablename__ = "anchors"
    __table_args__ = (UniqueConstraint("recording_id", "cover_s"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"))
    reference_s: Mapped[float]
    cover_s: Mapped[float]
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=utc_now)


class OptOut(Base):
    """A performer who does not want to be here. Nothing of theirs is added again."""

    __tablename__ = "opt_outs"

    id: Mapped[int] = mapped_column(primary_key=True)
    performer_url: Mapped[str] = mapped_column(unique=True)
    performer: Mapped[str | None]
    reason: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
