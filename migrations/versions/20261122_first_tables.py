"""The first tables: songs, their recordings, what was found out of them, and jobs.

Revision: 20261122_first_tables
Follows: none
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_first_tables"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hashtags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hashtags"),
        sa.UniqueConstraint("name", name="uq_hashtags_name"),
    )
    op.create_table(
        "songs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("composer", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_songs"),
        sa.UniqueConstraint("slug", name="uq_songs_slug"),
    )
    op.create_table(
        "recordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("song_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("performer", sa.String(), nullable=True),
        sa.Column("performer_url", sa.String(), nullable=True),
        sa.Column("page_url", sa.String(), nullable=True),
        sa.Column("licence", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("hosted", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("media_file", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("media_sha256", sa.String(), nullable=True),
        sa.Column("poster_file", sa.String(), nullable=True),
        sa.Column("has_video", sa.Boolean(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("relation", sa.String(32), nullable=True),
        sa.Column("relation_scores", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["song_id"], ["songs.id"], name="fk_recordings_song_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
        sa.UniqueConstraint("song_id", "source", "source_id", name="uq_recordings_song_id"),
    )
    op.create_index("ix_recordings_song_status", "recordings", ["song_id", "status"], unique=False)
    op.create_index(
        "uq_recordings_reference_of_song",
        "recordings",
        ["song_id"],
        unique=True,
        sqlite_where=sa.text("role = 'reference'"),
        postgresql_where=sa.text("role = 'reference'"),
    )
    op.create_table(
        "alignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("transposition_semitones", sa.Integer(), nullable=False),
        sa.Column("tuning_cents", sa.Double(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name="ck_alignments_confidence"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_alignments_recording_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_alignments"),
        sa.UniqueConstraint("recording_id", name="uq_alignments_recording_id"),
    )
    op.create_table(
        "analyses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("tempo_bpm", sa.Double(), nullable=True),
        sa.Column("beats_s", sa.JSON(), nullable=False),
        sa.Column("downbeats_s", sa.JSON(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_analyses_recording_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_analyses"),
        sa.UniqueConstraint("recording_id", name="uq_analyses_recording_id"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("redeliveries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name="fk_jobs_recording_id"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_status", "jobs", ["status", "not_before"], unique=False)
    op.create_index(
        "uq_jobs_active",
        "jobs",
        ["recording_id", "stage"],
        unique=True,
        sqlite_where=sa.text("status IN ('queued', 'sent', 'running')"),
        postgresql_where=sa.text("status IN ('queued', 'sent', 'running')"),
    )
    op.create_table(
        "recording_hashtags",
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("hashtag_id", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hashtag_id"], ["hashtags.id"], name="fk_recording_hashtags_hashtag_id"
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_recording_hashtags_recording_id"
        ),
        sa.PrimaryKeyConstraint("recording_id", "hashtag_id", name="pk_recording_hashtags"),
    )
    op.create_index(
        "ix_recording_hashtags_hashtag_id", "recording_hashtags", ["hashtag_id"], unique=False
    )


def downgrade() -> None:
    for table in (
        "recording_hashtags",
        "jobs",
        "analyses",
        "alignments",
        "recordings",
        "songs",
        "hashtags",
    ):
        op.drop_table(table)
