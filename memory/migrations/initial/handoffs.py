"""What people have in their hands."""

import sqlalchemy as sa
from alembic import op

from memory.migrations.initial import columns


def create() -> None:
    _handoffs()
    _handoff_notes()
    _handoff_events()
    _letters()
    _corrections()


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        *columns.text("id", "ticket_id", "tenant"),
        *columns.whole("turn"),
        *columns.text("status"),
        *columns.whole("priority"),
        *columns.moment("due_at", null=True),
        *columns.moment("created_at"),
        *columns.text("reason"),
        *columns.text("intent", null=True),
        *columns.text("team"),
        *columns.text("claimed_by", null=True),
        *columns.moment(
            "lease_expires_at",
            "snoozed_until",
            "resolve_by",
            "responded_at",
            "asked_at",
            "escalated_at",
            null=True,
        ),
        *columns.text("escalated_to", null=True),
        *columns.whole("seen_seq", "version"),
        *columns.text("customer", "merged_into", null=True),
        *columns.moment("updated_at"),
        *columns.moment("closed_at", null=True),
        *columns.text("interrupt_id", "decided_by", null=True),
        *columns.moment("decided_at", null=True),
        *columns.json("skills"),
        *columns.long("explanation"),
        *columns.json("decision", null=True),
        *columns.json("story"),
        sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_handoffs_ticket_id_tickets"
        ),
    )
    op.create_index("ix_handoffs_merged_into", "handoffs", ["merged_into"])
    op.create_index(
        "ix_handoffs_queue", "handoffs", ["tenant", "status", "priority", "due_at", "created_at"]
    )
    op.create_index("ix_handoffs_status_due_at", "handoffs", ["status", "due_at"])
    op.create_index("ix_handoffs_tenant", "handoffs", ["tenant"])
    op.create_index("ix_handoffs_tenant_customer", "handoffs", ["tenant", "customer"])
    op.create_index("ix_handoffs_ticket_id", "handoffs", ["ticket_id"])


def _handoff_notes() -> None:
    op.create_table(
        "handoff_notes",
        *columns.text("id", "tenant", "handoff_id", "ticket_id", "kind", "author"),
        *columns.long("text"),
        *columns.moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_handoff_notes"),
    )
    op.create_index("ix_handoff_notes_handoff_id", "handoff_notes", ["handoff_id"])
    op.create_index("ix_handoff_notes_ticket_id", "handoff_notes", ["ticket_id"])


def _handoff_events() -> None:
    op.create_table(
        "handoff_events",
        *columns.whole("id"),
        *columns.text("tenant", "handoff_id", "ticket_id"),
        *columns.moment("at"),
        *columns.text("who", "what", "status"),
        *columns.whole("version"),
        *columns.json("details"),
        sa.PrimaryKeyConstraint("id", name="pk_handoff_events"),
    )
    op.create_index("ix_handoff_events_handoff_id", "handoff_events", ["handoff_id"])
    op.create_index("ix_handoff_events_tenant_id", "handoff_events", ["tenant", "id"])
    op.create_index("ix_handoff_events_ticket_id", "handoff_events", ["ticket_id"])


def _letters() -> None:
    op.create_table(
        "letters",
        *columns.text("id", "tenant", "ticket_id", "handoff_id"),
        *columns.whole("turn", "epoch"),
        *columns.text("kind", "purpose"),
        *columns.long("text"),
        *columns.text("author", null=True),
        *columns.text("status"),
        *columns.whole("attempts"),
        *columns.text("error", null=True),
        *columns.moment("created_at"),
        *columns.moment("settled_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name="fk_letters_ticket_id_tickets"),
    )
    op.create_index("ix_letters_handoff_id", "letters", ["handoff_id"])
    op.create_index("ix_letters_status_created_at", "letters", ["status", "created_at"])
    op.create_index("ix_letters_ticket_id", "letters", ["ticket_id"])


def _corrections() -> None:
    op.create_table(
        "corrections",
        *columns.text("id", "tenant", "kind", "ticket_id"),
        *columns.whole("turn"),
        *columns.text("handoff_id", "article", "content_hash", "intent", "was", null=True),
        *columns.long("question", "note"),
        *columns.text("by"),
        *columns.moment("created_at"),
        *columns.text("undone_by", null=True),
        *columns.moment("undone_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_handoff_id", "corrections", ["handoff_id"])
    op.create_index("ix_corrections_tenant_kind", "corrections", ["tenant", "kind", "undone_at"])
    op.create_index("ix_corrections_ticket_id", "corrections", ["ticket_id"])
