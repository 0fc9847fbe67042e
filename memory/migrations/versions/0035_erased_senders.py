"""An erasure knows the person as messages by channels do, too."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("erasures", sa.Column("customer", sa.String(), nullable=True))
