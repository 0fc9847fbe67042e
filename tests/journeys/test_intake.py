"""A customer's system hands tickets in over HTTP: once, whatever is repeated or goes wrong."""

import asyncio
from pathlib import Path
from typing import Any

import httpx2

from api.http.tickets.routes import digest
from api.http.tickets.schemas import MessageIn
from api.settings import Settings
from memory.journal import journal
from memory.people import keys
from memory.storage.database import Database
from memory.storage.queue import workflow_id
from memory.tickets import messages, tickets
from tests import desks

BODY = {
    "subject": "Order FH-100001",
    "text": "Where is my order?\nIt is late.",
    "customer": {"email": "ann@example.com", "name": "Ann"},
    "headers": {"Precedence": "list"},
}


async def engine_jobs(settings: Settings) -> list[str]:
    """Ids of the runs that the engine has."""
    async with Database(settings.ledger_url) as ledger, ledger.engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT workflow_uuid FROM workflow_status")
        return sorted(row[0] for row in found)


async def test_a_ticket_is_stored_with_its_run(settings: Settings) -> None:
    """202 means that ticket, message, journal row and queue entry are all on disk."""
    key = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client:
        response = await client.post("/v1/tickets", json=BODY, headers=key)
        assert response.status_code == 202
        accepted = response.json()
        assert response.headers["location"] == accepted["status_url"]
        read = (await client.get(accepted["status_url"], headers=key)).json()
    assert (read["status"], read["outcome"], read["reply"], read["turn"]) == (
        "queued",
        None,
        None,
        1,
    )
    assert [(m["seq"], m["role"], m["text"]) for m in read["messages"]] == [
        (1, "customer", BODY["text"])
    ]
    assert await engine_jobs(settings) == [workflow_id(accepted["id"], 1)]
    async with Database(settings.ledger_url) as database, database.reading() as session:
        ticket = await tickets.get(session, desks.TENANT, accepted["id"])
        rows = await journal.of_ticket(session, ticket.id)
    assert (ticket.customer_email, ticket.customer_name) == ("ann@example.com", "Ann")
    assert ticket.headers == {"Precedence": "list"}
    assert [(row.seq, row.kind, row.name) for row in rows] == [(1, "ticket", "accept")]


async def test_a_repeated_post_is_the_same_ticket(settings: Settings) -> None:
    """Same key and body: the same answer, marked; same key and another body: 409."""
    key = await desks.new_key(settings, "shop", ["intake"]) | {"Idempotency-Key": "order-1"}
    async with desks.serving(settings) as client:
        first = await client.post("/v1/tickets", json=BODY, headers=key)
        reordered = dict(reversed(list(BODY.items())))
        again = await client.post("/v1/tickets", json=reordered, headers=key)
        other = await client.post("/v1/tickets", json=BODY | {"text": "no"}, headers=key)
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert other.status_code == 409
    assert first.json()["id"] in other.json()["detail"]
    assert len(await engine_jobs(settings)) == 1


async def test_twenty_parallel_posts_with_one_key_make_one_ticket(settings: Settings) -> None:
    """All of them are answered 202 with one id, and the engine has one run."""
    key = await desks.new_key(settings, "shop", ["intake"]) | {"Idempotency-Key": "race"}
    async with desks.serving(settings) as client:
        posts = [client.post("/v1/tickets", json=BODY, headers=key) for _ in range(20)]
        answers = await asyncio.gather(*posts)
        listed = (await client.get("/v1/tickets", headers=key)).json()
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 19
    assert len(listed["items"]) == len(await engine_jobs(settings)) == 1


async def test_one_key_of_two_tenants_makes_two_tickets(settings: Settings) -> None:
    """Idempotency keys of tenants do not meet, and neither do the tenants."""
    keys = [await desks.new_key(settings, "s", ["admin"], tenant) for tenant in ("acme", "bolt")]
    async with desks.serving(settings) as client:
        posted = [
            await client.post("/v1/tickets", json=BODY, headers=key | {"Idempotency-Key": "1"})
            for key in keys
        ]
        mine, theirs = (answer.json() for answer in posted)
        assert mine["id"] != theirs["id"]
        for path in ("", "/events", "/journal"):
            response = await client.get(f"/v1/tickets/{theirs['id']}{path}", headers=keys[0])
            assert response.status_code == 404
        message = await client.post(
            f"/v1/tickets/{theirs['id']}/messages", json={"text": "x"}, headers=keys[0]
        )
        assert message.status_code == 404
        listed = (await client.get("/v1/tickets", headers=keys[0])).json()
    assert [item["id"] for item in listed["items"]] == [mine["id"]]


async def test_a_revoked_key_is_refused_at_once(settings: Settings) -> None:
    """Revoking a key ends it between two requests."""
    key = await desks.new_key(settings, "shop", ["intake"])
    identity = key["Authorization"].split("_")[1]
    async with desks.serving(settings) as client:
        assert (await client.get("/v1/tickets", headers=key)).status_code == 200
        async with Database(settings.ledger_url) as ledger, ledger.transaction() as session:
            await keys.revoke(session, desks.TENANT, identity)
        assert (await client.get("/v1/tickets", headers=key)).status_code == 401


