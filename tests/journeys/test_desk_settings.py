"""People read what the desk is set to; admins make and end keys."""

import shutil
from pathlib import Path

import pytest

from api.settings import Settings
from tests import desks

FERNHILL = Path("examples/fernhill/desk.yaml")


@pytest.fixture
def settings(tmp_path: Path, template: Path) -> Settings:
    """Settings of the example company's desk."""
    desk = tmp_path / "desk.yaml"
    shutil.copy(FERNHILL, desk)
    return desks.settings_in(tmp_path / "home", template, desk=desk)


async def test_the_settings_are_those_of_the_file(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Limits, intents and today's budgets; a file that broke meanwhile is told, not hidden."""
    monkeypatch.setenv("FERNHILL_URL", "http://127.0.0.1:9")
    key = await desks.new_key(settings, "Ann", ["agent"], tenant="fernhill")
    async with desks.serving(settings) as client:
        response = await client.get("/v1/desk", headers=key)
        assert response.status_code == 200, response.text
        found = response.json()
        assert (found["tenant"], found["problem"]) == ("fernhill", None)
        assert {one["resource"] for one in found["today"]} >= {"money_micros", "tokens"}
        settings.desk.write_text("tenant: [", encoding="utf-8")
        broken = (await client.get("/v1/desk", headers=key)).json()
        assert broken["intents"] == found["intents"]
        assert "desk.yaml" in broken["problem"]
        checks = (await client.get("/health/ready")).json()["checks"]
        (told,) = [one for one in checks if one["name"] == "desks"]
        assert told["state"] == "warn"
        assert "1 desk file cannot be read" in told["detail"]


async def test_only_admins_touch_keys(settings: Settings) -> None:
    """A made key works, an ended one does not, and no list ever shows a secret."""
    agent = await desks.new_key(settings, "Ann", ["agent"])
    admin = await desks.new_key(settings, "Root", ["admin"])
    async with desks.serving(settings) as client:
        assert (await client.get("/v1/keys", headers=agent)).status_code == 403
        body = {"name": "shop", "scopes": ["intake"]}
        made = (await client.post("/v1/keys", json=body, headers=admin)).json()
        shop = {"Authorization": f"Bearer {made['token']}"}
        assert (await client.get("/v1/tickets", headers=shop)).status_code == 200
        listed = (await client.get("/v1/keys", headers=admin)).text
        assert made["id"] in listed
        assert made["token"].rpartition("_")[2] not in listed
        ended = await client.post(f"/v1/keys/{made['id']}/revoke", headers=admin)
        assert ended.json()["revoked_at"] is not None
        assert (await client.get("/v1/tickets", headers=shop)).status_code == 401
        unknown = await client.post("/v1/keys/nope/revoke", headers=admin)
        assert unknown.status_code == 404
        stranger = await desks.new_key(settings, "X", ["admin"], tenant="other")
        foreign = await client.post(f"/v1/keys/{made['id']}/revoke", headers=stranger)
        assert foreign.status_code == 404
