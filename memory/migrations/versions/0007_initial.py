"""The tables as first released, made at once.

It keeps the number of the last of the steps that led here, so that a ledger made by those steps
and one made by this file stand at the same revision.
"""

from alembic import op

from memory.handoffs.fulltext import CREATE_HANDOFF_TEXT
from memory.knowledge.fulltext import CREATE_FULLTEXT
from memory.migrations.initial import handoffs, knowledge, people, spending, tickets

revision = "0007"
down_revision = None


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for part in (people, knowledge, tickets, spending, handoffs):
        part.create()
    for statement in (*CREATE_FULLTEXT[dialect], *CREATE_HANDOFF_TEXT[dialect]):
        op.execute(statement)
