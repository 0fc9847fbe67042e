"""Leads say how far the agent may go; everybody may stop all sending, and each change is on record."""

import shutil
from pathlib import Path

import pytest

from api.settings import Settings
from tests import desks

FERNHILL = Path("examples/fernhill/desk.yaml")


@pytest.fixture
def settings(tmp_path: Path, template: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of the example company's desk."""
    monkeypatch.setenv("FERNHILL_URL", "http://127.0.0.1:9")
    desk = tmp_path / "desk.yaml"
    shutil.copy(FERNHILL, desk)
    return desks.settings_in(tmp_path / "home", template, desk=desk)


async def test_a_lead_chooses_a_level_and_takes_it_back(settings: Settings) -> None:
    """The page says who set it; desk.yaml holds again afterwards, and both are in the audit."""
    lead = await desks.new_key(settings, "Lea", ["lead", "agent"], tenant="fernhill")
    admin = await desks.new_key(settings, "Root", ["admin"], tenant="fernhill")
    agent = await desks.new_key(settings, "Ann", ["agent"], tenant="fernhill")
    async with desks.serving(settings) as client:
        path, body = "/v1/autonomy/channel/api", {"level": "suggest"}
        assert (await client.put(path, json=body, headers=agent)).status_code == 403
        found = (await client.put(path, json=body, headers=lead)).json()
        assert (found["level"], found["source"], found["changed_by"]) == (
            "suggest",
            "person",
            "Lea",
        )
        items = (await client.get("/v1/autonomy", headers=agent)).json()["items"]
        assert {(one["kind"], one["name"]): one["level"] for one in items}["channel", "api"] == (
            "suggest"
        )
        assert any(one["kind"] == "intent" and one["level"] == "auto" for one in items)
        # What desk.yaml gives to people is told so, and not as something that the agent may do.
        to_people = {one["name"] for one in items if one["always_person"]}
        assert to_people == {"erasure_request", "legal_or_complaint"}
        found = (await client.put(path, json={"level": None}, headers=lead)).json()
        assert (found["level"], found["source"]) == ("auto", "default")
        unknown = await client.put("/v1/autonomy/channel/fax", json=body, headers=lead)
        assert (unknown.status_code, "fax" in unknown.text) == (404, True)
        rows = (await client.get("/v1/audit", headers=admin)).json()["items"]
        actions = [(one["who"], one["action"]) for one in rows]
        assert ("Lea", "autonomy channel api: nothing before, now suggest") in actions
        assert ("Lea", "autonomy channel api: suggest before, now nothing") in actions


async def test_anybody_at_the_desk_stops_sending_and_a_lead_starts_it(settings: Settings) -> None:
    """Stopping twice changes nothing; who did it is shown to all."""
    lead = await desks.new_key(settings, "Lea", ["lead"], tenant="fernhill")
    agent = await desks.new_key(settings, "Ann", ["agent"], tenant="fernhill")
    async with desks.serving(settings) as client:
        stopped = await client.post("/v1/sending/stop", json={"why": "odd"}, headers=agent)
        again = await client.post("/v1/sending/stop", json={"why": "later"}, headers=agent)
        assert stopped.json() == again.json()
        assert (stopped.json()["stopped_by"], stopped.json()["why"]) == ("Ann", "odd")
        assert (await client.post("/v1/sending/start", headers=agent)).status_code == 403
        assert (await client.post("/v1/sending/start", headers=lead)).json()["stopped"] is False
        assert (await client.get("/v1/sending", headers=agent)).json()["stopped"] is False
