"""Who may come in: keys, people, their sessions, and what they did."""

import sqlalchemy as sa
from alembic import op

from memory.migrations.initial import columns


def create() -> None:
    _api_keys()
    _people()
    _person_sessions()
    _login_throttles()
    _audit()


def _api_keys() -> None:
    op.create_table(
        "api_keys",
        *columns.text("id", "tenant", "name", "digest"),
        *columns.json("scopes"),
        *columns.moment("created_at"),
        *columns.moment("revoked_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_index("ix_api_keys_tenant", "api_keys", ["tenant"])


def _people() -> None:
    op.create_table(
        "people",
        *columns.text("id", "tenant", "email", "name", "folded_name", "role", "password"),
        *columns.truth("one_time"),
        *columns.json("preferences"),
        *columns.moment("created_at"),
        *columns.moment("disabled_at", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sa.UniqueConstraint("tenant", "folded_name", name="uq_people_tenant_folded_name"),
    )
    op.create_index("ix_people_tenant", "people", ["tenant"])


def _person_sessions() -> None:
    op.create_table(
        "person_sessions",
        *columns.text("digest", "person_id"),
        *columns.moment("created_at", "seen_at", "expires_at"),
        sa.PrimaryKeyConstraint("digest", name="pk_person_sessions"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_person_sessions_person_id_people"
        ),
    )
    op.create_index("ix_person_sessions_expires_at", "person_sessions", ["expires_at"])
    op.create_index("ix_person_sessions_person_id", "person_sessions", ["person_id"])


def _login_throttles() -> None:
    op.create_table(
        "login_throttles",
        *columns.text("key"),
        *columns.whole("failures"),
        *columns.moment("window_ends_at"),
        sa.PrimaryKeyConstraint("key", name="pk_login_throttles"),
    )
    op.create_index("ix_login_throttles_window_ends_at", "login_throttles", ["window_ends_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        *columns.whole("id"),
        *columns.text("tenant"),
        *columns.moment("at"),
        *columns.text("who", "via", "action"),
        *columns.text("subject", null=True),
        *columns.whole("status", null=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_tenant_id", "audit", ["tenant", "id"])
