"""Fixtures that more than one room uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import desks

ROWS_WANTED = "ignore:[\\s\\S]*You probably want to use `session.exec:DeprecationWarning"
"""SQLModel's advice, which is not for statements that return no models."""


def pytest_configure(config: pytest.Config) -> None:
    """Let the ledger's repositories use SQLAlchemy's own `execute`."""
    config.addinivalue_line("filterwarnings", ROWS_WANTED)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated ledger; tests copy it, which is faster than migrating again."""
    return desks.migrated(tmp_path_factory.mktemp("template"))
