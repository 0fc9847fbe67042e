"""A worker's row tells its machine's clock beside the database's."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    op.add_column("worker_beats", sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True))
