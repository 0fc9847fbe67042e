"""The vectors of a passage's sentences stand beside those of its tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chunk_tokens", sa.Column("sentences", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("chunk_tokens", schema=None) as batch_op:
        batch_op.drop_column("sentences")
