"""Hosts of recordings that are older than the column: who is asked for them.

Without one a recording is not checked for being still there, and waits for no host's turn.

Revision: 20261124_hosts_of_recordings
Follows: 20261124_listeners
"""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "20261124_hosts_of_recordings"
down_revision = "20261124_listeners"
branch_labels = None
depends_on = None

RECORDINGS = sa.table(
    "recordings",
    sa.column("id", sa.Integer()),
    sa.column("location", sa.String()),
    sa.column("host", sa.String()),
)
# As `catalog.hosts` had it when this was written: a migration does not change with the program.
ONE_HOUSE = {
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
    "www.youtube-nocookie.com": "youtube.com",
    "m.soundcloud.com": "soundcloud.com",
}


def upgrade() -> None:
    connection = op.get_bind()
    nameless = sa.select(RECORDINGS.c.id, RECORDINGS.c.location).where(
        RECORDINGS.c.host.is_(None), RECORDINGS.c.location.like("http%")
    )
    for recording_id, location in connection.execute(nameless).all():
        connection.execute(
            sa.update(RECORDINGS)
            .where(RECORDINGS.c.id == recording_id)
            .values(host=_host_of(location))
        )


def downgrade() -> None:
    """Nothing: the hosts are right for the tables before, which have the column too."""


def _host_of(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    name = ONE_HOUSE.get(parts.hostname, parts.hostname.removeprefix("www."))
    return name if port is None else f"{name}:{port}"
