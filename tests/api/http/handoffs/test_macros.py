"""The desk's macros, filled in for a handoff; which was used is on record."""

from pathlib import Path

from api.settings import Settings
from tests import desks

DESK = """
tenant: acme
company: Acme
handoff:
  macros:
    - {name: Sorry, text: "Hello {first_name},\\nwe are sorry about {subject}. {my_name} of {company}"}
    - {name: Plain, text: "Thank you."}
"""


async def test_a_macro_is_filled_in_and_its_use_is_told(settings: Settings, tmp_path: Path) -> None:
    """The list and the inserted text are the same; another tenant's person sees neither."""
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK, encoding="utf-8")
    changed = settings.model_copy(update={"desk": desk})
    ann = await desks.new_key(settings, "Ann", ["agent"])
    stranger = await desks.new_key(settings, "Eve", ["agent"], tenant="bolt")
    shop = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(changed) as client:
        body = {"text": "Late!", "subject": "my order", "customer": {"name": "Cy Young"}}
        ticket = (await client.post("/v1/tickets", json=body, headers=shop)).json()["id"]
        await desks.hand_off(settings, ticket, "hnd_1")
        path = "/v1/handoffs/hnd_1/macros"
        listed = (await client.get(path, headers=ann)).json()["items"]
        used = (await client.post(path, json={"name": "Sorry"}, headers=ann)).json()
        assert used["text"] == "Hello Cy,\nwe are sorry about my order. Ann of Acme"
        assert [one["name"] for one in listed] == ["Sorry", "Plain"]
        assert listed[0] == used
        assert (await client.post(path, json={"name": "x"}, headers=ann)).status_code == 404
        assert (await client.get(path, headers=stranger)).status_code == 404
        story = (await client.get("/v1/handoffs/hnd_1", headers=ann)).json()
    (event,) = [one for one in story["events"] if one["what"] == "macro"]
    assert (event["who"], event["details"]) == ("Ann", {"name": "Sorry"})
