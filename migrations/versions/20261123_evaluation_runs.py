"""Evaluation runs: what `covers evaluate --keep` measured, for the research page.

Revision: 20261123_evaluation_runs
Follows: 20261122_first_tables
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_evaluation_runs"
down_revision = "20261122_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evaluation_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dataset", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n_covers", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation_runs"),
    )
    op.create_index("ix_evaluation_runs_dataset", "evaluation_runs", ["dataset", "method"])


def downgrade() -> None:
    op.drop_table("evaluation_runs")