async def test_a_full_queue_pushes_back(tmp_path: Path, template: Path) -> None:
    """Over the depth: 429 with Retry-After and nothing stored; a repeated post is still answered."""
    settings = desks.settings_in(tmp_path / "home", template, queue_depth=2)
    key = await desks.new_key(settings, "shop", ["intake"])
    other = await desks.new_key(settings, "other", ["intake"], tenant="bolt")
    async with desks.serving(settings) as client:
        known = key | {"Idempotency-Key": "known"}
        first = await client.post("/v1/tickets", json=BODY, headers=known)
        await client.post("/v1/tickets", json=BODY, headers=key)
        for headers in (key, key | {"Idempotency-Key": "new"}):
            refused = await client.post("/v1/tickets", json=BODY, headers=headers)
            assert refused.status_code == 429
            assert 1 <= int(refused.headers["retry-after"]) <= 60
            assert refused.json()["retry_after"] == int(refused.headers["retry-after"])
        again = await client.post("/v1/tickets", json=BODY, headers=known)
        assert (again.status_code, again.json()) == (202, first.json())
        assert (await client.post("/v1/tickets", json=BODY, headers=other)).status_code == 202
        listed = (await client.get("/v1/tickets", headers=key)).json()
    assert len(listed["items"]) == 2


async def test_messages_join_the_conversation(settings: Settings) -> None:
    """A message on a queued ticket waits for its run; on a settled one it starts the next turn."""
    key = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client:
        ticket = (await client.post("/v1/tickets", json=BODY, headers=key)).json()
        address = f"{ticket['status_url']}/messages"
        once = key | {"Idempotency-Key": "m1"}
        for _ in range(2):
            answer = await client.post(address, json={"text": "and my invoice?"}, headers=once)
            assert (answer.status_code, answer.json()["seq"]) == (202, 2)
        assert answer.headers["idempotency-replayed"] == "true"
        reused = await client.post(address, json={"text": "else"}, headers=once)
        assert reused.status_code == 409
        blank = await client.post(address, json={"text": "  "}, headers=key)
        assert blank.json()["detail"] == "body: text is blank: send what the customer wrote"
        assert len(await engine_jobs(settings)) == 1
        await settle(settings, ticket["id"])
        await client.post(address, json={"text": "thanks, one more"}, headers=key)
        read = (await client.get(ticket["status_url"], headers=key)).json()
    assert (read["status"], read["turn"], read["outcome"]) == ("queued", 2, None)
    assert [message["seq"] for message in read["messages"]] == [1, 2, 3, 4]
    # The former turn's answer stands in the conversation; this turn has none yet.
    assert (read["reply"], read["citations"]) == (None, [])
    assert len(await engine_jobs(settings)) == 2


async def test_a_message_is_not_told_by_its_digest(settings: Settings) -> None:
    """It is keyed: a plain one would let whoever reads the table try all codes of 8 digits."""
    key = await desks.new_key(settings, "shop", ["intake"]) | {"Idempotency-Key": "m1"}
    body = MessageIn(text="12345678")
    async with desks.serving(settings) as client:
        ticket = (await client.post("/v1/tickets", json=BODY, headers=key)).json()
        address = f"{ticket['status_url']}/messages"
        posts = [await client.post(address, json=body.model_dump(), headers=key) for _ in range(2)]
    assert [post.status_code for post in posts] == [202, 202]
    assert posts[1].headers["idempotency-replayed"] == "true"
    async with Database(settings.ledger_url) as database, database.reading() as session:
        stored = (await tickets.messages(session, ticket["id"]))[-1]
    assert stored.body_digest not in {None, digest(body)}


async def settle(settings: Settings, ticket_id: str) -> None:
    """End the turn with a reply, as the engine would."""
    async with Database(settings.ledger_url) as database, database.transaction() as session:
        ticket = await tickets.get(session, None, ticket_id)
        await messages.append(
            session,
            ticket,
            role="agent",
            kind="reply",
            text="Here.",
            citations=[{"source": "a", "title": "A"}],
        )
        ticket.status, ticket.outcome = "settled", "delivered"
        session.add(ticket)


async def test_tickets_are_listed_by_pages(settings: Settings) -> None:
    """Newest first; following `next` shows each ticket once and ends."""
    key = await desks.new_key(settings, "shop", ["intake"])
    async with desks.serving(settings) as client:
        for number in range(5):
            await client.post("/v1/tickets", json={"text": str(number)}, headers=key)
        seen: list[str] = []
        address: str | None = "/v1/tickets?limit=2&status=queued"
        while address is not None:
            page: dict[str, Any] = (await client.get(address, headers=key)).json()
            seen += [item["id"] for item in page["items"]]
            address = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_bad_bodies_over_a_real_socket(settings: Settings) -> None:
    """10 MB, a lie about the length and broken bytes are answered, and the process lives on."""
    key = desks.run(desks.new_key(settings, "shop", ["intake"]))
    json_type = key | {"Content-Type": "application/json"}

    def chunks() -> Any:
        for _ in range(100):
            yield b"x" * 100_000

    with desks.listening(settings) as url, httpx2.Client(base_url=url, timeout=20) as client:
        sent: list[Any] = [b"x" * 10_000_000, chunks(), b'{"text":"\xff"}', b""]
        got = [client.post("/v1/tickets", content=one, headers=json_type) for one in sent]
        assert [answer.status_code for answer in got] == [413, 413, 400, 422]
        types = {answer.headers["content-type"] for answer in got}
        assert types == {"application/problem+json"}
        assert client.post("/v1/tickets", json=BODY, headers=key).status_code == 202
