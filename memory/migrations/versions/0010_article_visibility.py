"""Who may see an article: public, internal or draft."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("visibility", sa.String(16), nullable=False, server_default="public")
        )
