"""The tables as first released, made at once.

It keeps the number of the last of the steps that led here, so that a ledger made by those steps
and one made by this file stand at the same revision.
"""

from alembic import op

from memory.handoffs.fulltext import CREATE_HANDOFF_TEXT, DROP_HANDOFF_TEXT
from memory.knowledge.fulltext import CREATE_FULLTEXT, DROP_FULLTEXT
from memory.migrations.initial import handoffs, knowledge, people, spending, tickets

revision = "0007"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "corrections",
    "letters",
    "handoff_events",
    "handoff_notes",
    "handoffs",
    "tool_health",
    "budget_reservations",
    "budget_accounts",
    "effects",
    "identity_challenges",
    "feedback",
    "journal",
    "messages",
    "tickets",
    "memories",
    "calibrations",
    "chunk_tokens",
    "chunks",
    "articles",
    "audit",
    "login_throttles",
    "person_sessions",
    "people",
    "api_keys",
)
"""In the order in which they can be dropped."""


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for part in (people, knowledge, tickets, spending, handoffs):
        part.create()
    for statement in (*CREATE_FULLTEXT[dialect], *CREATE_HANDOFF_TEXT[dialect]):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in (*DROP_FULLTEXT[dialect], *DROP_HANDOFF_TEXT):
        op.execute(statement)
    for table in TABLES:
        op.drop_table(table)
