"""What listeners leave behind: counts of plays, mixes, reports of covers that are off the beat.

Revision: 20261124_listeners
Follows: 20261124_desk
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_listeners"
down_revision = "20261124_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "play_counts",
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("plays", sa.Integer(), nullable=False),
        sa.Column("switches", sa.Integer(), nullable=False),
        sa.Column("loops", sa.Integer(), nullable=False),
        sa.Column("heard_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_play_counts_recording_id"
        ),
        sa.PrimaryKeyConstraint("recording_id", "day", name="pk_play_counts"),
    )
    op.create_index("ix_play_counts_day", "play_counts", ["day"])
    op.create_table(
        "play_batches",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_play_batches"),
    )
    op.create_index("ix_play_batches_received_at", "play_batches", ["received_at"])
    op.create_table(
        "mixes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("song_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["song_id"], ["songs.id"], name="fk_mixes_song_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mixes"),
        sa.UniqueConstraint("key", name="uq_mixes_key"),
    )
    op.create_index("ix_mixes_song_id", "mixes", ["song_id"])
    op.create_table(
        "sync_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("reference_s", sa.Double(), nullable=False),
        sa.Column("cover_s", sa.Double(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_sync_reports_recording_id"
        ),
        sa.ForeignKeyConstraint(["other_id"], ["recordings.id"], name="fk_sync_reports_other_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sync_reports"),
    )
    op.create_index("ix_sync_reports_recording_id", "sync_reports", ["recording_id"])


def downgrade() -> None:
    op.drop_table("sync_reports")
    op.drop_table("mixes")
    op.drop_table("play_batches")
    op.drop_table("play_counts")
