"""Fixtures that more than one room uses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from evals.stack.stack import PROJECT_CACHE
from tests import desks, postgres

# A busy machine is not a defect: time is bounded by the timeout of each test instead.
hypothesis.settings.register_profile("calm", deadline=None)
hypothesis.settings.load_profile("calm")

ROWS_WANTED = "ignore:[\\s\\S]*You probably want to use `session.exec:DeprecationWarning"
"""SQLModel's advice, which is not for statements that return no models."""


def pytest_configure(config: pytest.Config) -> None:
    """Let the ledger's repositories use SQLAlchemy's own `execute`; use the project's encoder."""
    os.environ.setdefault("DESKHAND_CACHE", str(PROJECT_CACHE))
    config.addinivalue_line("filterwarnings", ROWS_WANTED)


STACKS = ("tests/console", "tests/engine")
"""Folders whose tests share one running stack: they stay in one process of a parallel run."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together, on one core, what shares its fixtures: a file, or a folder of `STACKS`."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        group = next((folder for folder in STACKS if file.startswith(folder)), file)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def template(request: pytest.FixtureRequest) -> Path:
    """A migrated ledger; tests copy it, which is faster than migrating again."""
    found: Path = request.getfixturevalue(
        "postgres_template" if postgres.on_postgres() else "sqlite_template"
    )
    return found


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated ledger in a file."""
    return desks.migrated(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[Path]:
    """A migrated ledger on a private Postgres."""
    with postgres.postgres_template() as found:
        yield found
