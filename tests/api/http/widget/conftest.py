"""A desk with a widget."""

from pathlib import Path

import pytest

from api.settings import Settings
from memory.storage import kept_secrets
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
    identity_secret: ${{WIDGET_SECRET}}
    messages_per_minute: 5
"""


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """A desk with a widget."""
    found = desks.settings_with(tmp_path, template, DESK)
    kept_secrets.keep(found.home, "WIDGET_SECRET", SECRET)
    return found
