"""A person opens a ticket for a customer, and reads all that was ever said with them."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from memory.channels import outgoing
from memory.channels.door import OutgoingLedger
from memory.tables import ChannelOutgoing, ChannelThread, OutgoingStatus
from tests import desks
from tests.bench import Bench, opened

BODY = {
    "email": "Cy@Example.com",
    "name": "Cy",
    "subject": "Called about a refund",
    "text": "How long does a refund take?",
}
OPEN = "/v1/tickets/by-hand"


@pytest.fixture
async def bench(tmp_path: Path, template: Path) -> AsyncIterator[Bench]:
    """A worker in this process."""
    async with opened(tmp_path / "bench", template) as found:
        yield found


@pytest.fixture
async def ann(bench: Bench) -> AsyncIterator[httpx2.AsyncClient]:
    """Ann of the support team."""
    key = await desks.new_key(bench.wiring.settings, "Ann", ["agent"])
    async with desks.serving(bench.wiring.settings) as client:
        client.headers.update(key)
        yield client


async def test_it_is_accepted_once_and_says_who_opened_it(
    ann: httpx2.AsyncClient, bench: Bench
) -> None:
    """The same form sent twice opens one ticket; nobody has vouched for the address."""
    keyed = {"Idempotency-Key": "form-1"}
    first = await ann.post(OPEN, json=BODY, headers=keyed)
    again = await ann.post(OPEN, json=BODY, headers=keyed)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    ticket = first.json()["id"]
    story = (await ann.get(f"/v1/tickets/{ticket}/journal")).json()["story"]
    assert "Ann opened the ticket for the customer" in story[0]
    async with bench.wiring.database.reading() as session:
        thread = await session.get(ChannelThread, ticket)
    assert thread is not None
    assert thread.channel == outgoing.BY_HAND


async def test_without_a_mailbox_nothing_can_be_answered_by_mail(ann: httpx2.AsyncClient) -> None:
    """The form says so before anything is stored; a blank one is refused as well."""
    refused = await ann.post(OPEN, json={**BODY, "reply": "mail"})
    assert refused.status_code == 422
    assert "has no mailbox" in refused.json()["detail"]
    assert (await ann.post(OPEN, json={**BODY, "text": " "})).status_code == 422
    assert (await ann.get("/v1/tickets")).json()["items"] == []


async def test_its_answers_leave_by_no_way(ann: httpx2.AsyncClient, bench: Bench) -> None:
    """What is said on it is kept as sent, and no channel finds anything to send."""
    ticket = (await ann.post(OPEN, json=BODY)).json()["id"]
    rows = OutgoingLedger(bench.wiring.database, desks.TENANT)
    message = {"ticket_id": ticket, "turn": 1, "kind": "reply", "text": "Five days."}
    assert await rows.want(message, "k1", lambda: "<1@desk>") == outgoing.BY_HAND
    assert await rows.want({**message, "kind": "code"}, "k2", lambda: "<2@desk>") is None
    assert await rows.want({**message, "ticket_id": "by-api"}, "k3", pytest.fail) is None
    async with bench.wiring.database.reading() as session:
        found = await outgoing.by_key(session, "k1")
    assert isinstance(found, ChannelOutgoing)
    assert found.status == OutgoingStatus.SENT


async def test_a_customers_page_has_all_their_tickets(
    ann: httpx2.AsyncClient, bench: Bench
) -> None:
    """However the address was written, newest first, in pages; a stranger's are not among them."""
    shop = await desks.new_key(bench.wiring.settings, "shop", ["intake"])
    wrote = {"text": "Hello", "customer": {"email": "cy@example.com"}}
    ids = [(await ann.post("/v1/tickets", json=wrote, headers=shop)).json()["id"]]
    ids.append((await ann.post(OPEN, json=BODY)).json()["id"])
    other = {"text": "Hello", "customer": {"email": "eve@example.com"}}
    unknown = {"text": "Who am I?"}
    for body in (other, unknown):
        await ann.post("/v1/tickets", json=body, headers=shop)
    page = (await ann.get(f"/v1/tickets/{ids[0]}/customer", params={"limit": 1})).json()
    assert (page["name"], page["email"]) == ("Cy", "cy@example.com")
    assert [one["id"] for one in page["items"]] == [ids[1]]
    assert page["items"][0]["messages"][0]["text"] == BODY["text"]
    rest = (await ann.get(page["next"])).json()
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([ids[0]], None)
    nobody = (await ann.post("/v1/tickets", json=unknown, headers=shop)).json()["id"]
    alone = (await ann.get(f"/v1/tickets/{nobody}/customer")).json()
    assert [one["id"] for one in alone["items"]] == [nobody]
    assert (await ann.get(f"/v1/tickets/{ids[0]}/customer", headers=shop)).status_code == 403
