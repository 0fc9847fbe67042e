"""A letter has a moment from which it is tried again."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    column = sa.Column(
        "not_before", moment, nullable=False, server_default=sa.text("CURRENT_TIMESTAMP")
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.add_column(column)
    op.drop_index("ix_letters_status_created_at", table_name="letters")
    op.create_index("ix_letters_status_not_before", "letters", ["status", "not_before"])
