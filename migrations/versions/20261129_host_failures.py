"""What a host was asked for when it failed, so that one broken page does not pause it.

Revision: 20261129_host_failures
Follows: 20261128_map_summaries
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_host_failures"
down_revision = "20261128_map_summaries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hosts") as batch:
        batch.add_column(
            sa.Column("failed_addresses", sa.JSON(), nullable=False, server_default="[]")
        )


def downgrade() -> None:
    with op.batch_alter_table("hosts") as batch:
        batch.drop_column("failed_addresses")
