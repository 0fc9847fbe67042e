"""One address may have an account with each tenant."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint("uq_people_email", type_="unique")
        batch_op.create_unique_constraint("uq_people_tenant_email", ["tenant", "email"])
    op.create_index("ix_people_email", "people", ["email"])


def downgrade() -> None:
    op.drop_index("ix_people_email", table_name="people")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint("uq_people_tenant_email", type_="unique")
        batch_op.create_unique_constraint("uq_people_email", ["email"])
