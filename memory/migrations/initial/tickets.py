"""Tickets, what was said on them, and what happened."""

import sqlalchemy as sa
from alembic import op

from memory.migrations.initial import columns


def create() -> None:
    _tickets()
    _messages()
    _journal()
    _feedback()
    _identity_challenges()


def _tickets() -> None:
    op.create_table(
        "tickets",
        *columns.text("id", "tenant"),
        *columns.long("subject"),
        *columns.text("customer_email", "customer_name", null=True),
        *columns.json("headers"),
        *columns.text("status"),
        *columns.text("outcome", "intent", null=True),
        *columns.real("confidence", null=True),
        *columns.text("reason", null=True),
        *columns.whole("turn", "run", "epoch", "handled", "redrives"),
        *columns.text("interrupt_id", "idempotency_key", "body_digest", null=True),
        *columns.moment("created_at", "updated_at"),
        *columns.moment("ended_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("tenant", "idempotency_key", name="uq_tickets_tenant_idempotency_key"),
    )
    op.create_index("ix_tickets_tenant", "tickets", ["tenant"])
    op.create_index("ix_tickets_tenant_created_at", "tickets", ["tenant", "created_at"])
    op.create_index("ix_tickets_tenant_customer_email", "tickets", ["tenant", "customer_email"])
    op.create_index("ix_tickets_tenant_status", "tickets", ["tenant", "status"])


def _messages() -> None:
    op.create_table(
        "messages",
        *columns.whole("id"),
        *columns.text("ticket_id"),
        *columns.whole("seq", "turn"),
        *columns.text("role", "kind"),
        *columns.long("text"),
        *columns.json("citations"),
        *columns.text("author", "key", "body_digest", null=True),
        *columns.moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_messages_ticket_id_tickets"
        ),
        sa.UniqueConstraint("ticket_id", "key", name="uq_messages_ticket_id_key"),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_messages_ticket_id_seq"),
    )
    op.create_index("ix_messages_ticket_id", "messages", ["ticket_id"])


def _journal() -> None:
    op.create_table(
        "journal",
        *columns.whole("id"),
        *columns.text("ticket_id", "tenant"),
        *columns.whole("turn", "epoch", "seq"),
        *columns.moment("at"),
        *columns.text("kind", "name", "cause", "outcome"),
        *columns.text("fingerprint", null=True),
        *columns.real("duration_ms", null=True),
        *columns.whole("tokens_in", "tokens_out", "cost_micros"),
        *columns.text("error", null=True),
        *columns.json("numbers"),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sa.UniqueConstraint("ticket_id", "seq", name="uq_journal_ticket_id_seq"),
    )
    op.create_index("ix_journal_ticket_id", "journal", ["ticket_id"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        *columns.text("ticket_id"),
        *columns.whole("turn"),
        *columns.text("tenant"),
        *columns.truth("solved"),
        *columns.moment("at"),
        sa.PrimaryKeyConstraint("ticket_id", "turn", name="pk_feedback"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_feedback_ticket_id_tickets"
        ),
    )
    op.create_index("ix_feedback_tenant", "feedback", ["tenant"])


def _identity_challenges() -> None:
    op.create_table(
        "identity_challenges",
        *columns.text("id", "tenant", "ticket_id"),
        *columns.whole("turn"),
        *columns.text("address", null=True),
        *columns.text("holder", "nonce", "digest", "status"),
        *columns.whole("tries", "tries_allowed", "valid_seconds", "verified_seconds"),
        *columns.moment("created_at", "expires_at"),
        *columns.moment("verified_until", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_identity_challenges"),
    )
    op.create_index(
        "ix_identity_challenges_tenant_holder", "identity_challenges", ["tenant", "holder"]
    )
    op.create_index("ix_identity_challenges_ticket_id", "identity_challenges", ["ticket_id"])
