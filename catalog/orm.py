"""How the tables are declared: their base, moments in UTC, enumerations as text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from catalog.errors import ErrorClass
from catalog.lifecycle import (
    DecisionStep,
    HostState,
    JobStatus,
    Relation,
    Role,
    SearchKind,
    Stage,
    Status,
)


def utc_now() -> datetime:
    """The current time, with its zone."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets zones, so they are put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give a stored moment its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def names_of(kind: type[Any]) -> Enum:
    """An enumeration stored by value, as text, without a database type of its own."""
    return Enum(
        kind,
        values_callable=lambda each: [member.value for member in each],
        native_enum=False,
        create_constraint=False,
        length=32,
    )


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: UtcDateTime,
        Role: names_of(Role),
        Status: names_of(Status),
        Relation: names_of(Relation),
        Stage: names_of(Stage),
        JobStatus: names_of(JobStatus),
        SearchKind: names_of(SearchKind),
        HostState: names_of(HostState),
        DecisionStep: names_of(DecisionStep),
        ErrorClass: names_of(ErrorClass),
        dict[str, Any]: JSON,
        dict[str, float]: JSON,
        list[float]: JSON,
        list[str]: JSON,
        list[list[int]]: JSON,
        list[dict[str, Any]]: JSON,
    }
