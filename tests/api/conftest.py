"""A desk, and a bench, for each test of this room."""

import pytest

from api.settings import Settings
from tests import desks
from tests.bench import bench, open_bench

__all__ = ["agent", "bench", "intake", "open_bench"]


@pytest.fixture
async def intake(settings: Settings) -> dict[str, str]:
    """Header of a key that posts tickets."""
    return await desks.new_key(settings, "shop", ["intake"])


@pytest.fixture
async def agent(settings: Settings) -> dict[str, str]:
    """Header of a key of a person."""
    return await desks.new_key(settings, "Ann", ["agent"])
