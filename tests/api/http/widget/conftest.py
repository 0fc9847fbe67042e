"""A desk with a widget."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from api.settings import Settings
from tests import desks

SHOP = "http://localhost:8999"
SECRET = "a secret of the website's that is long enough"
DESK = f"""
tenant: acme
company: Acme
channels:
  widget:
    origins: ["{SHOP}"]
    title: Ask Acme
    identity_secret: "{SECRET}"
    messages_per_minute: 5
"""


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """A desk with a widget."""
    return desks.settings_with(tmp_path, template, DESK)


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """The application, asked by nobody in particular."""
    async with desks.serving(settings) as found:
        yield found
