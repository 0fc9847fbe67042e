"""The queue as people work it: teams, targets, notes, letters, corrections and who did what."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from memory.handoffs.fulltext import (
    ADD,
    CREATE_HANDOFF_TEXT,
    DROP_HANDOFF_TEXT,
    customer_digest,
    line,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEW_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("intent", sa.String()),
    ("snoozed_until", MOMENT),
    ("resolve_by", MOMENT),
    ("responded_at", MOMENT),
    ("asked_at", MOMENT),
    ("escalated_at", MOMENT),
    ("escalated_to", sa.String()),
    ("customer", sa.String()),
    ("merged_into", sa.String()),
    ("closed_at", MOMENT),
)
FILLED: tuple[tuple[str, Any, str], ...] = (
    ("team", sa.String(), ""),
    ("seen_seq", sa.Integer(), "0"),
    ("skills", sa.JSON(), "[]"),
    ("updated_at", MOMENT, "1970-01-01 00:00:00"),
)
ORDER = (
    *("id", "ticket_id", "tenant", "turn", "status", "priority", "due_at", "created_at", "reason"),
    *("intent", "team", "claimed_by", "lease_expires_at", "snoozed_until", "resolve_by"),
    *("responded_at", "asked_at", "escalated_at", "escalated_to", "seen_seq", "version"),
    *("customer", "merged_into", "updated_at", "closed_at", "interrupt_id", "decided_by"),
    *("decided_at", "skills", "explanation", "decision", "story"),
)
"""The large columns last: SQLite walks through a large value to reach what stands behind it."""


def upgrade() -> None:
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        batch_op.drop_index("ix_handoffs_tenant_status")
    with op.batch_alter_table("handoffs", schema=None, **_ordered()) as batch_op:
        for name, kind in NEW_COLUMNS:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name, kind, value in FILLED:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    op.execute("UPDATE handoffs SET updated_at = created_at")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for name, kind, _ in FILLED:
            batch_op.alter_column(name, existing_type=kind, server_default=None)
        batch_op.create_index(
            "ix_handoffs_queue", ["tenant", "status", "priority", "due_at", "created_at"]
        )
        batch_op.create_index("ix_handoffs_tenant_customer", ["tenant", "customer"])
        batch_op.create_index("ix_handoffs_status_due_at", ["status", "due_at"])
        batch_op.create_index(batch_op.f("ix_handoffs_merged_into"), ["merged_into"])
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index("ix_tickets_tenant_customer_email", ["tenant", "customer_email"])
    _events()
    _notes()
    _letters()
    _corrections()
    for statement in CREATE_HANDOFF_TEXT[op.get_bind().dialect.name]:
        op.execute(statement)
    _make_findable()


def _ordered() -> dict[str, Any]:
    """Only SQLite cares for the order of the columns, and writes a table anew to change it."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    return {"recreate": "always", "partial_reordering": [ORDER]}


def _make_findable() -> None:
    """Handoffs from before get their digest of the customer and their line in the search."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT h.id, h.tenant, h.ticket_id, t.subject, h.explanation, t.customer_email,"
            " t.customer_name FROM handoffs h JOIN tickets t ON t.id = h.ticket_id"
        )
    )
    for one, tenant, ticket, subject, explanation, email, name in rows.all():
        values = line(
            tenant=tenant,
            handoff_id=one,
            ticket_id=ticket,
            subject=subject,
            explanation=explanation,
            customer=f"{email or ''} {name or ''}",
        )
        op.get_bind().execute(sa.text(ADD[op.get_bind().dialect.name]), values)
        if email:
            op.get_bind().execute(
                sa.text("UPDATE handoffs SET customer = :digest WHERE id = :one"),
                {"digest": customer_digest(tenant, email), "one": one},
            )


def _events() -> None:
    op.create_table(
        "handoff_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("handoff_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_events")),
    )
    with op.batch_alter_table("handoff_events", schema=None) as batch_op:
        batch_op.create_index("ix_handoff_events_tenant_id", ["tenant", "id"])
        batch_op.create_index(batch_op.f("ix_handoff_events_handoff_id"), ["handoff_id"])
        batch_op.create_index(batch_op.f("ix_handoff_events_ticket_id"), ["ticket_id"])


def _notes() -> None:
    op.create_table(
        "handoff_notes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("handoff_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_notes")),
    )
    with op.batch_alter_table("handoff_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handoff_notes_handoff_id"), ["handoff_id"])
        batch_op.create_index(batch_op.f("ix_handoff_notes_ticket_id"), ["ticket_id"])


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("handoff_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_letters_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index("ix_letters_status_created_at", ["status", "created_at"])
        batch_op.create_index(batch_op.f("ix_letters_ticket_id"), ["ticket_id"])
        batch_op.create_index(batch_op.f("ix_letters_handoff_id"), ["handoff_id"])


def _corrections() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("handoff_id", sa.String(), nullable=True),
        sa.Column("article", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("was", sa.String(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.String(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.create_index("ix_corrections_tenant_kind", ["tenant", "kind", "undone_at"])
        batch_op.create_index(batch_op.f("ix_corrections_ticket_id"), ["ticket_id"])
        batch_op.create_index(batch_op.f("ix_corrections_handoff_id"), ["handoff_id"])


def downgrade() -> None:
    for statement in DROP_HANDOFF_TEXT:
        op.execute(statement)
    for table in ("corrections", "letters", "handoff_notes", "handoff_events"):
        op.drop_table(table)
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_tenant_customer_email")
    with op.batch_alter_table("handoffs", schema=None) as batch_op:
        for index in ("queue", "tenant_customer", "status_due_at", "merged_into"):
            batch_op.drop_index(f"ix_handoffs_{index}")
        for name, *_ in (*NEW_COLUMNS, *FILLED):
            batch_op.drop_column(name)
        batch_op.create_index("ix_handoffs_tenant_status", ["tenant", "status", "priority"])
