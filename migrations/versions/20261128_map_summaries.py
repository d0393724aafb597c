"""Summaries of time maps beside them, and indexes by which long songs are listed.

Listing covers read every knot of every map to tell a tempo and a few spans. The map itself becomes
the last column: SQLite reads through a long value to get at what follows it.

Revision: 20261128_map_summaries
Follows: 20261125_renditions
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261128_map_summaries"
down_revision = "20261125_renditions"
branch_labels = None
depends_on = None

ALIGNMENTS = sa.table(
    "alignments",
    sa.column("id", sa.Integer()),
    sa.column("segments", sa.JSON()),
    sa.column("tempo_ratio", sa.Double()),
    sa.column("spans_ms", sa.JSON()),
)
AT_ONCE = 500


def upgrade() -> None:
    with op.batch_alter_table(
        "alignments",
        recreate="always" if _is_sqlite() else "auto",
        partial_reordering=[("created_at", "tempo_ratio", "spans_ms", "segments")],
    ) as batch:
        batch.add_column(sa.Column("tempo_ratio", sa.Double(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("spans_ms", sa.JSON(), nullable=False, server_default="[]"))
    _fill()
    op.drop_index("ix_recordings_song_status", table_name="recordings")
    op.create_index("ix_recordings_song_status", "recordings", ["song_id", "status", "id"])
    op.create_index("ix_recordings_song_changed", "recordings", ["song_id", "status_at"])


def downgrade() -> None:
    op.drop_index("ix_recordings_song_changed", table_name="recordings")
    op.drop_index("ix_recordings_song_status", table_name="recordings")
    op.create_index("ix_recordings_song_status", "recordings", ["song_id", "status"])
    with op.batch_alter_table(
        "alignments",
        recreate="always" if _is_sqlite() else "auto",
        partial_reordering=[("tuning_cents", "segments", "created_at")],
    ) as batch:
        batch.drop_column("spans_ms")
        batch.drop_column("tempo_ratio")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _fill() -> None:
    connection = op.get_bind()
    after = 0
    page = sa.select(ALIGNMENTS.c.id, ALIGNMENTS.c.segments).order_by(ALIGNMENTS.c.id)
    while rows := connection.execute(page.where(ALIGNMENTS.c.id > after).limit(AT_ONCE)).all():
        after = rows[-1].id
        connection.execute(
            sa.update(ALIGNMENTS)
            .where(ALIGNMENTS.c.id == sa.bindparam("of"))
            .values(tempo_ratio=sa.bindparam("tempo"), spans_ms=sa.bindparam("spans")),
            [{"of": each.id, **_summary(each.segments)} for each in rows],
        )


def _summary(segments: list[dict[str, Any]]) -> dict[str, Any]:
    """As `catalog.time_map` had it when this was written: a migration does not change with it."""
    reference_s = [(each["reference_s"][0], each["reference_s"][-1]) for each in segments]
    reference = sum(end_s - start_s for start_s, end_s in reference_s)
    cover = sum(each["cover_s"][-1] - each["cover_s"][0] for each in segments)
    return {
        "tempo": round(reference / cover, 4) if cover else 1.0,
        "spans": [[round(start_s * 1000), round(end_s * 1000)] for start_s, end_s in reference_s],
    }
