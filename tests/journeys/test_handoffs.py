"""People work on handoffs over HTTP: one claims, one decides, the others learn who."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from api.settings import Settings
from memory.storage.database import Database
from memory.storage.queue import workflow_id
from memory.tables import Handoff
from tests import desks

ADDRESS = "/v1/handoffs/hnd_1"
Header = dict[str, str]


@pytest.fixture
async def people(settings: Settings) -> list[Header]:
    """Headers of the keys of Ann and Bob."""
    return [await desks.new_key(settings, name, ["agent"]) for name in ("Ann", "Bob")]


@pytest.fixture
async def ticket(client: httpx2.AsyncClient, settings: Settings) -> str:
    """The id of a ticket that waits for a person under handoff hnd_1."""
    key = await desks.new_key(settings, "shop", ["intake"])
    body = {"text": "my money back", "customer": {"email": "cy@example.com", "name": "Cy"}}
    posted = (await client.post("/v1/tickets", json=body, headers=key)).json()
    await desks.hand_off(settings, posted["id"], "hnd_1")
    return str(posted["id"])


async def change(settings: Settings, **values: Any) -> None:
    """Change the handoff's row behind the API's back."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        handoff = await session.get(Handoff, "hnd_1")
        assert handoff is not None
        for name, value in values.items():
            setattr(handoff, name, value)
        session.add(handoff)


async def runs(settings: Settings) -> list[str]:
    """Ids of the runs that the engine has."""
    async with Database(settings.ledger_url) as ledger, ledger.engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT workflow_uuid FROM workflow_status")
        return sorted(row[0] for row in found)


async def test_a_handoff_tells_the_whole_story(
    client: httpx2.AsyncClient, people: list[Header], ticket: str
) -> None:
    """Reason with numbers, suggestion, sender and conversation stand in one answer."""
    found = (await client.get(ADDRESS, headers=people[0])).json()
    assert (found["status"], found["priority"]) == ("open", "normal")
    assert "0.41 is under 0.62" in found["explanation"]
    assert found["story"]["suggestion"]["text"] == "Here it is."
    assert found["customer"] == {"email": "cy@example.com", "name": "Cy"}
    assert [message["text"] for message in found["messages"]] == ["my money back"]
    assert found["ticket"]["id"] == ticket
    listed = (await client.get("/v1/handoffs", headers=people[0])).json()
    assert [item["id"] for item in listed["items"]] == ["hnd_1"]


async def test_a_claim_keeps_others_out_until_it_ends(
    client: httpx2.AsyncClient, people: list[Header], ticket: str, settings: Settings
) -> None:
    """A claimed handoff is a 409 with name and time for others; it ends by release or time."""
    ann, bob = people
    claimed = (await client.post(f"{ADDRESS}/claim", json={"minutes": 5}, headers=ann)).json()
    assert (claimed["status"], claimed["claimed_by"]) == ("claimed", "Ann")
    for path, body in (("claim", None), ("decide", {"kind": "close"}), ("release", None)):
        refused = await client.post(f"{ADDRESS}/{path}", json=body, headers=bob)
        assert refused.status_code == 409
        assert refused.json()["by"] == "Ann"
        assert datetime.fromisoformat(refused.json()["until"]) > datetime.now(UTC)
    mine = (await client.get("/v1/handoffs?mine=true", headers=ann)).json()["items"]
    assert len(mine) == 1
    assert (await client.get("/v1/handoffs?mine=true", headers=bob)).json()["items"] == []
    released = (await client.post(f"{ADDRESS}/release", headers=ann)).json()
    assert (released["status"], released["claimed_by"]) == ("open", None)
    await client.post(f"{ADDRESS}/claim", headers=ann)
    await change(settings, lease_expires_at=datetime.now(UTC) - timedelta(seconds=1))
    lapsed = (await client.get("/v1/handoffs?status=open", headers=bob)).json()["items"]
    assert [(item["status"], item["claimed_by"]) for item in lapsed] == [("open", None)]
    taken = (await client.post(f"{ADDRESS}/claim", headers=bob)).json()
    assert taken["claimed_by"] == "Bob"


