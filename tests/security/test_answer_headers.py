"""What every answer tells a browser or a proxy in its headers."""

from pathlib import Path

import pytest

from tests import desks


@pytest.mark.parametrize("path", ["/v1/tickets", "/openapi.json", "/health/live", "/nothing"])
async def test_no_answer_is_guessed_framed_or_kept(
    tmp_path: Path, template: Path, path: str
) -> None:
    """Whatever the status is."""
    async with desks.serving(desks.settings_in(tmp_path, template)) as client:
        answer = await client.get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "strict-transport-security" not in answer.headers


async def test_over_tls_nothing_but_tls(tmp_path: Path, template: Path) -> None:
    """HSTS goes out where TLS is."""
    async with desks.serving(desks.settings_in(tmp_path, template)) as client:
        answer = await client.get("https://desk/health/live")
    assert answer.headers["strict-transport-security"].startswith("max-age=")


async def test_a_redirect_leads_to_a_path(tmp_path: Path, template: Path) -> None:
    """Not to the scheme that we see: behind a proxy with TLS that is not the browser's."""
    async with desks.serving(desks.settings_in(tmp_path, template)) as client:
        answer = await client.get("/v1/tickets/?limit=3", headers={"Host": "desk.example"})
    assert answer.headers["location"] == "/v1/tickets?limit=3"
