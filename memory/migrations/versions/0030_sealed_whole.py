"""A key tells when everything was last seen to be sealed with it."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column(
        "encryption_keys", sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True)
    )
