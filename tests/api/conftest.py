"""A desk for each test of this room."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from api.settings import Settings
from tests import desks


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """Settings of a fresh desk."""
    return desks.settings_in(tmp_path / "home", template)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the application."""
    async with desks.serving(settings) as client:
        yield client


@pytest.fixture
async def intake(settings: Settings) -> dict[str, str]:
    """Header of a key that posts tickets."""
    return await desks.new_key(settings, "shop", ["intake"])


@pytest.fixture
async def agent(settings: Settings) -> dict[str, str]:
    """Header of a key of a person."""
    return await desks.new_key(settings, "Ann", ["agent"])