async def test_twenty_parallel_decisions_make_one(
    client: httpx2.AsyncClient, ticket: str, settings: Settings
) -> None:
    """One 200, nineteen 409 that name the winner and the moment, and one further run."""
    names = [f"Person {number}" for number in range(20)]
    keys = [await desks.new_key(settings, name, ["agent"]) for name in names]
    decisions = [
        client.post(
            f"{ADDRESS}/decide", json={"kind": "reply", "text": f"from {name}"}, headers=key
        )
        for name, key in zip(names, keys, strict=True)
    ]
    answers = await asyncio.gather(*decisions)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [200] + [409] * 19
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    losers = [answer.json() for answer in answers if answer.status_code == 409]
    assert {loser["by"] for loser in losers} == {winner["decided_by"]}
    assert {loser["at"] for loser in losers} == {winner["decided_at"]}
    assert winner["decision"]["text"] == f"from {winner['decided_by']}"
    assert all(winner["decided_by"] in loser["detail"] for loser in losers)
    assert await runs(settings) == [workflow_id(ticket, 1), workflow_id(ticket, 2)]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"kind": "reply"}, 422, "kind 'reply' needs the reply to send"),
        ({"kind": "reply", "text": "\x00"}, 422, "kind 'reply' needs the reply to send"),
        ({"kind": "return"}, 422, "needs what the agent should do differently"),
        ({"kind": "approve", "text": "x"}, 422, "text is sent with kind 'reply' only"),
        ({"kind": "close", "actions": ["f"]}, 422, "actions run with kind 'approve' or 'reply'"),
        ({"kind": "aprove"}, 422, "must be 'approve', 'reply', 'return' or 'close'"),
        ({"kind": "close", "version": 99}, 409, "it changed since version 99: it is at 1 now"),
        ({"kind": "approve", "actions": ["f"]}, 409, "these actions were not proposed"),
    ],
)
async def test_a_decision_without_sense_is_refused(
    *,
    client: httpx2.AsyncClient,
    people: list[Header],
    ticket: str,
    body: dict[str, Any],
    status: int,
    words: str,
) -> None:
    """What does not fit its kind or the handoff says so, and the handoff stays open."""
    refused = await client.post(f"{ADDRESS}/decide", json=body, headers=people[0])
    assert refused.status_code == status
    assert words in refused.json()["detail"]
    assert (await client.get(ADDRESS, headers=people[0])).json()["status"] == "open"


async def test_what_cannot_be_decided_says_why(
    client: httpx2.AsyncClient, people: list[Header], ticket: str, settings: Settings
) -> None:
    """No suggestion, too many returns, and a handoff still being written are told apart."""
    await change(settings, story={"suggestion": None, "returns": 2})
    approve = await client.post(f"{ADDRESS}/decide", json={"kind": "approve"}, headers=people[0])
    assert "send your own with kind 'reply'" in approve.json()["detail"]
    again = {"kind": "return", "guidance": "look at the invoice"}
    returned = await client.post(f"{ADDRESS}/decide", json=again, headers=people[0])
    assert "the agent had it back 2 times already" in returned.json()["detail"]
    await change(settings, status="opening")
    early = await client.post(f"{ADDRESS}/decide", json={"kind": "close"}, headers=people[0])
    assert (early.status_code, early.headers["retry-after"]) == (409, "1")
    assert (await client.get("/v1/handoffs", headers=people[0])).json()["items"] == []


async def test_tenants_never_see_each_other(
    client: httpx2.AsyncClient, ticket: str, settings: Settings
) -> None:
    """Another tenant's handoff is a 404 for every verb and absent from the list."""
    other = await desks.new_key(settings, "Eve", ["admin"], tenant="bolt")
    assert (await client.get("/v1/handoffs", headers=other)).json()["items"] == []
    assert (await client.get(ADDRESS, headers=other)).status_code == 404
    for path, body in (("claim", None), ("release", None), ("decide", {"kind": "close"})):
        response = await client.post(f"{ADDRESS}/{path}", json=body, headers=other)
        assert response.status_code == 404


async def test_the_queue_is_ordered_and_paged(
    client: httpx2.AsyncClient, people: list[Header], settings: Settings
) -> None:
    """Urgent before normal, first due before later, and each once over the pages."""
    key = await desks.new_key(settings, "shop", ["intake"])
    moment = datetime.now(UTC)
    for number, (priority, hours) in enumerate([(2, 1), (0, 9), (2, 0), (1, 5)]):
        posted = (await client.post("/v1/tickets", json={"text": "a"}, headers=key)).json()
        due = moment + timedelta(hours=hours)
        await desks.hand_off(settings, posted["id"], f"hnd_{number}", priority=priority, due_at=due)
    seen: list[str] = []
    address: str | None = "/v1/handoffs?limit=3"
    while address is not None:
        page = (await client.get(address, headers=people[0])).json()
        seen += [item["id"] for item in page["items"]]
        address = page["next"]
    assert seen == ["hnd_1", "hnd_3", "hnd_2", "hnd_0"]


async def test_lists_call_a_ticket_by_its_first_words(
    client: httpx2.AsyncClient, people: list[Header], ticket: str
) -> None:
    """A message of the website has no subject: people would see a queue of nothing."""
    seen = [
        (await client.get("/v1/handoffs", headers=people[0])).json()["items"][0],
        (await client.get(ADDRESS, headers=people[0])).json(),
        (await client.get(f"/v1/tickets/{ticket}", headers=people[0])).json(),
    ]
    assert [(one["subject"], one["title"]) for one in seen] == [("", "my money back")] * 3
