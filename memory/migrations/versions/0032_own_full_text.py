"""The full text of passages is searched by tenant in the index itself."""

from alembic import op

from memory.knowledge.fulltext_sqlite import CREATE_FULLTEXT

revision = "0032"
down_revision = "0031"

COLUMNS = "rowid, chunk_id, tenant, title, heading, body"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    op.execute("ALTER TABLE chunk_text RENAME TO former_text")
    for statement in CREATE_FULLTEXT:
        op.execute(statement)
    op.execute(f"INSERT INTO chunk_text ({COLUMNS}) SELECT {COLUMNS} FROM former_text")  # noqa: S608 - fixed names
    op.execute("DROP TABLE former_text")
