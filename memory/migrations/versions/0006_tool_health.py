"""What workers see of their tools."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tool_health",
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("breaker", sa.String(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("retry_in_seconds", sa.Float(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("in_use", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("succeeded", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("latency", sa.JSON(), nullable=False),
        sa.Column("schema_changes", sa.Integer(), nullable=False),
        sa.Column("difference", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", "tenant", "tool", name=op.f("pk_tool_health")),
    )
    with op.batch_alter_table("tool_health", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tool_health_tenant"), ["tenant"], unique=False)
        batch_op.create_index(batch_op.f("ix_tool_health_updated_at"), ["updated_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tool_health", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tool_health_updated_at"))
        batch_op.drop_index(batch_op.f("ix_tool_health_tenant"))
    op.drop_table("tool_health")
