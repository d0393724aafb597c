"""Renditions: covers warped onto the Reference's timeline, with the map and the file they stand on.

Revision: 20261125_renditions
Follows: 20261124_hosts_of_recordings
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125_renditions"
down_revision = "20261124_hosts_of_recordings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "renditions",
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("semitones", sa.Double(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("aligned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("media_sha256", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_renditions_recording_id"
        ),
        sa.PrimaryKeyConstraint("recording_id", name="pk_renditions"),
    )


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE stage = 'render'")
    op.drop_table("renditions")
