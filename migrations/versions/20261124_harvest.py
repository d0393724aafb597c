"""The harvest: searches and their runs, hosts, decisions, merges, rules and thresholds of songs.

A job may now run a search instead of working on a recording.

Revision: 20261124_harvest
Follows: 20261123_evaluation_runs
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_harvest"
down_revision = "20261123_evaluation_runs"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ACTIVE = sa.text("status IN ('queued', 'sent', 'running')")
RECORDING_COLUMNS = {
    "canonical_url": sa.String(),
    "host": sa.String(),
    "fingerprint": sa.LargeBinary(),
    "source_facts": sa.JSON(),
    "checked_at": MOMENT,
    "next_check_at": MOMENT,
}
SONG_COLUMNS = {
    "publish_above": sa.Double(),
    "reject_below": sa.Double(),
    "screening_rules": sa.JSON(),
}


def upgrade() -> None:
    _create_searches()
    _create_records()
    for name, kind in SONG_COLUMNS.items():
        op.add_column("songs", sa.Column(name, kind, nullable=True))
    for name, kind in RECORDING_COLUMNS.items():
        op.add_column("recordings", sa.Column(name, kind, nullable=True))
    op.create_index("ix_recordings_canonical_url", "recordings", ["canonical_url"])
    op.create_index("ix_recordings_next_check_at", "recordings", ["next_check_at"])
    op.drop_index("uq_jobs_active", "jobs")  # SQLite copies the table, and a condition is lost
    with op.batch_alter_table("jobs") as jobs:
        jobs.alter_column("recording_id", existing_type=sa.Integer(), nullable=True)
        jobs.add_column(sa.Column("search_id", sa.Integer(), nullable=True))
        jobs.add_column(sa.Column("error_class", sa.String(32), nullable=True))
        jobs.create_foreign_key("fk_jobs_search_id", "searches", ["search_id"], ["id"])
        jobs.create_check_constraint(
            "ck_jobs_subject", "(recording_id IS NULL) <> (search_id IS NULL)"
        )
    _create_active_index("uq_jobs_active", ["recording_id", "stage"])
    _create_active_index("uq_jobs_active_search", ["search_id"])


def _create_active_index(name: str, columns: list[str]) -> None:
    op.create_index(
        name, "jobs", columns, unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
    )


def _create_searches() -> None:
    op.create_table(
        "searches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("song_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("instance", sa.String(), nullable=False),
        sa.Column("every_h", sa.Double(), nullable=True),
        sa.Column("max_listed", sa.Integer(), nullable=False),
        sa.Column("max_new", sa.Integer(), nullable=False),
        sa.Column("hosted", sa.Boolean(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("rotation", sa.Integer(), nullable=False),
        sa.Column("last_run_at", MOMENT, nullable=True),
        sa.Column("next_run_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["song_id"], ["songs.id"], name="fk_searches_song_id"),
        sa.PrimaryKeyConstraint("id", name="pk_searches"),
        sa.UniqueConstraint("song_id", "kind", "query", "instance", name="uq_searches_song_id"),
    )
    op.create_index("ix_searches_next_run_at", "searches", ["next_run_at"])
    op.create_table(
        "discovery_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("listed", "new", "known", "rejected", "left_out")
        ),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("error_class", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["search_id"], ["searches.id"], name="fk_discovery_runs_search_id"),
        sa.PrimaryKeyConstraint("id", name="pk_discovery_runs"),
    )
    op.create_index("ix_discovery_runs_search_id", "discovery_runs", ["search_id"])
    op.create_table(
        "sightings",
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("search_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_sightings_recording_id"
        ),
        sa.ForeignKeyConstraint(
            ["search_id"], ["searches.id"], name="fk_sightings_search_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recording_id", "search_id", name="pk_sightings"),
    )


def _create_records() -> None:
    op.create_table(
        "merges",
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name="fk_merges_recording_id"),
        sa.ForeignKeyConstraint(["kept_id"], ["recordings.id"], name="fk_merges_kept_id"),
        sa.PrimaryKeyConstraint("recording_id", name="pk_merges"),
    )
    op.create_index("ix_merges_kept_id", "merges", ["kept_id"])
    op.create_table(
        "hosts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        *(
            sa.Column(name, MOMENT, nullable=True)
            for name in (
                "next_request_at",
                "next_probe_at",
                "paused_at",
                "last_success_at",
                "last_failure_at",
            )
        ),
        sa.PrimaryKeyConstraint("name", name="pk_hosts"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recording_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("from_status", sa.String(32), nullable=False),
        sa.Column("to_status", sa.String(32), nullable=False),
        sa.Column("resumes_in", sa.String(32), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_decisions_recording_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    op.create_index("ix_decisions_recording_id", "decisions", ["recording_id"])


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE recording_id IS NULL OR status = 'cancelled'")
    op.drop_index("uq_jobs_active_search", "jobs")
    op.drop_index("uq_jobs_active", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_constraint("ck_jobs_subject", type_="check")
        jobs.drop_constraint("fk_jobs_search_id", type_="foreignkey")
        jobs.drop_column("search_id")
        jobs.drop_column("error_class")
        jobs.alter_column("recording_id", existing_type=sa.Integer(), nullable=False)
    _create_active_index("uq_jobs_active", ["recording_id", "stage"])
    op.drop_index("ix_recordings_next_check_at", "recordings")
    op.drop_index("ix_recordings_canonical_url", "recordings")
    for name in RECORDING_COLUMNS:
        op.drop_column("recordings", name)
    for name in SONG_COLUMNS:
        op.drop_column("songs", name)
    for table in ("decisions", "hosts", "merges", "sightings", "discovery_runs", "searches"):
        op.drop_table(table)
