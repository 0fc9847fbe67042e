"""Fixtures that more than one room uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import desks


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated ledger; tests copy it, which is faster than migrating again."""
    return desks.migrated(tmp_path_factory.mktemp("template"))
