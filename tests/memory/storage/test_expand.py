"""A release's migrations only add, so that workers of the release before it go on beside it.

What a migration may not do is found in its source: take something away, change a column, demand
of an older program's rows what it does not write, or change rows that it reads.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from memory.storage.readiness import OLDEST_READER

VERSIONS = Path("memory/migrations/versions")
FIRST_RELEASE = "0007"
"""The first revision that a release had."""
REMOVES = frozenset({"drop_table", "drop_column", "rename_table", "drop_constraint"})
CHANGES = frozenset({"alter_column", "execute", "bulk_insert", "update", "delete", "insert"})
DEMANDS = frozenset({"create_unique_constraint", "create_check_constraint", "create_foreign_key"})
CONTRACTS = {
    "0009_many_machines": "wider numbers; on Postgres no older program ran",
    "0013_senders": "an older program's tickets lack the address that they are found by",
    "0014_accounts": "an older program takes an address for that of one person of all tenants",
    "0019_held_articles": "an older program shows articles that are held back",
    "0020_threads": "an older program keeps its checkpoints elsewhere",
    "0021_keyed_digests": "an older program writes digests without a key",
}
"""Migrations that older programs do not live beside, and why. `OLDEST_READER` is never below them."""

IN_SQL = {
    "0032_own_full_text": "an index of the same name and columns (see test_fulltext.py)",
    "0038_ticket_text": "an index of its own, which older programs do not know",
}
"""Migrations with statements of their own, and why older programs read and write as before."""


def later() -> list[Path]:
    """The migrations since the first release."""
    return [one for one in sorted(VERSIONS.glob("[0-9]*.py")) if one.name[:4] > FIRST_RELEASE]


def calls_of(source: str) -> Iterator[tuple[str, dict[str, ast.expr], list[ast.expr]]]:
    """Each call that a migration may make: its name, named and other arguments."""
    tree = ast.parse(source)
    for call in (one for one in ast.walk(tree) if isinstance(one, ast.Call)):
        if isinstance(call.func, ast.Attribute):
            named = {one.arg: one.value for one in call.keywords if one.arg is not None}
            yield call.func.attr, named, call.args


def breaks(source: str) -> set[str]:
    """What in a migration an older program may not live beside."""
    calls = list(calls_of(source))
    new = {_text(args[0]) for name, _, args in calls if name == "create_table"}
    found = {name for name, _, _ in calls if name in REMOVES | CHANGES | DEMANDS}
    for name, named, args in calls:
        if name == "add_column" and any(_demands(one) for one in args):
            found.add("a column that must be given")
        if name == "create_index" and _is_true(named.get("unique")) and _text(args[1]) not in new:
            found.add("a unique index")
    return found


def _demands(column: ast.expr) -> bool:
    if not isinstance(column, ast.Call):
        return False
    named = {one.arg: one.value for one in column.keywords}
    given = named.get("nullable")
    nullable = given is None or _is_true(given)
    return not nullable and "server_default" not in named


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


@pytest.mark.parametrize("file", later(), ids=lambda one: one.stem)
def test_a_migration_only_adds(file: Path) -> None:
    """What an older program reads or writes stays, until a later release removes it."""
    assert (
        file.stem in CONTRACTS
        or file.stem in IN_SQL
        or not breaks(file.read_text(encoding="utf-8"))
    )


def test_no_older_program_is_let_in_behind_a_contract() -> None:
    """The database names a later reader, and the contracts are there."""
    assert max(name[:4] for name in CONTRACTS) <= OLDEST_READER
    assert {*CONTRACTS} <= {one.stem for one in later()}


@pytest.mark.parametrize(
    "step",
    [
        "op.drop_column('tickets', 'subject')",
        "op.rename_table('tickets', 'cases')",
        "op.alter_column('tickets', 'subject', nullable=False)",
        "op.execute('UPDATE tickets SET run = 0')",
        "op.create_unique_constraint('one', 'tickets', ['subject'])",
        "op.create_index('one', 'tickets', ['subject'], unique=True)",
        "op.add_column('tickets', sa.Column('owner', sa.String(), nullable=False))",
        "_later()\n\ndef _later():\n    op.drop_table('tickets')",
    ],
)
def test_what_breaks_an_older_program_is_seen(step: str) -> None:
    """Also where another function does it."""
    assert breaks(f"def upgrade():\n    {step}\n")


@pytest.mark.parametrize(
    "step",
    [
        "op.create_table('new', sa.Column('id', sa.String(), nullable=False))",
        "op.add_column('tickets', sa.Column('owner', sa.String(), nullable=True))",
        "op.add_column('tickets', sa.Column('n', sa.Integer(), nullable=False, server_default='0'))",
        "op.create_index('one', 'tickets', ['subject'])",
    ],
)
def test_what_only_adds_is_not(step: str) -> None:
    """A table, a column that may be empty, an index that forbids nothing."""
    assert not breaks(f"def upgrade():\n    {step}\n")
