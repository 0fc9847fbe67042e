"""A release's migrations only add, so that workers of the release before it go on beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

VERSIONS = Path("memory/migrations/versions")
FIRST_RELEASE = "0007"
"""The first revision that a release had."""
REMOVES = frozenset({"drop_table", "drop_column", "rename_table"})
CONTRACTS: frozenset[str] = frozenset()
"""Revisions that remove what no supported release reads any more; each needs a release that
already works without it before."""


def later() -> list[Path]:
    """The migrations since the first release."""
    return [one for one in sorted(VERSIONS.glob("[0-9]*.py")) if one.name[:4] > FIRST_RELEASE]


def removed(file: Path) -> set[str]:
    """What the way up of a migration calls that removes something."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    (up,) = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade"]
    called = {one.func for one in ast.walk(up) if isinstance(one, ast.Call)}
    return {one.attr for one in called if isinstance(one, ast.Attribute)} & REMOVES


@pytest.mark.parametrize("file", later(), ids=lambda one: one.stem)
def test_a_migration_only_adds(file: Path) -> None:
    """What an older program reads or writes stays, until a later release removes it."""
    assert file.stem in CONTRACTS or removed(file) == set()


def test_a_removal_would_be_seen() -> None:
    """The first migration's way up adds, and its way down removes."""
    first = next(VERSIONS.glob(f"{FIRST_RELEASE}*.py"))
    assert removed(first) == set()
    assert "drop_table" in first.read_text(encoding="utf-8")
