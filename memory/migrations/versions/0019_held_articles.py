"""Articles whose sentences read as orders to the agent wait until a person clears them."""

import sqlalchemy as sa
from alembic import op

from memory.knowledge.orders import orders_in

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("orders", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(
            sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("cleared_hash", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("cleared_by", sa.String(), nullable=True))
    _screen()


def _screen() -> None:
    """What was loaded before is looked at as well."""
    articles = sa.table(
        "articles",
        sa.column("id", sa.Integer),
        sa.column("title", sa.String),
        sa.column("text", sa.Text),
        sa.column("orders", sa.JSON),
        sa.column("held", sa.Boolean),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(articles.c.id, articles.c.title, articles.c.text)).all()
    for row in rows:
        if found := orders_in(f"{row.title}\n{row.text}"):
            connection.execute(
                sa.update(articles).where(articles.c.id == row.id).values(orders=found, held=True)
            )
