"""A floor for each journey of people."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import desks
from tests.journeys.floor import Floor


@pytest.fixture
async def floor(tmp_path: Path, template: Path) -> AsyncIterator[Floor]:
    """A floor without handoffs."""
    settings = desks.settings_in(tmp_path / "home", template)
    keys = [
        await desks.new_key(settings, name, scopes)
        for name, scopes in (
            ("Ann", ["agent"]),
            ("Bob", ["agent"]),
            ("Lea", ["agent", "lead"]),
            ("shop", ["intake"]),
        )
    ]
    async with desks.serving(settings) as client:
        yield Floor(client, settings, *keys)
