"""One address may have an account with each tenant."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint("uq_people_email", type_="unique")
        batch_op.create_unique_constraint("uq_people_tenant_email", ["tenant", "email"])
    op.create_index("ix_people_email", "people", ["email"])
