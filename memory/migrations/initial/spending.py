"""What was done outside, and what it cost."""

import sqlalchemy as sa
from alembic import op

from memory.migrations.initial import columns


def create() -> None:
    _effects()
    _budget_accounts()
    _budget_reservations()
    _tool_health()


def _effects() -> None:
    op.create_table(
        "effects",
        *columns.text("key", "ticket_id", "tenant"),
        *columns.whole("turn"),
        *columns.text("tool", "fingerprint", "status"),
        *columns.whole("attempts"),
        *columns.json("result", null=True),
        *columns.text("error", null=True),
        *columns.moment("created_at"),
        *columns.moment("settled_at", null=True),
        sa.PrimaryKeyConstraint("key", name="pk_effects"),
    )
    op.create_index("ix_effects_ticket_id", "effects", ["ticket_id"])


def _budget_accounts() -> None:
    op.create_table(
        "budget_accounts",
        *columns.text("key", "tenant"),
        *columns.big(
            "money_micros_spent",
            "money_micros_held",
            "tool_calls_spent",
            "tool_calls_held",
            "model_calls_spent",
            "model_calls_held",
            "tokens_spent",
            "tokens_held",
        ),
        *columns.moment("created_at"),
        sa.PrimaryKeyConstraint("key", name="pk_budget_accounts"),
    )
    op.create_index("ix_budget_accounts_tenant", "budget_accounts", ["tenant"])


def _budget_reservations() -> None:
    op.create_table(
        "budget_reservations",
        *columns.text("id", "tenant", "ticket_id"),
        *columns.whole("turn"),
        *columns.text("turn_account", "day_account", "status"),
        *columns.big("money_micros", "tool_calls", "model_calls", "tokens"),
        *columns.moment("created_at", "expires_at"),
        *columns.moment("settled_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_budget_reservations"),
    )
    op.create_index(
        "ix_budget_reservations_status_expires_at", "budget_reservations", ["status", "expires_at"]
    )
    op.create_index("ix_budget_reservations_ticket_id", "budget_reservations", ["ticket_id"])


def _tool_health() -> None:
    op.create_table(
        "tool_health",
        *columns.text("worker", "tenant", "tool", "breaker"),
        *columns.whole("opened"),
        *columns.real("retry_in_seconds", "tokens"),
        *columns.whole("slots", "in_use", "waiting", "succeeded"),
        *columns.json("errors", "latency"),
        *columns.whole("schema_changes"),
        *columns.json("difference"),
        *columns.moment("changed_at", null=True),
        *columns.moment("updated_at"),
        sa.PrimaryKeyConstraint("worker", "tenant", "tool", name="pk_tool_health"),
    )
    op.create_index("ix_tool_health_tenant", "tool_health", ["tenant"])
    op.create_index("ix_tool_health_updated_at", "tool_health", ["updated_at"])
