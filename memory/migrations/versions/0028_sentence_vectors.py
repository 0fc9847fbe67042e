"""The vectors of a passage's sentences stand beside those of its tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("chunk_tokens", sa.Column("sentences", sa.LargeBinary(), nullable=True))
