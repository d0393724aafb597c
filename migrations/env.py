"""Runs migrations on the connection that `catalog.database` hands over."""

from alembic import context

import catalog.account_models
import catalog.correction_models
import catalog.listener_models
import catalog.renditions  # noqa: F401 each has tables of its own
from catalog.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
